public import Domain
public import Feedback
internal import GRDB

extension EventDraft {
  /// The body with a fresh identity of its time.
  init(_ body: EventBody, using generator: inout SystemRandomNumberGenerator) {
    self.init(eventID: EventID(at: body.stamp.at, using: &generator), body: body)
  }
}

/// What was saved with one key.
public struct SavedEvents: Hashable, Sendable {
  /// All events of the transaction, in order.
  public var events: [Event]
  /// The number of the first that says something: what `saved #seq` names; 0 where nothing was new.
  public var seq: Int

  init(_ events: [Event]) {
    self.events = events
    seq = events.first { $0.kind != .seen }?.seq ?? events.first?.seq ?? 0
  }
}

extension Ledger {
  /// Appends bodies to a stream in one transaction, under fresh identities; they are on the disk when this returns.
  /// The stream's analyst stands in every body.
  @discardableResult
  public func append(_ bodies: [EventBody], to stream: StreamID) throws(LedgerError) -> [Event] {
    var generator = SystemRandomNumberGenerator()
    return try append(bodies.map { EventDraft($0, using: &generator) }, to: stream)
  }

  /// As above, under given identities, so that one event of the batch can refer to an earlier one.
  @discardableResult
  public func append(_ drafts: [EventDraft], to stream: StreamID) throws(LedgerError) -> [Event] {
    try write { db in try Ledger.insert(db, drafts, into: stream) }
  }

  /// Saves what was seen of a case and what is said of it, in one transaction, and drops the case's draft where that is what
  /// is saved. What is said again amends what was said before; the same view is not kept twice. Refuses a case that was
  /// altered in the file.
  ///
  /// `shown` is the case as the analyst saw it: where another answer or record has come into its place meanwhile, it
  /// stands again, for it is what was judged. Where the analyst has judged that other one, in another session, nothing is
  /// saved.
  public func save(
    _ submission: Submission, of shown: Case? = nil, to stream: StreamID, stamp: Stamp
  ) throws(LedgerError) -> SavedEvents {
    try write { db in
      try Ledger.refuseAltered(db, submission.caseID)
      let analyst = try Ledger.stream(db, stream).analyst
      let own = try Ledger.standing(db, of: submission.caseID).filter { $0.analyst == analyst }
      if let shown { try Ledger.restore(db, shown, isJudged: !own.isEmpty) }
      let view = try submission.seen.flatMap { try Ledger.view(db, of: submission.caseID, like: $0, in: stream) }
      var generator = SystemRandomNumberGenerator()
      let drafts = try submission.drafts(stamp: stamp, own: own, view: view) { mark in
        try Fold.beneath(
          mark, among: Ledger.statements(db, about: mark.caseID), remains: Ledger.remains(db, about: mark.caseID))
      } nextID: {
        EventID(at: stamp.at, using: &generator)
      }
      let events = try Ledger.insert(db, drafts, into: stream)
      for bytes in events.isEmpty ? [] : submission.attachments { try Ledger.attach(db, bytes, to: stream) }
      if submission.isOfDraft {
        try db.cachedStatement(sql: "DELETE FROM draft WHERE case_id = ?").execute(arguments: [
          submission.caseID.bytes.blob
        ])
      }
      return SavedEvents(events)
    }
  }

  /// What the undo key would take back, and the redo key bring again; both also after a restart.
  public func undoHistory(of stream: StreamID) throws(LedgerError) -> UndoHistory {
    try read { db in try Ledger.undoHistory(db, of: stream) }
  }

  /// Takes back the newest step of a stream.
  @discardableResult
  public func undo(
    in stream: StreamID, stamp: Stamp
  ) throws(LedgerError) -> (step: UndoHistory.Step, events: [Event]) {
    try write { db in
      guard let step = try Ledger.undoHistory(db, of: stream).nextUndo else { throw LedgerError.nothingToUndo }
      var generator = SystemRandomNumberGenerator()
      let ids = (0..<step.undoCount).map { _ in EventID(at: stamp.at, using: &generator) }
      return (step, try Ledger.insert(db, step.undo(stamp: stamp, eventIDs: ids), into: stream))
    }
  }

  /// Brings back the step that was taken back last.
  @discardableResult
  public func redo(
    in stream: StreamID, stamp: Stamp
  ) throws(LedgerError) -> (step: UndoHistory.Step, events: [Event]) {
    try write { db in
      guard let step = try Ledger.undoHistory(db, of: stream).nextRedo else { throw LedgerError.nothingToRedo }
      var generator = SystemRandomNumberGenerator()
      let ids = (0..<step.redoCount).map { _ in EventID(at: stamp.at, using: &generator) }
      return (step, try Ledger.insert(db, step.redo(stamp: stamp, eventIDs: ids), into: stream))
    }
  }

  /// Seals drafts behind the stream's head and writes them with everything that follows from them.
  @discardableResult
  static func insert(_ db: Database, _ drafts: [EventDraft], into id: StreamID) throws -> [Event] {
    let stream = try stream(db, id)
    if stream.endedAt != nil { throw LedgerError.ended(id) }
    let batch = Set(drafts.map(\.eventID))
    var drafts = drafts
    for draft in drafts.indices {
      drafts[draft].body.stamp.analyst = stream.analyst
      for index in drafts[draft].body.references.indices where drafts[draft].body.references[index].hash == nil {
        let target = drafts[draft].body.references[index].eventID
        guard !batch.contains(target) else { continue }
        drafts[draft].body.references[index].hash = try hash(db, of: target)
      }
    }
    let events = try Chain.seal(drafts, stream: id, after: try head(db, of: id))
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO event(stream, seq, event_id, prev, leaf, hash, body, kind, at, analyst, case_id)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    var cases: Set<ShortHash> = []
    for (event, draft) in zip(events, drafts) {
      try statement.execute(arguments: event.columns)
      let words = SearchText.of(draft.body)
      if !words.isEmpty {
        try db.cachedStatement(sql: "INSERT INTO fts(rowid, text) VALUES (?, ?)").execute(arguments: [
          db.lastInsertedRowID, words,
        ])
      }
      if event.kind.isStatement || event.kind == .retract, let caseID = event.caseID { cases.insert(caseID) }
    }
    for caseID in cases { try project(db, caseID) }
    return events
  }

  private static func hash(_ db: Database, of id: EventID) throws -> Hash {
    for table in ["event", "foreign_event"] {
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT hash FROM \(table) WHERE event_id = ?"), arguments: [id.bytes.blob])
      if let row { return try row.hash("hash") }
    }
    throw LedgerError.unknownEvent(id)
  }

  /// The newest view of a case, if it is this one.
  private static func view(
    _ db: Database, of caseID: ShortHash, like seen: Seen, in stream: StreamID
  ) throws -> EventReference? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT * FROM event INDEXED BY event_case WHERE case_id = ? AND kind = 'seen' AND stream = ?
          ORDER BY id DESC LIMIT 1
          """), arguments: [caseID.bytes.blob, stream.bytes.blob])
    guard let event = try row?.event(), let body = try? event.decoded(), body.payload == .seen(seen) else { return nil }
    return EventReference(.seen, event)
  }

  /// Steps that are older than so many events are not offered again.
  private static let undoDepth = 600

  private static func undoHistory(_ db: Database, of stream: StreamID) throws -> UndoHistory {
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM event WHERE stream = ? ORDER BY seq DESC LIMIT ?"),
      arguments: [stream.bytes.blob, undoDepth])
    return try UndoHistory(rows.reversed().map { try $0.event() }) { try Ledger.event(db, $0) }
      .withoutSuperseded { part in
        guard let caseID = part.caseID else { return true }
        return try standing(db, of: caseID).contains { $0.eventIDs.contains(part.eventID) }
      }
  }
}

extension Event {
  /// The columns of `event`, without its row number.
  var columns: StatementArguments {
    [
      stream.bytes.blob, seq, eventID.bytes.blob, prev.bytes.blob, leaf.bytes.blob, hash.bytes.blob, body?.blob,
      kind.rawValue, at.column, analyst.string, caseID?.bytes.blob,
    ]
  }
}
