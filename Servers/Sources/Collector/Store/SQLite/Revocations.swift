internal import Domain
internal import FileOutput
internal import Foundation
internal import GRDB
internal import Glibc

/// Whose tokens and keys were revoked in a database whose place a backup takes: who was shut out stays so.
struct Revocations {
  private struct One {
    var digest: [UInt8]
    var analyst: String
    var device: String
    var scopes: String
  }

  private let collector: String
  private let all: [One]

  /// nil where nobody can be asked: no database is there, it cannot be read, or it is something else.
  init?(database path: String) {
    // SQLite would take away the log of writes beside a file that is empty.
    guard KeptFile.isDatabase(path) else { return nil }
    do {
      // Whoever opens it meanwhile waits.
      (collector, all) = try FileLock(database: path).hold { try Revocations.read(path) }
    } catch {
      return nil
    }
  }

  private static func read(_ path: String) throws -> (collector: String, [One]) {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    let hadLog = access(path + "-wal", F_OK) == 0
    // What reading makes beside a database that was closed in order, and a reader cannot take away again.
    defer { if !hadLog { for suffix in ["-wal", "-shm"] { unlink(path + suffix) } } }
    let file = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? file.close() }
    return try file.read { db in
      let collector = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'collector_id'")
      let tokens = try Row.fetchAll(
        db, sql: "SELECT digest, analyst, device, scopes FROM token WHERE revoked_at IS NOT NULL ORDER BY id")
      return (
        collector ?? "",
        tokens.map { row in
          One(
            digest: Array(row["digest"] as Data), analyst: row["analyst"], device: row["device"], scopes: row["scopes"])
        }
      )
    }
  }

  /// Revokes the same in a copy of the collector's; how many were in force in it, or nil where it is another collector's.
  func carry(into copy: CollectorDatabase) throws -> Int? {
    guard copy.id == collector else { return nil }
    return try copy.writeNow { db in
      try all.reduce(0) { count, one in
        var tokens = try db.rows("SELECT * FROM token WHERE digest = ?", [.bytes(one.digest)])
        // A key that the copy has not met would be let in when its next file comes.
        if tokens.isEmpty, one.scopes.isEmpty {
          _ = try TokenBook.insert(digest: one.digest, analyst: one.analyst, device: one.device, scopes: [], db)
          tokens = try db.rows("SELECT * FROM token WHERE digest = ?", [.bytes(one.digest)])
        }
        return try count + TokenBook.revoke(tokens, db)
      }
    }
  }
}
