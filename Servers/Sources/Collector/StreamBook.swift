internal import Domain
internal import Feedback
internal import SyncProtocol

/// The streams and whose they are.
struct StreamBook: Sendable {
  let database: CollectorDatabase

  /// Registers a stream, or finds it registered; the analyst whose it is.
  func open(_ opening: StreamOpening, by token: TokenRecord) async throws -> (owner: String, isNew: Bool) {
    try await database.write { db in
      let added = try db.run(
        """
        INSERT INTO stream(id, analyst, workstation, tool, token, opened_at) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT(id) DO NOTHING
        """,
        [
          .bytes(opening.stream.bytes), .text(token.analyst), .text(opening.workstation.string),
          .text(opening.tool.string), .integer(token.id), .text(Timestamp.now.description),
        ])
      if added == 1 { try StreamBook.seal(opening.stream, db) }
      return (try StreamBook.owner(of: opening.stream, db) ?? token.analyst, added == 1)
    }
  }

  /// Takes a stream away that has no event.
  func removeEmpty(_ stream: StreamID) async throws {
    try await database.write { db in
      let id = SQLValue.bytes(stream.bytes)
      try db.run("DELETE FROM stream WHERE id = ? AND NOT EXISTS (SELECT 1 FROM log WHERE stream = ?)", [id, id])
    }
  }

  /// What of a stream is never changed: who opened it, where, with what and when.
  static func digest(of row: StoredRow) throws -> Hash {
    try RowDigest.of(
      row, ["id", "analyst", "workstation", "tool", "token", "opened_at"], domain: "mds-stream1")
  }

  /// Of the row as the tables give it back, which is what is verified.
  private static func seal(_ stream: StreamID, _ db: any Transaction) throws {
    guard let row = try db.row("SELECT * FROM stream WHERE id = ?", [.bytes(stream.bytes)]) else { return }
    try db.run("UPDATE stream SET seal = ? WHERE id = ?", [.bytes(try digest(of: row).bytes), .bytes(stream.bytes)])
  }

  /// The analyst whose stream it is; nil for one that was never opened.
  func owner(of stream: StreamID) async throws -> String? {
    try await database.read { db in try StreamBook.owner(of: stream, db) }
  }

  func head(of stream: StreamID, _ token: TokenRecord) async throws -> StreamHead {
    try await database.read { db in
      let history = try LogHistory(db: db, token: token, now: "")
      return StreamHead(
        epoch: try Epochs.current(db), head: try history.head(of: stream), safe: try StreamBook.safe(of: stream, db))
    }
  }

  func hashes(of stream: StreamID, at places: [Int], _ token: TokenRecord) async throws -> StreamHashes {
    try await database.read { db in
      let history = try LogHistory(db: db, token: token, now: "")
      var hashes: [Position] = []
      for place in places {
        if let hash = try history.hash(at: place, of: stream) { hashes.append(Position(seq: place, hash: hash)) }
      }
      return StreamHashes(epoch: try Epochs.current(db), head: try history.head(of: stream), hashes: hashes)
    }
  }

  static func owner(of stream: StreamID, _ db: any Transaction) throws -> String? {
    try db.text("SELECT analyst FROM stream WHERE id = ?", [.bytes(stream.bytes)])
  }

  /// The last event of a stream that is in a backup.
  static func safe(of stream: StreamID, _ db: any Transaction) throws -> Position {
    let row = try db.row("SELECT safe_seq, safe_hash FROM stream WHERE id = ?", [.bytes(stream.bytes)])
    guard let row, let hash = try row.hash("safe_hash") else { return .empty }
    return Position(seq: try row.integer("safe_seq"), hash: hash)
  }
}
