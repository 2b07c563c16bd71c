internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import SyncProtocol

/// The streams and whose they are.
struct StreamBook: Sendable {
  let database: CollectorDatabase

  /// Registers a stream, or finds it registered; the analyst whose it is.
  func open(_ opening: StreamOpening, by token: TokenRecord) async throws -> (owner: String, isNew: Bool) {
    try await database.write { db in
      try db.cachedStatement(
        sql: """
          INSERT INTO stream(id, analyst, workstation, tool, token, opened_at) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT(id) DO NOTHING
          """
      ).execute(arguments: [
        opening.stream.bytes.data, token.analyst, opening.workstation.string, opening.tool.string, token.id,
        Timestamp.now.description,
      ])
      let isNew = db.changesCount == 1
      return (try StreamBook.owner(of: opening.stream, db) ?? token.analyst, isNew)
    }
  }

  /// The analyst whose stream it is; nil for one that was never opened.
  func owner(of stream: StreamID) async throws -> String? {
    try await database.read { db in try StreamBook.owner(of: stream, db) }
  }

  func head(of stream: StreamID, _ token: TokenRecord) async throws -> StreamHead {
    try await database.read { db in
      let history = LogHistory(db: db, token: token, now: "")
      return StreamHead(
        epoch: try Epochs.current(db), head: try history.head(of: stream), safe: try StreamBook.safe(of: stream, db))
    }
  }

  func hashes(of stream: StreamID, at places: [Int], _ token: TokenRecord) async throws -> StreamHashes {
    try await database.read { db in
      let history = LogHistory(db: db, token: token, now: "")
      var hashes: [Position] = []
      for place in places {
        if let hash = try history.hash(at: place, of: stream) { hashes.append(Position(seq: place, hash: hash)) }
      }
      return StreamHashes(epoch: try Epochs.current(db), head: try history.head(of: stream), hashes: hashes)
    }
  }

  static func owner(of stream: StreamID, _ db: Database) throws -> String? {
    try String.fetchOne(
      db.cachedStatement(sql: "SELECT analyst FROM stream WHERE id = ?"), arguments: [stream.bytes.data])
  }

  /// The last event of a stream that is in a backup.
  static func safe(of stream: StreamID, _ db: Database) throws -> Position {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT safe_seq, safe_hash FROM stream WHERE id = ?"), arguments: [stream.bytes.data])
    guard let row, let hash = row.hash("safe_hash") else { return .empty }
    return Position(seq: row["safe_seq"], hash: hash)
  }
}
