internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import SyncProtocol

/// The log as one transaction sees it, for the rules. A clash that the rules do not foresee throws, and the whole
/// transaction goes.
struct LogHistory: CollectorHistory {
  let db: Database
  let token: TokenRecord
  let now: String

  func head(of stream: StreamID) throws -> Position {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT seq, hash FROM log WHERE stream = ? ORDER BY seq DESC LIMIT 1"),
      arguments: [stream.bytes.data])
    guard let row else { return .empty }
    guard let hash = row.hash("hash") else { throw CollectorError.damagedRow(0) }
    return Position(seq: row["seq"], hash: hash)
  }

  func hash(at seq: Int, of stream: StreamID) throws -> Hash? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT hash FROM log WHERE stream = ? AND seq = ?"),
      arguments: [stream.bytes.data, seq])
    return row?.hash("hash")
  }

  func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool {
    try db.cachedStatement(
      sql: LogHistory.insertion + " ON CONFLICT(event_id) WHERE alias_of IS NULL DO NOTHING"
    ).execute(arguments: arguments(event, stream, note, alias: nil))
    return db.changesCount == 1
  }

  func original(of eventID: EventID) throws -> (leaf: Hash, hasBody: Bool)? {
    guard let row = try originalRow(of: eventID) else { return nil }
    guard let leaf = row.hash("leaf") else { throw CollectorError.damagedRow(row["lsn"]) }
    return (leaf, row["has_body"])
  }

  func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws {
    guard let original: Int64 = try originalRow(of: event.eventID)?["lsn"] else { throw CollectorError.damagedRow(0) }
    try db.cachedStatement(sql: LogHistory.insertion)
      .execute(arguments: arguments(event, stream, note, alias: original))
  }

  private func originalRow(of eventID: EventID) throws -> Row? {
    // The body may have come with a later alias.
    try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT lsn, leaf, body IS NOT NULL OR EXISTS (SELECT 1 FROM log AS alias WHERE alias.alias_of = log.lsn
            AND alias.leaf = log.leaf AND alias.body IS NOT NULL) AS has_body
          FROM log WHERE event_id = ? AND alias_of IS NULL
          """), arguments: [eventID.bytes.data])
  }

  private static let insertion = """
    INSERT INTO log(stream, seq, event_id, alias_of, prev, leaf, hash, body, quarantine, kind, at, recorded_analyst,
      case_id, analyst, token, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private func arguments(
    _ event: OfferedEvent, _ stream: StreamID, _ note: IntakeNote, alias: Int64?
  ) -> StatementArguments {
    [
      stream.bytes.data, event.seq, event.eventID.bytes.data, alias, event.prev.bytes.data, event.leaf.bytes.data,
      event.hash.bytes.data, event.body?.data, note.quarantine?.rawValue, note.copies?.kind.rawValue,
      note.copies?.at.description, note.copies?.analyst.string, note.copies?.caseID?.bytes.data, token.analyst,
      token.id, now,
    ]
  }
}
