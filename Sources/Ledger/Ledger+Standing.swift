public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// The statements in force on a case: the analyst's own and those of colleagues that came.
  public func standing(of caseID: ShortHash) throws(LedgerError) -> [Standing] {
    try read { db in try Ledger.standing(db, of: caseID) }
  }

  /// Works out anew what is in force, from the events alone.
  public func rebuildProjection() throws(LedgerError) {
    try write { db in try Ledger.rebuildProjection(db) }
  }

  static func rebuildProjection(_ db: Database) throws {
    try db.execute(sql: "DELETE FROM judgement_now")
    for id in try Row.fetchAll(db, sql: casesOfEvents).map({ try $0.shortHash("case_id") }) { try project(db, id) }
  }

  private static let casesOfEvents = """
    SELECT case_id FROM event WHERE case_id IS NOT NULL
    UNION SELECT case_id FROM foreign_event WHERE case_id IS NOT NULL
    """

  /// The first case of which something else stands than its events say.
  static func standingFault(_ db: Database) throws -> String? {
    let cases = try Row.fetchCursor(db, sql: casesOfEvents + " UNION SELECT case_id FROM judgement_now")
    while let row = try cases.next() {
      let id = try row.shortHash("case_id")
      let expected = try Fold.standing(statements(db, about: id), remains: remains(db, about: id)).map {
        try $0.columns(isOwn: nil)
      }
      let kept = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT \(Standing.columnNames) FROM judgement_now WHERE case_id = ?"),
        arguments: [id.bytes.blob]
      ).map { kept in
        // Whose it counts as follows from the streams that this ledger has had since.
        kept.map { name, value in name == "own" ? .null : value }
      }
      guard Set(expected) == Set(kept) else {
        return "what stands on case \(id.short) is not what its events say: mds ledger verify --rebuild"
      }
    }
    return nil
  }

  /// What was said of a case, taken back and removed, by the analyst and by colleagues.
  static func statements(_ db: Database, about caseID: ShortHash) throws -> [Event] {
    var events: [Event] = []
    for table in ["event", "foreign_event"] {
      events += try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM \(table) WHERE case_id = ?
            AND kind IN ('judgement', 'amend', 'retract', 'mark', 'note', 'flag', 'adjudicate', 'redact')
            ORDER BY id
            """), arguments: [caseID.bytes.blob]
      ).map { try $0.event() }
    }
    return events
  }

  /// What a collector told of statements that were redacted there.
  static func remains(_ db: Database, about caseID: ShortHash) throws -> [EventID: Remains] {
    var found: [EventID: Remains] = [:]
    let rows = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT event_id, value FROM remains WHERE case_id = ?"), arguments: [caseID.bytes.blob])
    for row in rows { found[try row.eventID("event_id")] = try Remains(bytes: row.bytes("value")) }
    return found
  }

  /// Brings up the cases on which somebody's change of mind was redacted.
  static func projectRedacted(_ db: Database) throws {
    let ids = try Row.fetchAll(
      db,
      sql: """
        SELECT case_id FROM event WHERE body IS NULL AND kind IN ('amend', 'retract') AND case_id IS NOT NULL
        UNION SELECT case_id FROM foreign_event
          WHERE body IS NULL AND kind IN ('amend', 'retract') AND case_id IS NOT NULL
        """)
    for row in ids { try project(db, row.shortHash("case_id")) }
  }

  /// Brings up the cases that somebody marked.
  static func projectMarked(_ db: Database) throws {
    let ids = try Row.fetchAll(
      db,
      sql: """
        SELECT case_id FROM event WHERE kind = 'mark' AND case_id IS NOT NULL
        UNION SELECT case_id FROM foreign_event WHERE kind = 'mark' AND case_id IS NOT NULL
        """)
    for row in ids { try project(db, row.shortHash("case_id")) }
  }

  /// Brings up the cases of which somebody said several things on several devices.
  static func projectAlternatives(_ db: Database) throws {
    let ids = try Row.fetchAll(db, sql: "SELECT DISTINCT case_id FROM judgement_now WHERE length(alternatives) > 0")
    for row in ids { try project(db, row.shortHash("case_id")) }
  }

  /// Brings the projection of one case up to its events.
  static func project(_ db: Database, _ caseID: ShortHash) throws {
    let events = try statements(db, about: caseID)
    let remains = try remains(db, about: caseID)
    try db.cachedStatement(sql: "DELETE FROM judgement_now WHERE case_id = ?").execute(arguments: [caseID.bytes.blob])
    let statement = try db.cachedStatement(
      sql: """
        INSERT INTO judgement_now(\(Standing.columnNames)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    let ownAnalyst = try db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM stream WHERE analyst = ?)")
    for standing in Fold.standing(events, remains: remains) {
      let isOwn = try Bool.fetchOne(ownAnalyst, arguments: [standing.analyst.string]) ?? false
      try statement.execute(arguments: StatementArguments(standing.columns(isOwn: isOwn)))
    }
  }

  static func standing(_ db: Database, of caseID: ShortHash) throws -> [Standing] {
    do {
      return try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM judgement_now WHERE case_id = ? ORDER BY analyst, subject"),
        arguments: [caseID.bytes.blob]
      ).map { try Standing($0) }
    } catch LedgerError.damagedStanding {
      // What is said next on the case writes it anew.
      return try Fold.standing(statements(db, about: caseID), remains: remains(db, about: caseID))
    }
  }
}

extension Standing {
  init(_ row: Row) throws {
    let statement = try row.statement()
    let subject: Subject
    if let known = statement.subject {
      subject = known
    } else {
      guard let id = EventID(hex: String(row.raw("subject").string.dropFirst("note ".count))) else {
        throw LedgerError.damaged("a note has no thread")
      }
      subject = .note(id)
    }
    self.init(
      caseID: try row.shortHash("case_id"), analyst: RawText(row.string("analyst")), subject: subject,
      statement: statement, eventID: try row.eventID("event_id"), hash: try row.hash("hash"),
      stream: try row.streamID("stream"), seq: row.int("seq"), at: row.time("at"),
      seen: row.optionalBytes("seen").flatMap { EventID(bytes: $0) },
      alternatives: Standing.ids(row.bytes("alternatives")), alike: Standing.ids(row.bytes("alike")))
  }

  private static func ids(_ bytes: [UInt8]) -> [EventID] {
    stride(from: 0, to: bytes.count, by: 16).compactMap { EventID(bytes: bytes[$0..<min($0 + 16, bytes.count)]) }
  }

  /// The columns of `judgement_now`.
  static let columnNames = """
    case_id, analyst, subject, kind, stage, verdict, at, event_id, hash, stream, seq, seen, own, statement, alternatives,
    alike
    """

  /// What stands in them.
  func columns(isOwn: Bool?) throws -> [DatabaseValue] {
    let values: [(any DatabaseValueConvertible)?] = [
      caseID.bytes.blob, analyst.string, subject.key.blob, statement.kind.rawValue, judgement?.stage.rawValue,
      judgement?.judgement.verdict?.rawValue, at.microseconds, eventID.bytes.blob, hash.bytes.blob, stream.bytes.blob,
      seq, seen?.bytes.blob, isOwn.map { $0 ? 1 : 0 }, try Amendment(statement).canonicalBytes().blob,
      alternatives.flatMap(\.bytes).blob, alike.flatMap(\.bytes).blob,
    ]
    return values.map { $0?.databaseValue ?? .null }
  }

  /// The judgement as screens show it; nil for what is none.
  func given(own: Bool) -> GivenJudgement? {
    guard let body = judgement else { return nil }
    return GivenJudgement(
      analyst: analyst, at: at, judgement: body.judgement, stage: body.stage, assistance: body.assistance,
      sequence: own ? seq : nil)
  }
}
