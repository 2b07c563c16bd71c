internal import Domain
internal import Feedback
internal import SyncProtocol

/// The log as one transaction sees it, for the rules. A clash that the rules do not foresee throws, and the whole
/// transaction goes.
struct LogHistory: CollectorHistory {
  let db: any Transaction
  let token: TokenRecord
  let now: String

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

  func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool {
    try db.run(
      LogHistory.insertion + " ON CONFLICT(event_id) WHERE alias_of IS NULL DO NOTHING",
      values(event, stream, note, alias: nil)) == 1
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
    // The body may have come with a later alias.
    try db.row(
      """
      SELECT lsn, leaf, CASE WHEN body IS NOT NULL OR EXISTS (SELECT 1 FROM log AS alias
        WHERE alias.alias_of = log.lsn AND alias.leaf = log.leaf AND alias.body IS NOT NULL) THEN 1 ELSE 0 END AS has_body
      FROM log WHERE event_id = ? AND alias_of IS NULL
      """, [.bytes(eventID.bytes)])
  }

  /// The number is the next one after the last that this transaction sees: whoever sees a row has seen all before it.
  private static let insertion = """
    INSERT INTO log(lsn, stream, seq, event_id, alias_of, prev, leaf, hash, body, quarantine, kind, at,
      recorded_analyst, case_id, analyst, token, received_at)
    VALUES ((SELECT coalesce(max(lsn), 0) + 1 FROM log), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private func values(_ event: OfferedEvent, _ stream: StreamID, _ note: IntakeNote, alias: Int64?) -> [SQLValue] {
    let copies = note.copies
    return [
      .bytes(stream.bytes), SQLValue(event.seq), .bytes(event.eventID.bytes), SQLValue(alias),
      .bytes(event.prev.bytes), .bytes(event.leaf.bytes), .bytes(event.hash.bytes), SQLValue(event.body),
      SQLValue(note.quarantine?.rawValue), SQLValue(copies?.kind.rawValue), SQLValue(copies?.at.description),
      SQLValue(copies?.analyst.string), SQLValue(copies?.caseID?.bytes), .text(token.analyst), .integer(token.id),
      .text(now),
    ]
  }
}
