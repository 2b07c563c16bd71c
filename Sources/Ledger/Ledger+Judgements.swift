public import Domain
public import Feedback
internal import GRDB

/// Something that undo takes back or redo puts back.
public struct UndoStep: Hashable, Sendable {
  /// The event that holds the statement, and the marks that were made with it.
  public var events: [Event]
  public var caseID: ShortHash
  public var statement: Feedback.Statement
}

extension Ledger {
  /// Recomputes whose judgement of a case is in force: the newest of each analyst that nobody retracted.
  static func project(_ caseID: ShortHash, _ database: Database) throws {
    let key = Blob.data(caseID.bytes)
    try database.execute(sql: "DELETE FROM judgement_now WHERE case_id = ?", arguments: [key])
    var retracted: Set<EventID> = []
    var stated: [RawText: [(Event, JudgementBody)]] = [:]
    for event in try events(about: caseID, database) {
      guard event.body != nil else { continue }
      let body = try event.decoded()
      retracted.formUnion(body.targets(.retracts))
      switch body.payload {
      case .judgement(let judgement): stated[event.analyst, default: []].append((event, judgement))
      case .amend(let amendment):
        if case .judgement(let judgement) = amendment.statement {
          stated[event.analyst, default: []].append((event, judgement))
        }
      default: break
      }
    }
    for (analyst, statements) in stated {
      guard let (event, body) = statements.last(where: { !retracted.contains($0.0.eventID) }) else { continue }
      try database.execute(
        sql: "INSERT INTO judgement_now(case_id, analyst, seq, at, body) VALUES (?, ?, ?, ?, ?)",
        arguments: [key, analyst.string, event.seq, event.at.description, Blob.data(try body.canonicalBytes())])
    }
  }

  /// An analyst's judgement in force of a case.
  public func judgement(of caseID: ShortHash, by analyst: RawText) throws(LedgerError) -> GivenJudgement? {
    try read { database in
      try Row.fetchOne(
        database, sql: "SELECT * FROM judgement_now WHERE case_id = ? AND analyst = ?",
        arguments: [Blob.data(caseID.bytes), analyst.string]
      ).map(Self.given)
    }
  }

  /// Every judgement in force of this ledger, by case.
  public func judgements() throws(LedgerError) -> [ShortHash: GivenJudgement] {
    try read { database in
      var all: [ShortHash: GivenJudgement] = [:]
      for row in try Row.fetchAll(database, sql: "SELECT * FROM judgement_now") {
        if let id = ShortHash(bytes: Blob.bytes(row, "case_id")) { all[id] = try Self.given(row) }
      }
      return all
    }
  }

  private static func given(_ row: Row) throws -> GivenJudgement {
    let body = try JudgementBody(bytes: Blob.bytes(row, "body"))
    return GivenJudgement(
      analyst: Blob.text(row, "analyst"), at: Timestamp(row["at"] ?? "") ?? Timestamp(microseconds: 0),
      judgement: body.judgement, stage: body.stage, assistance: body.assistance, sequence: row["seq"])
  }

  // MARK: Colleagues

  /// Keeps colleagues' judgements as the collector gave them; they are never pushed.
  public func keepColleagues(_ events: [Event]) throws(LedgerError) -> Int {
    try write { database in
      var kept = 0
      for event in events {
        guard let caseID = event.caseID, event.body != nil, case .judgement(let body) = try event.decoded().payload
        else {
          continue
        }
        try database.execute(
          sql:
            "INSERT INTO colleague(event_id, case_id, analyst, at, body) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
          arguments: [
            Blob.data(event.eventID.bytes), Blob.data(caseID.bytes), event.analyst.string, event.at.description,
            Blob.data(try body.canonicalBytes()),
          ])
        kept += database.changesCount
      }
      return kept
    }
  }

  /// What colleagues said of a case, oldest first.
  public func colleagues(of caseID: ShortHash) throws(LedgerError) -> [GivenJudgement] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT *, NULL AS seq FROM colleague WHERE case_id = ? ORDER BY at",
        arguments: [Blob.data(caseID.bytes)]
      ).map(Self.given)
    }
  }

  // MARK: Drafts

  /// Keeps the newest draft of a case.
  public func keepDraft(_ body: JSON, of caseID: ShortHash, at moment: Timestamp) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO draft(case_id, at, body) VALUES (?, ?, ?)
          ON CONFLICT(case_id) DO UPDATE SET at = excluded.at, body = excluded.body
          """,
        arguments: [Blob.data(caseID.bytes), moment.microseconds, Blob.data(body.serialized)])
    }
  }

  public func draft(of caseID: ShortHash) throws(LedgerError) -> (body: JSON, at: Timestamp)? {
    try read { database in
      let row = try Row.fetchOne(
        database, sql: "SELECT at, body FROM draft WHERE case_id = ?", arguments: [Blob.data(caseID.bytes)])
      guard let row, let body = try? JSON(parsing: Blob.bytes(row, "body")) else { return nil }
      return (body, Timestamp(microseconds: row["at"] ?? 0))
    }
  }

  public func discardDraft(of caseID: ShortHash) throws(LedgerError) {
    try write { database in
      try database.execute(sql: "DELETE FROM draft WHERE case_id = ?", arguments: [Blob.data(caseID.bytes)])
    }
  }

  // MARK: Undo

  /// What undo would take back and what redo would put back, from the stream alone: it survives a restart.
  public func undoSteps(of stream: StreamID, analyst: RawText) throws(LedgerError) -> (undo: UndoStep?, redo: UndoStep?)
  {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT * FROM event WHERE stream = ? AND kind IN ('judgement', 'amend', 'retract', 'mark', 'flag')
          ORDER BY seq DESC LIMIT 400
          """, arguments: [Blob.data(stream.bytes)])
      var done: [UndoStep] = []
      var undone: [UndoStep] = []
      for row in rows.reversed() {
        let event = try Self.event(row)
        guard let caseID = event.caseID, event.body != nil else { continue }
        let body = try event.decoded()
        let wholes = body.targets(.partOf)
        if !wholes.isEmpty {
          // A mark goes with the judgement that it was made with.
          if let index = done.lastIndex(where: { $0.events.contains { wholes.contains($0.eventID) } }) {
            done[index].events.append(event)
          }
        } else if case .retract(let retraction) = body.payload {
          let targets = Set(body.targets(.retracts))
          if retraction.isUndo, let index = done.lastIndex(where: { targets.contains($0.events[0].eventID) }) {
            undone.append(done.remove(at: index))
          }
        } else if let statement = Feedback.Statement(body.payload) {
          if case .amend(let amendment) = body.payload, amendment.isRedo {
            undone.removeLast(undone.isEmpty ? 0 : 1)
          } else {
            undone = []
          }
          done.append(UndoStep(events: [event], caseID: caseID, statement: statement))
        }
      }
      return (done.last, undone.last)
    }
  }
}
