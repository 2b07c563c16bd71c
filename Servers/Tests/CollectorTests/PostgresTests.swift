internal import Domain
internal import Feedback
internal import Foundation
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Synchronization
internal import Testing

@testable import Collector

@Suite("A collector on PostgreSQL") struct PostgresTests {
  private func caller(_ database: CollectorDatabase, _ token: String) throws -> Caller {
    Caller(client: InProcessClient(try Collector(database).router().buildResponder()), token: token)
  }

  /// One device that sends `rounds` batches of five events to a collector.
  private func send(_ device: Int, rounds: Int, _ caller: Caller) async throws {
    let stream = StreamID.numbered(UInt8(device))
    _ = try await caller.open(stream)
    var last: OfferedEvent?
    for round in 0..<rounds {
      let events = Stub.chain(5, in: stream, after: last, from: device * 1000 + round * 5)
      #expect(try await caller.verdicts(events, base: last?.position ?? .empty, on: stream).count == 5)
      last = events.last
    }
  }

  @Test("sixteen devices write through four collectors at once, and who reads along meets each row once, in order")
  func tail() async throws {
    let bench = try Bench(.inPostgreSQL)
    let token = try bench.token("ana")
    let location = bench.location
    let isOver = Atomic(false)
    let reader = LogReader(database: try CollectorDatabase(at: location))
    async let met: [Int] = {
      var rows: [Int] = []
      var question = LogReader.Question(limit: 7)
      while true {
        let wasOver = isOver.load(ordering: .acquiring)
        let page = try await reader.page(question)
        rows += page.entries.map(\.cursor.number)
        question.after = page.next
        if wasOver, page.entries.isEmpty { return rows }
      }
    }()
    try await withThrowingTaskGroup(of: Void.self) { group in
      let callers = try (0..<4).map { _ in try caller(try CollectorDatabase(at: location), token) }
      for device in 0..<16 { group.addTask { try await send(device, rounds: 10, callers[device % 4]) } }
      try await group.waitForAll()
    }
    isOver.store(true, ordering: .releasing)
    #expect(try await met == Array(1...800))
  }

  @Test("what was confirmed is there after the server died in the middle, and the collector goes on by itself")
  func crash() async throws {
    let server = try PostgresServer()
    let bench = try Bench(.inPostgreSQL, on: server)
    let caller = try caller(bench.database, try bench.token("ana"))
    let stream = StreamID.numbered(1)
    _ = try await caller.open(stream)
    let isOver = Atomic(false)
    async let sent: [OfferedEvent] = {
      var (last, confirmed) = (OfferedEvent?.none, [OfferedEvent]())
      var number = 0
      while !isOver.load(ordering: .acquiring) {
        let events = Stub.chain(20, in: stream, after: last, from: number)
        let answer = try await caller.push(events, base: last?.position ?? .empty, on: stream)
        if answer.status == 200 {
          confirmed += events
          last = events.last
          number += 20
        } else {
          #expect(answer.status == 503 && answer.headers[.retryAfter] == "5")
        }
      }
      return confirmed
    }()
    for _ in 0..<3 { try server.crash() }
    let head = try await bench.database.read { db in try LogHistory.head(of: stream, db) }
    while try await bench.database.read({ db in try LogHistory.head(of: stream, db) }) == head {}
    isOver.store(true, ordering: .releasing)
    let confirmed = try await sent
    let entries = try await entries(bench)
    #expect(entries.map(\.event).starts(with: confirmed) && entries.count - confirmed.count <= 20)
    #expect(try await bench.database.read(Epochs.current) == 1)
  }

  @Test("a row is redacted while the table gets a VACUUM, and nothing else may change one") func openLog() async throws
  {
    let bench = try await Filled(.inPostgreSQL).bench
    let session = try PostgresSession.open(bench.location.description)
    // What a VACUUM holds for as long as it takes.
    try session.execute("BEGIN; LOCK TABLE log IN SHARE UPDATE EXCLUSIVE MODE")
    let change = "UPDATE log SET quarantine = quarantine WHERE lsn = 1"
    try bench.database.store.writeNow { db in
      try db.whileLogIsOpen { _ = try db.run(change) }
      #expect(throws: StoreError.self) { try db.attempt { try db.run(change) } }
    }
    #expect(throws: StoreError.self) { try bench.database.store.writeNow { db in _ = try db.run(change) } }
    try session.execute("ROLLBACK")
  }

  private func entries(_ bench: Bench) async throws -> [LogEntry] {
    let reader = LogReader(database: bench.database)
    var (entries, question) = ([LogEntry](), LogReader.Question(limit: 5000))
    while true {
      let page = try await reader.page(question)
      if page.entries.isEmpty { return entries }
      entries += page.entries
      question.after = page.next
    }
  }

  @Test("a server that is read-only or full is told from one that is gone; nothing is confirmed, and it goes on after")
  func refusals() async throws {
    let server = try PostgresServer()
    let bench = try Bench(.inPostgreSQL, on: server)
    let caller = try caller(bench.database, try bench.token("ana"))
    _ = try await caller.open(.numbered(1))
    let events = Stub.chain(2, in: .numbered(1))
    let administrator = try PostgresSession.open(bench.location.description)
    func refusal() async throws -> String {
      let answer = try await caller.push(events)
      #expect(answer.status == 503)
      return try answer.message(Refusal.self).detail.string
    }
    try administrator.execute("ALTER ROLE collector SET default_transaction_read_only = on")
    try server.crash()
    #expect(try await refusal() == "the collector's database is read-only now")
    #expect(try await caller.get("/v1/health").status == 200)
    let other = try PostgresSession.open(bench.location.description)
    try other.execute("SET default_transaction_read_only = off")
    try other.execute("ALTER ROLE collector RESET default_transaction_read_only")
    try other.execute(
      """
      CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$;
      CREATE TRIGGER fill BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION fill()
      """)
    try server.crash()
    #expect(try await refusal() == "the collector's disk is full")
    try server.stop()
    #expect(try await refusal() == "the collector's database cannot be reached now")
    #expect(try await caller.get("/v1/health").status == 503)
    try server.start()
    let third = try PostgresSession.open(bench.location.description)
    try third.execute("DROP TRIGGER fill ON log")
    #expect(try await caller.verdicts(events) == ["stored", "stored"])
  }

  @Test("a transaction that another one was in the way of is tried again; one that always is, is given up")
  func conflicts() async throws {
    let bench = try Bench(.inPostgreSQL)
    for (clashes, isDone) in [(0, true), (3, true), (4, true), (5, false)] {
      var tries = 0
      let outcome = Result {
        try bench.database.writeNow { db in
          tries += 1
          try Epochs.advance(db, beyond: 100)
          if tries <= clashes {
            try db.run("DO $$ BEGIN RAISE EXCEPTION 'clash' USING ERRCODE = 'serialization_failure'; END $$")
          }
        }
      }
      let wasDone = (try? outcome.get()) != nil
      #expect(wasDone == isDone)
      #expect(tries == min(clashes + 1, 5))
    }
    #expect(try bench.database.readNow { db in try db.integer("SELECT count(*) FROM epoch") } == 4)
  }

  @Test(
    "whoever waits for a server that does not answer hears it together, and a transaction that did not begin is no harm"
  )
  func unreachable() throws {
    let bench = try Bench(.inPostgreSQL)
    let address = bench.location.description
    let attempts = Atomic(0)
    let isThere = Atomic(true)
    let line = PostgresLine("test", begin: "BEGIN; SELECT count(*) FROM sometimes") {
      attempts.add(1, ordering: .relaxed)
      guard isThere.load(ordering: .relaxed) else { throw StoreError(.away, "silence") }
      return try PostgresSession.open(address)
    }
    let administrator = try PostgresSession.open(address)
    try administrator.execute("CREATE TABLE sometimes()")
    #expect(try line.transaction { db in try db.integer("SELECT 1") } == 1)
    try administrator.execute("DROP TABLE sometimes")
    #expect(throws: StoreError.self) { try line.transaction { _ in } }
    try administrator.execute("CREATE TABLE sometimes()")
    #expect(try line.transaction { db in try db.integer("SELECT 1") } == 1)
    #expect(attempts.load(ordering: .relaxed) == 2)
    line.close()
    isThere.store(false, ordering: .relaxed)
    #expect(throws: StoreError(.away, "silence")) { try line.transaction { _ in } }
    isThere.store(true, ordering: .relaxed)
    // It came after the failure: it tries for itself.
    #expect(try line.transaction { db in try db.integer("SELECT 1") } == 1)
  }

  @Test("one batch that cannot be stored leaves those of the same commit alone") func poison() async throws {
    let bench = try Bench(.inPostgreSQL)
    let outcomes = try bench.database.writeNow { db in
      (0..<3).map { number in
        Result {
          try db.attempt {
            try Epochs.advance(db, beyond: 10 * number, at: Timestamp(microseconds: 0))
            if number == 1 { try db.run("INSERT INTO epoch(epoch, first_lsn, at) VALUES (1, 0, '')") }
          }
        }
      }
    }
    #expect(outcomes.map { (try? $0.get()) != nil } == [true, false, true])
    #expect(try bench.database.readNow(Epochs.current) == 21)
  }

  @Test("a dump makes safe what it holds; in another database it is another epoch, and none goes over tables")
  func dump() async throws {
    let bench = try Bench(.inPostgreSQL)
    let caller = try caller(bench.database, try bench.token("ana"))
    _ = try await caller.open(.numbered(1))
    let events = Stub.chain(8, in: .numbered(1))
    _ = try await caller.push(Array(events[..<6]))
    try Backup.make(of: bench.database, to: bench.path("c.dump"))
    let mode = try FileManager.default.attributesOfItem(atPath: bench.path("c.dump"))[.posixPermissions] as? Int
    #expect(mode == 0o600)
    _ = try await caller.push(Array(events[6...]), base: events[5].position)
    #expect(try bench.database.readNow { db in try StreamBook.safe(of: .numbered(1), db) } == events[5].position)
    #expect(throws: CollectorError.holdsTables(bench.location.description)) {
      try Backup.restore(bench.path("c.dump"), to: bench.location)
    }
    let other = DatabaseLocation.server(try PostgresServer.shared.get().database())
    try Backup.restore(bench.path("c.dump"), to: other)
    let restored = try CollectorDatabase(at: other, creating: false)
    #expect(restored.id == bench.database.id)
    let epoch = try restored.readNow(Epochs.current)
    #expect(epoch > 1_700_000_000)
    #expect(try restored.readNow(Epochs.lastRow) == 6)
    let page = try await LogReader(database: restored).page(.init(after: LogCursor(epoch: 1, number: 8)))
    #expect(page.entries.isEmpty && page.next == LogCursor(epoch: epoch, number: 6))
    #expect(throws: StoreError.self) { try restored.writeNow { db in try db.run("DELETE FROM log") } }
    // Opened again it is where it was.
    #expect(try CollectorDatabase(at: other).readNow(Epochs.current) == epoch)
  }

  @Test(
    "a standby is only read; when it takes over, a collector that runs on both begins a new epoch",
    .timeLimit(.minutes(1)))
  func takeover() async throws {
    let primary = try PostgresServer()
    let bench = try Bench(.inPostgreSQL, on: primary)
    let token = try bench.token("ana")
    let standby = try PostgresServer(following: primary)
    let name = try #require(bench.location.description.split(separator: "?").first).split(separator: "/")[1]
    let both = DatabaseLocation.server(
      "postgresql:///\(name)?host=\(primary.folder.path),\(standby.folder.path)&user=collector"
        + "&target_session_attrs=read-write")
    let database = try CollectorDatabase(at: both)
    let caller = try caller(database, token)
    _ = try await caller.open(.numbered(1))
    let events = Stub.chain(4, in: .numbered(1))
    _ = try await caller.push(Array(events[..<2]))
    let alone = try CollectorDatabase(at: .server(standby.address(String(name))), creating: false)
    while try alone.readNow(Epochs.lastRow) < 2 {
      try Task.checkCancellation()
      await Task.yield()
    }
    let copy = bench.path("standby.dump")
    #expect(throws: CollectorError.readOnly) { try Backup.make(of: alone, to: copy) }
    #expect(!FileManager.default.fileExists(atPath: copy))
    #expect(throws: CollectorError.readOnly) {
      try TokenBook(alone).create(analyst: "ana", device: "other", scopes: [.read])
    }
    #expect(throws: StoreError.self) { try alone.writeNow { db in try Epochs.advance(db, beyond: 5) } }
    try primary.stop()
    #expect(try await caller.push(Array(events[2...]), base: events[1].position).status == 503)
    try standby.promote()
    #expect(try await caller.verdicts(Array(events[2...]), base: events[1].position) == ["stored", "stored"])
    #expect(try database.readNow(Epochs.current) > 1_700_000_000)
    #expect(try await caller.entries().map(\.event) == events)
  }

  @Test("texts with a zero byte, which PostgreSQL has none of, hold up no event") func zeroByte() async throws {
    let bench = try Bench(.inPostgreSQL)
    let caller = try caller(bench.database, try bench.token("ana"))
    _ = try await caller.open(.numbered(1))
    let events = Stub.chain(2, in: .numbered(1), kind: "a\\u0000b")
    #expect(try await caller.verdicts(events) == ["stored", "stored"])
    #expect(try await caller.entries().map(\.event) == events)
  }

  @Test("an address with a password is refused, and a server that would lose what it confirmed") func refused() throws {
    for address in ["postgresql://ana:secret@db/x", "postgres:///x?password=secret"] {
      #expect(throws: CollectorError.passwordInAddress) { try DatabaseLocation(address) }
    }
    #expect(throws: CollectorError.self) { try DatabaseLocation("postgresql:///x?no_such_word=1") }
    let server = try PostgresServer()
    let address = try server.database()
    #expect(throws: CollectorError.noDatabase(address)) { try CollectorDatabase(at: .server(address), creating: false) }
    try PostgresConnection(address).execute("ALTER SYSTEM SET fsync = off")
    try server.crash()
    #expect(throws: CollectorError.notDurable(address)) { try CollectorDatabase(at: .server(address)) }
  }

  @Test("question marks become numbers, but for those in quotes") func placeholders() {
    #expect(
      PostgresParameters.numbered("SELECT '?', \"a?\" FROM t WHERE x = ? AND y IN (?, ?)")
        == "SELECT '?', \"a?\" FROM t WHERE x = $1 AND y IN ($2, $3)")
  }
}
