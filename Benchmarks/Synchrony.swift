import Domain
import Foundation
import GRDB
import Ledger

/// Fifty thousand events on their way to a collector, against bare inserts of the same rows into the same tables.
enum Synchrony {
  static let count = 50_000
  /// What a collector takes in one request.
  private static let batch = 1000

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let database = folder + "/collector.sqlite"
      let seconds = try await seconds(in: folder, database: database)
      let (received, bare) = try bareInserts(from: database, into: folder + "/bare.sqlite")
      guard received >= count else {
        throw Programs.Failure(description: "the collector has \(received) of \(count) events")
      }
      let (synced, inserted) = (Double(received) / seconds, Double(received) / bare)
      return [
        Entry(
          "sync, against bare inserts, batches of 1,000",
          "\(synced.short) / \(inserted.short) events/s, "
            + "\((synced / inserted * 100).short) %", budget: "at least 40 %", isWithin: synced >= 0.4 * inserted)
      ]
    }
  }

  /// How long `mds sync` takes to bring them to a collector on this database.
  static func seconds(in folder: String, database: String) async throws -> Double {
    let target = ["--context", "bench", "--ledger", folder + "/ledger.sqlite", "--service", "http://127.0.0.1:9"]
    let ledger = try Ledger(path: folder + "/ledger.sqlite")
    let stream = try ledger.stream(for: "bench", stamp: Saving.stamp(0))
    for first in stride(from: 0, to: count, by: 5000) {
      try ledger.append((first..<first + 5000).map(Ledgers.body), to: stream.id)
    }
    try ledger.close()
    let token = try Programs.run([
      Programs.collector, "token", "create", "--analyst", "nobody", "--device", "bench", "--database", database,
    ])
    let file = folder + "/token"
    _ = FileManager.default.createFile(
      atPath: file, contents: Data(token.utf8), attributes: [.posixPermissions: 0o600])
    return try await Programs.withServer(Programs.collector, ["serve", "--rate-limit", "0", "--database", database]) {
      url in
      try Programs.run([Programs.mds, "connect", url, "--token-file", file] + target)
      let start = ContinuousClock.now
      try Programs.run([Programs.mds, "sync"] + target)
      return (ContinuousClock.now - start) / .seconds(1)
    }
  }

  /// Writes the rows of a collector's log to a new database of the same schema, durably, batch by batch.
  private static func bareInserts(from source: String, into path: String) throws -> (rows: Int, seconds: Double) {
    var reading = Configuration()
    reading.readonly = true
    let original = try DatabaseQueue(path: source, configuration: reading)
    let schema = try original.read { db in
      try String.fetchAll(
        db, sql: "SELECT sql FROM sqlite_master WHERE tbl_name = 'log' AND sql IS NOT NULL AND type <> 'trigger'")
    }
    let rows = try original.read { db in try Row.fetchAll(db, sql: "SELECT * FROM log ORDER BY lsn") }
    guard let first = rows.first else { return (0, 0) }
    let copy = try DatabaseQueue(path: path)
    try copy.writeWithoutTransaction { db in
      try db.execute(sql: "PRAGMA journal_mode = WAL")
      try db.execute(sql: "PRAGMA synchronous = FULL")
      try db.execute(sql: "PRAGMA foreign_keys = OFF")
      for statement in schema { try db.execute(sql: statement) }
    }
    let marks = repeatElement("?", count: first.count).joined(separator: ", ")
    let start = ContinuousClock.now
    for offset in stride(from: 0, to: rows.count, by: batch) {
      try copy.write { db in
        let insert = try db.cachedStatement(sql: "INSERT INTO log VALUES (\(marks))")
        for row in rows[offset..<min(offset + batch, rows.count)] {
          let values: [(any DatabaseValueConvertible)?] = Array(row.databaseValues)
          try insert.execute(arguments: StatementArguments(values))
        }
      }
    }
    return (rows.count, (ContinuousClock.now - start) / .seconds(1))
  }
}
