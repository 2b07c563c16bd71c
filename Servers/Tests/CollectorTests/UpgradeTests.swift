internal import Domain
internal import Export
internal import Feedback
internal import Foundation
internal import GRDB
internal import SyncProtocol
internal import Testing
internal import TortureReport

@testable import Collector

@Suite("An upgrade of the tables") struct UpgradeTests {
  /// `make torture` kills at every call; else at some that chance picks.
  private static let isLong = ProcessInfo.processInfo.environment["MDS_CALLS"] != nil
  static let tracer = "/usr/bin/strace"

  /// Some containers let nobody trace.
  static let isPossible = (try? Program.run(tracer, ["-o", "/dev/null", "/bin/true"]).status) == 0

  /// Makes of today's tables what the first version had.
  static let first = """
    DROP TABLE publication; DROP TABLE import_progress; DROP TABLE sink; DROP TABLE audit; DROP TABLE blob;
    DROP TABLE blob_part; DROP TABLE remains; DROP TABLE inbox_ack; DROP TABLE blob_dropped;
    DROP TABLE blob_staged; DROP TABLE blob_staged_part; DROP TABLE redact_ahead;
    ALTER TABLE log DROP COLUMN seal; ALTER TABLE stream DROP COLUMN seal;
    ALTER TABLE token DROP COLUMN expires_at; ALTER TABLE token DROP COLUMN last_used_at;
    DELETE FROM meta WHERE key = 'sealed_from';
    PRAGMA user_version = 1
    """

  @Test(
    "that is killed at any write is made whole by the next start, and every event is there",
    .enabled(if: isPossible, "strace is not installed, or may not trace"))
  func killed() async throws {
    let bench = try await Filled(.inSQLite).bench
    let before = try events(bench.database)
    try bench.sqlite { db in try db.execute(sql: Self.first) }
    try bench.database.close()
    let old = try Data(contentsOf: URL(filePath: bench.path("c.db")))
    var (kills, lost, broken) = (0, 0, 0)
    for call in Self.isLong ? ["pwrite64", "fdatasync"] : ["pwrite64"] {
      var number = Self.isLong ? 1 : .random(in: 1...12)
      while true {
        let folder = bench.path("\(call)-\(number)")
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = folder + "/c.db"
        try old.write(to: URL(filePath: path))
        let inject = ["-e", "trace=\(call)", "-e", "inject=\(call):signal=KILL:when=\(number)"]
        let list = [try Program.path(), "token", "list", "--database", path]
        let run = try Program.run(Self.tracer, ["-f", "-o", "/dev/null"] + inject + ["--"] + list)
        // As many calls as that it does not make.
        if run.status == 0 { break }
        kills += 1
        let next = try Program.run(["token", "list", "--database", path])
        #expect(next.status == 0, "\(call) \(number): \(next)")
        let database = try CollectorDatabase(at: .file(path), creating: false)
        let faults = try Verification(database).run().faults
        lost += before.count - Set(before).intersection(try events(database)).count
        broken += faults.isEmpty ? 0 : 1
        #expect(faults == [], "\(call) \(number)")
        #expect(try events(database) == before, "\(call) \(number)")
        try database.close()
        guard Self.isLong else { break }
        number += 1
      }
    }
    TortureReport.add("upgrades", ["kills": kills, "lost": lost, "broken": broken])
    #expect(kills > 0)
  }

  @Test(
    "sets aside an event whose time nobody can read again, as it would be today: the others can be exported",
    arguments: Kept.allCases)
  func oddTimes(_ kept: Kept) async throws {
    let filled = try await Filled(kept)
    let bench = filled.bench
    let good = try exported(bench.database)
    let stream = filled.ana.id
    let last = try #require(filled.ana.offered.last)
    let text = Stub.body(1, analyst: "ana")
    let body = Array(
      String(decoding: text, as: UTF8.self).replacing("2026-11-23T12:00:00.000000Z", with: "9999-12-31T23:59:59-23:59")
        .utf8)
    let odd = Stub.event(body, after: last, id: 99, stream: stream)
    try bench.database.store.writeNow { db in
      let token = try TokenRecord(row: try #require(try db.row("SELECT * FROM token WHERE analyst = 'ana'")))
      var history = try LogHistory(db: db, token: token, now: Timestamp.now.description)
      var copies = try EventCopies(body: text)
      copies.at = Timestamp(microseconds: 253_402_387_139_000_000)
      #expect(copies.at.description.hasPrefix("10000-01-01"))
      #expect(try history.insert(odd, into: stream, note: IntakeNote(copies: copies)))
    }
    #expect(throws: CollectorError.self) { try exported(bench.database) }
    if kept == .inSQLite {
      try bench.sqlite { db in try db.execute(sql: "PRAGMA user_version = 13") }
    } else {
      try bench.database.store.writeNow { db in
        _ = try db.run("UPDATE meta SET value = '11' WHERE key = 'version'")
      }
    }
    try bench.database.close()
    try bench.reopen()
    #expect(try exported(bench.database) == good)
    #expect(try Verification(bench.database).run().faults == [])
    let entries = try await LogReader(database: bench.database).page(LogReader.Question(everything: true)).entries
    #expect(entries.last?.event == odd && entries.last?.quarantine == "unreadable")
  }

  private func exported(_ database: CollectorDatabase) throws -> [UInt8] {
    var bytes: [UInt8] = []
    _ = try Exporter(CollectorLog(database), .init(format: .events)).write { bytes += $0 }
    return bytes
  }

  /// The events of the log, row by row.
  private func events(_ database: CollectorDatabase) throws -> [String] {
    try database.readNow { db in
      let last = try Epochs.lastRow(db)
      return try (1...max(1, last)).compactMap { row in
        try db.text("SELECT hex(event_id) || hex(hash) FROM log WHERE lsn = \(row)")
      }
    }
  }
}
