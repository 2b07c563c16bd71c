internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("The collector's store") struct StoreTests {
  private func filled(_ bench: Bench, _ count: Int = 6) async throws -> [OfferedEvent] {
    let events = Stub.chain(count, in: .numbered(1))
    try await push(events, bench)
    return events
  }

  private func push(_ events: [OfferedEvent], base: Position = .empty, _ bench: Bench) async throws {
    let token = try bench.token("ana")
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let caller = Caller(client: client, token: token)
    _ = try await caller.open(.numbered(1))
    #expect(try await caller.verdicts(events, base: base) == events.map { _ in "stored" })
  }

  private func state(_ bench: Bench) async throws -> (epoch: Int, rows: Int) {
    try await bench.database.read { db in try (Epochs.current(db), Epochs.lastRow(db)) }
  }

  @Test("commits are durable: WAL with synchronous FULL, the files are the owner's alone") func pragmas() throws {
    let bench = try Bench()
    let values = try bench.sqlite { db in
      [
        try String.fetchOne(db, sql: "PRAGMA journal_mode"), try String.fetchOne(db, sql: "PRAGMA synchronous"),
        try String.fetchOne(db, sql: "PRAGMA foreign_keys"),
      ]
    }
    #expect(values == ["wal", "2", "1"])
    for name in try FileManager.default.contentsOfDirectory(atPath: bench.folder.path) {
      let mode = try FileManager.default.attributesOfItem(atPath: bench.path(name))[.posixPermissions] as? Int
      #expect(mode == 0o600, "\(name)")
    }
  }

  @Test("a database of the version before gets what is new, and keeps what it has") func earlier() async throws {
    let bench = try Bench()
    _ = try await filled(bench, 3)
    try bench.sqlite { db in
      try db.execute(sql: UpgradeTests.first)
    }
    try bench.database.close()
    try bench.reopen()
    try PublicationBook(bench.database).publish(.catalogue, name: "lab", body: [1])
    #expect(try PublicationBook(bench.database).list().count == 1)
    #expect(try await state(bench).rows == 3)
    // What was written before rows were sealed is held to its chain.
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("a database of before contents lay apart by token keeps those that are whole; others are sent anew")
  func earlierContents() async throws {
    let bench = try Bench()
    let whole = try BlobBook(bench.database).publish([1, 2, 3])
    let part = Hash.of([4])
    try await bench.database.write { db in
      try db.run(
        "INSERT INTO blob(sha256, size, received, is_published, at) VALUES (?, 9, 1, 0, '')", [.bytes(part.bytes)])
      try db.run("INSERT INTO blob_part(sha256, \"offset\", data) VALUES (?, 0, ?)", [.bytes(part.bytes), .bytes([4])])
    }
    try bench.sqlite { db in
      try db.execute(
        sql: """
          DROP TABLE blob_staged; DROP TABLE blob_staged_part; DROP TABLE redact_ahead;
          ALTER TABLE blob DROP COLUMN lsn; ALTER TABLE stream DROP COLUMN seal;
          PRAGMA user_version = 9
          """)
    }
    try bench.database.close()
    try bench.reopen()
    #expect(try BlobBook(bench.database).content(of: whole) == [1, 2, 3])
    #expect(try await BlobBook(bench.database).state(of: part, for: 1) == nil)
    let parts = try bench.database.readNow { db in try db.integer("SELECT count(*) FROM blob_part") }
    #expect(parts == 1)
    guard case .kept(let state) = try await BlobBook(bench.database).put([4], of: part, at: 0, size: 1, from: 1) else {
      Issue.record("it is not taken")
      return
    }
    #expect(state.isWhole)
  }

  @Test("a disk that failed whoever wrote is told, and nothing is taken before a new start") func failedDisk()
    async throws
  {
    let bench = try Bench()
    let caller = Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("ana"))
    _ = try await caller.open(.numbered(1))
    #expect(try await caller.get("/healthz/ready").status == 200)
    await #expect(throws: StoreError.self) {
      try await bench.database.write { _ in throw StoreError(.disk, "fsync") }
    }
    #expect(try await caller.get("/healthz/ready").status == 503)
    let refused = try await caller.push(Stub.chain(1, in: .numbered(1)))
    #expect(refused.status == 503 && refused.refusal == "broken")
  }

  @Test("the log is never changed or shortened", arguments: Kept.allCases) func immutable(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    _ = try await filled(bench)
    let ways =
      switch kept {
      case .inSQLite: ["INSERT OR REPLACE INTO log SELECT * FROM log WHERE lsn = 1"]
      case .inPostgreSQL: ["TRUNCATE log CASCADE"]
      }
    for sql in ways + ["UPDATE log SET body = NULL", "DELETE FROM log", "UPDATE log SET lsn = 9 WHERE lsn = 1"] {
      #expect(throws: StoreError.self, "\(sql)") { try bench.database.writeNow { db in try db.run(sql) } }
    }
    #expect(try await state(bench).rows == 6)
  }

  @Test("a token's secret is nowhere in the files") func secrets() throws {
    let bench = try Bench()
    let secret = try bench.token("ana")
    try bench.database.close()
    for name in try FileManager.default.contentsOfDirectory(atPath: bench.folder.path) {
      let data = try Data(contentsOf: URL(filePath: bench.path(name)))
      #expect(data.range(of: Data(secret.utf8)) == nil && data.range(of: Data(secret.dropFirst(5).utf8)) == nil)
    }
  }

  @Test("what was stored is there after the next start, in the same epoch", arguments: Kept.allCases) func reopened(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let id = bench.database.id
    _ = try await filled(bench)
    try bench.database.close()
    try bench.reopen()
    _ = try bench.collector()
    #expect(bench.database.id == id)
    #expect(try await state(bench) == (1, 6))
  }

  @Test("a file that is no collector's, or a newer one's, is left alone") func foreign() throws {
    let bench = try Bench()
    let other = try DatabaseQueue(path: bench.path("other.db"))
    try other.write { db in try db.execute(sql: "CREATE TABLE t(x)") }
    try other.close()
    #expect(throws: CollectorError.self) { try CollectorDatabase(at: .file(bench.path("other.db"))) }
    try bench.sqlite { db in try db.execute(sql: "PRAGMA user_version = 99") }
    #expect(throws: CollectorError.newerDatabase(99)) { try CollectorDatabase(at: .file(bench.path("c.db"))) }
  }

  @Test("a backup makes safe what it holds; restoring it begins a new epoch") func backup() async throws {
    let bench = try Bench()
    let events = try await filled(bench)
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    #expect(throws: CollectorError.exists(bench.path("b.db"))) {
      try Backup.make(of: bench.database, to: bench.path("b.db"))
    }
    let more = Stub.chain(2, in: .numbered(1), after: events[5], from: 7)
    try await push(more, base: events[5].position, bench)
    let safe = try await bench.database.read { db in try StreamBook.safe(of: .numbered(1), db) }
    #expect(safe == events[5].position)
    try bench.database.close()
    try Backup.restore(bench.path("b.db"), to: .file(bench.path("c.db")))
    try bench.reopen()
    _ = try bench.collector()
    let now = try await state(bench)
    #expect(now.epoch > 1_700_000_000 && now.rows == 6)
    // A reader that had read on goes back to what the backup held.
    try await push(more, base: events[5].position, bench)
    let page = try await LogReader(database: bench.database)
      .page(LogReader.Question(after: LogCursor(epoch: 1, number: 8)))
    #expect(page.entries.map(\.event) == more)
  }

  @Test("a copy that was made by other means makes safe what was there before it", arguments: Kept.allCases)
  func otherBackup(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let events = try await filled(bench)
    let place = try Backup.place(in: bench.database)
    #expect(place == LogCursor(epoch: 1, number: 6))
    let more = Stub.chain(2, in: .numbered(1), after: events[5], from: 7)
    try await push(more, base: events[5].position, bench)
    try Backup.wasMade(of: bench.database, upTo: place)
    let safe = try await bench.database.read { db in try StreamBook.safe(of: .numbered(1), db) }
    #expect(safe == events[5].position)
    for place in [LogCursor(epoch: 1, number: 9), LogCursor(epoch: 2, number: 6)] {
      #expect(throws: CollectorError.noSuchPlace(place.text)) { try Backup.wasMade(of: bench.database, upTo: place) }
    }
    try bench.database.close()
    try Backup.wasRestored(at: bench.location)
    try bench.reopen()
    #expect(try await state(bench).epoch > 1)
  }

  @Test("a reader with a cursor of a log that was replaced reads everything again", arguments: Kept.allCases)
  func foreignCursor(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let events = try await filled(bench)
    try await bench.database.write { db in try Epochs.advance(db, beyond: 6, at: Timestamp(microseconds: 0)) }
    let reader = LogReader(database: bench.database)
    for (epoch, rows) in [(1, 2), (7, 2), (4, 6), (9, 6)] {
      let page = try await reader.page(LogReader.Question(after: LogCursor(epoch: epoch, number: 4)))
      #expect(page.entries.map(\.event) == events.suffix(rows), "epoch \(epoch)")
    }
  }

  @Test("a database that a server has open is not put aside by a restore") func restoreUnderServer() async throws {
    let bench = try Bench()
    _ = try await filled(bench)
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    try bench.database.close()
    do {
      let lock = try ServerLock(database: bench.path("c.db"))
      defer { withExtendedLifetime(lock) {} }
      #expect(throws: CollectorError.served(bench.path("c.db"))) {
        try Backup.restore(bench.path("b.db"), to: .file(bench.path("c.db")))
      }
      #expect(throws: CollectorError.served(bench.path("c.db"))) { try ServerLock(database: bench.path("c.db")) }
    }
    try Backup.restore(bench.path("b.db"), to: .file(bench.path("c.db")))
  }

  @Test("a mistaken path makes no database") func mistaken() throws {
    let bench = try Bench()
    #expect(throws: CollectorError.noDatabase(bench.path("d.db"))) {
      try CollectorDatabase(at: .file(bench.path("d.db")), creating: false)
    }
    #expect(!FileManager.default.fileExists(atPath: bench.path("d.db")))
    #expect(!FileManager.default.fileExists(atPath: bench.path("d.db.lock")))
  }

  @Test("an older copy put in place by hand is noticed at the next start") func oldCopy() async throws {
    let bench = try Bench()
    let events = try await filled(bench)
    try bench.sqlite { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [bench.path("copy.db")])
    }
    try await push(
      Stub.chain(1, in: .numbered(1), after: events[5], from: 7), base: events[5].position, bench)
    try bench.database.close()
    for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: bench.path("c.db" + suffix)) }
    try FileManager.default.moveItem(atPath: bench.path("copy.db"), toPath: bench.path("c.db"))
    try bench.reopen()
    _ = try bench.collector()
    let now = try await state(bench)
    #expect(now.epoch > 1_700_000_000 && now.rows == 6)
  }

  @Test("many devices at once: every stream is dense, and commits are shared", arguments: Kept.allCases)
  func concurrent(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let collector = try bench.collector()
    let tokens = try (0..<16).map { _ in try bench.token("ana") }
    let client = InProcessClient(collector.router().buildResponder())
    try await withThrowingTaskGroup(of: Void.self) { group in
      for device in 0..<16 {
        group.addTask {
          let stream = StreamID.numbered(UInt8(device))
          let caller = Caller(client: client, token: tokens[device])
          _ = try await caller.open(stream)
          var last: OfferedEvent?
          for round in 0..<10 {
            let events = Stub.chain(5, in: stream, after: last, from: device * 1000 + round * 5)
            #expect(try await caller.verdicts(events, base: last?.position ?? .empty, on: stream).count == 5)
            last = events.last
          }
        }
      }
      try await group.waitForAll()
    }
    let bad = try await bench.database.read { db in
      try db.integer(
        """
        SELECT count(*) FROM log AS next WHERE seq > 1 AND NOT EXISTS (SELECT 1 FROM log WHERE stream = next.stream
          AND seq = next.seq - 1 AND hash = next.prev AND lsn < next.lsn)
        """)
    }
    #expect(try await state(bench).rows == 800 && bad == 0)
    #expect(await collector.intake.commits <= 160)
  }
}
