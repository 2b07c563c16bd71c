internal import Domain
internal import Feedback
internal import SyncProtocol

/// The log as one transaction sees it, for the rules. A clash that the rules do not foresee throws, and the whole
/// transaction goes.
struct LogHistory: CollectorHistory {
  let db: any Transaction
  let token: TokenRecord
  let now: String
  private let sealed: [Int]
  /// What was taken in and asks that the words of another event go.
  private(set) var redactions: [OfferedEvent] = []
  /// What was taken in, where something was to go before it came.
  private(set) var awaited: [EventID] = []
  private let isAnyAwaited: Bool

  init(db: any Transaction, token: TokenRecord, now: String) throws {
    sealed = try RowSeal.places(in: LogHistory.columns)
    self.db = db
    self.token = token
    self.now = now
    isAnyAwaited = try Redaction.isAwaited(from: token.analyst, db)
  }

  func head(of stream: StreamID) throws -> Position { try LogHistory.head(of: stream, db) }

  static func head(of stream: StreamID, _ db: any Transaction) throws -> Position {
    let row = try db.row(
      "SELECT seq, hash FROM log WHERE stream = ? ORDER BY seq DESC LIMIT 1", [.bytes(stream.bytes)])
    guard let row else { return .empty }
    guard let hash = try row.hash("hash") else { throw CollectorError.damagedRow(0) }
    return Position(seq: try row.integer("seq"), hash: hash)
  }

  func hash(at seq: Int, of stream: StreamID) throws -> Hash? {
    try db.row("SELECT hash FROM log WHERE stream = ? AND seq = ?", [.bytes(stream.bytes), SQLValue(seq)])?.hash("hash")
  }

  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool {
    let isNew =
      try db.run(
        LogHistory.insertion + " ON CONFLICT(event_id) WHERE alias_of IS NULL DO NOTHING",
        values(event, stream, note, alias: nil)) == 1
    if isNew, isAnyAwaited { awaited.append(event.eventID) }
    if isNew, note.copies?.kind == .redact, note.quarantine == nil { redactions.append(event) }
    return isNew
  }

  func original(of eventID: EventID) throws -> (leaf: Hash, hasBody: Bool)? {
    guard let row = try originalRow(of: eventID) else { return nil }
    guard let leaf = try row.hash("leaf") else { throw CollectorError.damagedRow(try row.integer64("lsn")) }
    return (leaf, try row.integer("has_body") == 1)
  }

  func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws {
    guard let original = try originalRow(of: event.eventID)?.integer64("lsn") else {
      throw CollectorError.damagedRow(0)
    }
    try db.run(LogHistory.insertion, values(event, stream, note, alias: original))
  }

  private func originalRow(of eventID: EventID) throws -> StoredRow? {
    // The body may have come with a later alias. One that was redacted counts as held: it must not come back.
    try db.row(
      """
      SELECT lsn, leaf, CASE WHEN body IS NOT NULL OR quarantine = 'redacted' OR EXISTS (SELECT 1 FROM log AS alias
        WHERE alias.alias_of = log.lsn AND alias.leaf = log.leaf AND alias.body IS NOT NULL) THEN 1 ELSE 0 END AS has_body
      FROM log WHERE event_id = ? AND alias_of IS NULL
      """, [.bytes(eventID.bytes)])
  }

  /// The number is the next one after the last that this transaction sees: whoever sees a row has seen all before it.
  private static let insertion = """
    INSERT INTO log(lsn, stream, seq, event_id, alias_of, prev, leaf, hash, body, quarantine, kind, at,
      recorded_analyst, case_id, analyst, token, received_at, seal)
    VALUES ((SELECT coalesce(max(lsn), 0) + 1 FROM log), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static let columns = [
    "stream", "seq", "event_id", "alias_of", "prev", "leaf", "hash", "body", "quarantine", "kind", "at",
    "recorded_analyst", "case_id", "analyst", "token", "received_at",
  ]

  private func values(_ event: OfferedEvent, _ stream: StreamID, _ note: IntakeNote, alias: Int64?) -> [SQLValue] {
    let copies = note.copies
    let values: [SQLValue] = [
      .bytes(stream.bytes), SQLValue(event.seq), .bytes(event.eventID.bytes), SQLValue(alias),
      .bytes(event.prev.bytes), .bytes(event.leaf.bytes), .bytes(event.hash.bytes), SQLValue(event.body),
      SQLValue(note.quarantine?.rawValue), copies.map { .kept($0.kind.rawValue) } ?? .null,
      SQLValue(copies?.at.description),
      copies.map { .kept($0.analyst.string) } ?? .null, SQLValue(copies?.caseID?.bytes), .text(token.analyst),
      .integer(token.id),
      .text(now),
    ]
    return values + [SQLValue(RowSeal.of(values, at: sealed).bytes)]
  }
}
