public import Domain
public import Feedback
internal import SyncProtocol

/// Takes what an event says out of the log, and leaves that there was one: its place, its links and the hash of what it
/// said, so the chain still verifies.
public struct Redaction: Sendable {
  /// Whose words go.
  public enum Target: Hashable, Sendable {
    case event(EventID)
    /// Everything that was said about a case, but what asks that words go: colleagues' tools, and the analyst's own on other
    /// devices, learn by it that they are to drop theirs.
    case of(ShortHash)
  }

  /// Why the row says nothing.
  static let mark = "redacted"

  let database: CollectorDatabase

  public init(_ database: CollectorDatabase) { self.database = database }

  /// Redacts; how many rows of the log said something until now. A backup of before still has it.
  public func run(_ target: Target, reason: String) throws -> Int {
    try database.writeNow { db in
      let condition: (sql: String, value: SQLValue, object: String) =
        switch target {
        case .event(let id): ("event_id = ?", .bytes(id.bytes), "event \(id.hex)")
        case .of(let id): ("case_id = ?", .bytes(id.bytes), "case \(id.hex)")
        }
      let rows = try db.rows("SELECT * FROM log WHERE \(condition.sql) ORDER BY lsn", [condition.value])
      guard !rows.isEmpty else { throw CollectorError.unknownEvent(condition.object) }
      let wanted = try rows.filter { row in
        if case .event = target { return true }
        return try row.optionalText("kind") != EventKind.redact.rawValue
      }
      for row in wanted { try Redaction.keepAway(row, reason: reason, db) }
      // Also of what was redacted before: a reader may have been in the way of cleaning the files.
      db.wordsWereRemoved()
      return try Redaction.empty(wanted, condition.object, reason: reason, by: AuditBook.operatorName, db)
    }
  }

  /// Does what an analyst's own `redact` asks, for the analyst's own events. Of one that has not come yet it is remembered.
  static func obey(_ event: OfferedEvent, from token: TokenRecord, _ db: any Transaction) throws {
    guard let bytes = event.body, let body = try? EventBody(bytes: bytes), case .redact(let reason, _) = body.payload
    else { return }
    for id in body.targets(.redacts) {
      let rows = try db.rows(
        "SELECT * FROM log WHERE event_id = ? AND analyst = ? ORDER BY lsn", [.bytes(id.bytes), .text(token.analyst)])
      _ = try empty(rows, "event \(id.hex)", reason: reason.string, by: token.actor, db)
      // What somebody else sent under this identity is not what is meant.
      guard rows.isEmpty else { continue }
      try db.run(
        "INSERT INTO redact_ahead(analyst, event_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
        [.text(token.analyst), .bytes(id.bytes), .kept(reason.string), .text(Timestamp.now.description)])
    }
  }

  /// Whether an analyst asked that words go that have not come.
  static func isAwaited(from analyst: String, _ db: any Transaction) throws -> Bool {
    try db.row("SELECT event_id FROM redact_ahead WHERE analyst = ? LIMIT 1", [.text(analyst)]) != nil
  }

  /// Takes away what an event says that has just come, where that was asked before.
  static func obeyAhead(_ id: EventID, from token: TokenRecord, _ db: any Transaction) throws {
    let key: [SQLValue] = [.text(token.analyst), .bytes(id.bytes)]
    let reason = try db.text("SELECT reason FROM redact_ahead WHERE analyst = ? AND event_id = ?", key)
    guard let reason else { return }
    let rows = try db.rows(
      "SELECT * FROM log WHERE event_id = ? AND analyst = ? ORDER BY lsn", [.bytes(id.bytes), .text(token.analyst)])
    _ = try empty(rows, "event \(id.hex)", reason: reason, by: token.actor, db)
    try db.run("DELETE FROM redact_ahead WHERE analyst = ? AND event_id = ?", key)
  }

  /// Whether a row was sent by somebody in whose name it does not stand.
  static func isForeign(_ row: StoredRow, _ db: any Transaction) throws -> Bool {
    let analyst = try row.text("analyst")
    guard let recorded = try row.optionalText("recorded_analyst") else { return true }
    if recorded == analyst { return false }
    let key: [SQLValue] = [.text(analyst), .text(recorded)]
    return try db.row("SELECT name FROM former_name WHERE analyst = ? AND name = ?", key) == nil
  }

  /// Remembers that the words are to stay away also where they come from whose they are: the row was somebody else's.
  private static func keepAway(_ row: StoredRow, reason: String, _ db: any Transaction) throws {
    guard try isForeign(row, db), let id = try row.bytes("event_id") else { return }
    try db.run(
      "INSERT INTO redact_ahead(analyst, event_id, reason, at) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING",
      [.text(everybody), .bytes(id), .kept(reason), .text(Timestamp.now.description)])
  }

  /// Whether researchers redacted what nobody had sent yet in whose name it stands.
  static func isForEverybody(_ id: EventID, _ db: any Transaction) throws -> Bool {
    let key: [SQLValue] = [.text(everybody), .bytes(id.bytes)]
    return try db.row("SELECT event_id FROM redact_ahead WHERE analyst = ? AND event_id = ?", key) != nil
  }

  /// Nobody's name: of what researchers redacted.
  private static let everybody = ""

  /// The content that a view names by its hash, and its size as the view says it.
  static func content(namedBy row: StoredRow) throws -> (hash: Hash, bytes: Int)? {
    guard case .hash(let hash, let bytes, _) = try record(in: row) else { return nil }
    return (hash, bytes)
  }

  /// The record as a view has it, of whatever version the view is: a content goes with it in any case. Nil where the row is
  /// none.
  static func record(in row: StoredRow) throws -> SeenRecord? {
    guard let bytes = try row.bytes("body"), let body = try? JSON(parsing: bytes),
      body["kind"]?.string == EventKind.seen.rawValue, let record = body["payload"]?["record"]
    else { return nil }
    return try? SeenRecord(json: record)
  }

  /// A content goes with the last view that names it, and stays away.
  private static func dropContent(_ hash: Hash, bytes: Int, _ db: any Transaction) throws {
    guard try !DroppedBook.isNamed(hash, db), try BlobBook.removeUnlessPublished(hash, db) else { return }
    try DroppedBook.add(hash, bytes: bytes, db)
  }

  private static func empty(
    _ rows: [StoredRow], _ object: String, reason: String, by actor: String, _ db: any Transaction
  ) throws -> Int {
    let open = try rows.filter { try $0.optionalText("quarantine") != mark }
    guard !open.isEmpty else { return 0 }
    let contents = Dictionary(try open.compactMap { try content(namedBy: $0) }) { first, _ in first }
    for row in open { try RemainsBook.keep(row, db) }
    try db.whileLogIsOpen {
      for row in open {
        try db.run(
          "UPDATE log SET body = NULL, quarantine = ?, seal = ? WHERE lsn = ?",
          [
            .text(mark), .bytes(try RowSeal.of(row, quarantine: .text(mark)).bytes), .integer(try row.integer64("lsn")),
          ])
      }
    }
    for (hash, bytes) in contents { try dropContent(hash, bytes: bytes, db) }
    db.wordsWereRemoved()
    try AuditBook.add(
      .redact, object,
      [
        JSON.Member("reason", .text(reason)),
        JSON.Member("rows", .array(try open.map { .integer(try $0.integer64("lsn")) })), try AuditBook.place(db),
      ], by: actor, db)
    return open.count
  }
}
