import Foundation
import Ledger

/// The same fifty thousand events on their way to a collector on PostgreSQL, against bare inserts of its rows, one
/// statement each, by psql.
enum SynchronyOnPostgres {
  private static let batch = 1000

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      // A socket's name has at most 107 bytes; the data lie on the disk of the working copy.
      let socket = "/tmp/mds-pg-\(UUID().uuidString.prefix(13))"
      try FileManager.default.createDirectory(atPath: socket, withIntermediateDirectories: true)
      let server = Programs.repository + "/scripts/postgresql"
      return try await Programs.withProcess(server, [socket, folder + "/data"]) { _ in
        let database = "postgresql:///postgres?host=\(socket)&user=collector"
        let seconds = try await Synchrony.seconds(in: folder, database: database)
        let rows = Int(try ask("SELECT count(*) FROM mds_collector.log", of: database)) ?? 0
        guard rows >= Synchrony.count else {
          throw Programs.Failure(description: "the collector has \(rows) of \(Synchrony.count) events")
        }
        let bare = try bareInserts(database, folder)
        let (synced, inserted) = (Double(rows) / seconds, Double(rows) / bare)
        return [
          Entry(
            "sync on PostgreSQL, against bare inserts, batches of 1,000",
            "\(synced.short) / \(inserted.short) events/s, \((synced / inserted * 100).short) %")
        ]
      }
    }
  }

  private static func ask(_ sql: String, of database: String) throws -> String {
    try Programs.run(["/usr/bin/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c", sql, database])
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Seconds to write the rows of the log into a table of the same form and indexes, batch by batch, durably.
  private static func bareInserts(_ database: String, _ folder: String) throws -> Double {
    let columns = [
      "lsn", "stream", "seq", "event_id", "alias_of", "prev", "leaf", "hash", "body", "quarantine", "kind", "at",
      "recorded_analyst", "case_id", "analyst", "token", "received_at",
    ]
    _ = try ask("CREATE TABLE public.bare (LIKE mds_collector.log INCLUDING ALL)", of: database)
    let marks = columns.map { _ in "%L" }.joined(separator: ", ")
    let script = try Programs.run([
      "/usr/bin/psql", "-XqAt", "-v", "ON_ERROR_STOP=1", "-c",
      """
      SELECT CASE WHEN lsn % \(batch) = 1 THEN 'BEGIN;' ELSE '' END
        || format('INSERT INTO public.bare VALUES (\(marks));', \(columns.joined(separator: ", ")))
        || CASE WHEN lsn % \(batch) = 0 OR lsn = max(lsn) OVER () THEN 'COMMIT;' ELSE '' END
      FROM mds_collector.log ORDER BY lsn
      """, database,
    ])
    let path = folder + "/bare.sql"
    try script.write(toFile: path, atomically: false, encoding: .utf8)
    let start = ContinuousClock.now
    try Programs.run(["/usr/bin/psql", "-Xq", "-v", "ON_ERROR_STOP=1", "-f", path, database])
    return (ContinuousClock.now - start) / .seconds(1)
  }
}
