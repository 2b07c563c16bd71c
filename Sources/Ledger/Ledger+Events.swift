public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// The event with this identity, one's own or a colleague's; nil where there is none.
  public func event(_ id: EventID) throws(LedgerError) -> Event? {
    try read { db in try Ledger.event(db, id) }
  }

  static func event(_ db: Database, _ id: EventID) throws -> Event? {
    for table in ["event", "foreign_event"] {
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM \(table) WHERE event_id = ?"), arguments: [id.bytes.blob])
      if let row { return try row.event() }
    }
    return nil
  }

  /// The event at a place of a stream.
  public func event(of stream: StreamID, seq: Int) throws(LedgerError) -> Event? {
    try read { db in
      try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM event WHERE stream = ? AND seq = ?"),
        arguments: [stream.bytes.blob, seq]
      ).map { try $0.event() }
    }
  }

  /// One's own events of a kind on a case, the newest first.
  public func events(about caseID: ShortHash, kind: EventKind, limit: Int = 100) throws(LedgerError) -> [Event] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT * FROM event INDEXED BY event_case WHERE case_id = ? AND kind = ? ORDER BY id DESC LIMIT ?"),
        arguments: [caseID.bytes.blob, kind.rawValue, limit]
      ).map { try $0.event() }
    }
  }

  /// The newest events of all streams, the newest first.
  public func newestEvents(limit: Int = 50) throws(LedgerError) -> [Event] {
    try read { db in
      try Row.fetchAll(db.cachedStatement(sql: "SELECT * FROM event ORDER BY id DESC LIMIT ?"), arguments: [limit])
        .map { try $0.event() }
    }
  }

  /// The newest events whose words hold all of these.
  public func searchEvents(_ text: String, limit: Int = 50) throws(LedgerError) -> [Event] {
    guard let query = SearchText.query(text.split(whereSeparator: \.isWhitespace).map(String.init)) else { return [] }
    return try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM event WHERE id IN (SELECT rowid FROM fts WHERE fts MATCH ? ORDER BY rowid DESC LIMIT ?)
            ORDER BY id DESC
            """), arguments: [query, limit]
      ).map { try $0.event() }
    }
  }

  /// Hands over every event, one's own in the order they were saved and then colleagues', in one consistent view,
  /// until `body` returns false. Memory does not grow with the ledger. `body` may look other events up, but must not
  /// call the ledger.
  public func forEachEvent(
    context: RawText? = nil, withColleagues: Bool = false,
    _ body: (Event, _ lookUp: (EventID) throws -> Event?) throws -> Bool
  ) throws(LedgerError) {
    try read { db in
      let lookUp = { (id: EventID) in try Ledger.event(db, id) }
      let own = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT e.* FROM event e JOIN stream s ON s.id = e.stream WHERE ? IS NULL OR s.context = ? ORDER BY e.id
            """), arguments: [context?.blob, context?.blob])
      while let row = try own.next() {
        guard try body(try row.event(), lookUp) else { return }
      }
      guard withColleagues else { return }
      let others = try Row.fetchCursor(
        db.cachedStatement(
          sql: "SELECT * FROM foreign_event f WHERE ?1 IS NULL OR \(Ledger.isForeign("f", in: "?1")) ORDER BY id"),
        arguments: [context?.blob])
      while let row = try others.next() {
        guard try body(try row.event(), lookUp) else { return }
      }
    }
  }

  /// The analyst's own final judgements in force since a moment, the oldest first: what pace is worked out from.
  public func ownJudgements(since moment: Timestamp) throws(LedgerError) -> [JudgedCase.Opinion] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM judgement_now WHERE own = 1 AND kind = 'judgement' AND at >= ? AND stage = 'final' ORDER BY at
            """), arguments: [moment.microseconds]
      ).compactMap { row in
        let standing = try Standing(row)
        return standing.judgement.map {
          JudgedCase.Opinion(analyst: standing.analyst, at: standing.at, body: $0)
        }
      }
    }
  }
}
