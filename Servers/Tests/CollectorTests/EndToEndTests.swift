internal import Domain
internal import Feedback
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

/// A ledger in memory that syncs by the production state machine over the collector's real routes.
private struct Device {
  var stream: StreamID
  var events: [OfferedEvent] = []
  var cursor: SyncCursor
  var wedged: [Int] = []
  var outcome: SyncOutcome?
  var random: Seeded

  init(stream: StreamID, seed: UInt64) {
    self.stream = stream
    cursor = SyncCursor(stream: stream)
    random = Seeded(state: seed)
  }

  mutating func save(_ count: Int, from first: Int) {
    events += Stub.chain(count, in: stream, after: events.last, from: first)
  }

  /// A round in which answers are lost with this probability, and the request may have arrived twice.
  mutating func sync(_ caller: Caller, loss: Double = 0) async throws {
    var client = SyncClient(cursor: cursor, collectorID: "")
    var effects = client.handle(.began(last: events.last?.position ?? .empty))
    while !effects.isEmpty {
      switch effects.removeFirst() {
      case .ask(let request):
        let isLost = Double.random(in: 0..<1, using: &random) < loss
        let isRepeated = Double.random(in: 0..<1, using: &random) < loss
        if isRepeated { _ = try await answer(request, caller) }
        let input = try await answer(request, caller)
        effects += client.handle(isLost ? .failed(request, .timeout, random: 0) : input)
      case .read(let after, let limit, _):
        effects += client.handle(.read(Array(events.dropFirst(after).prefix(limit))))
      case .save(let cursor): self.cursor = cursor
      case .wedge(let seq, _): wedged.append(seq)
      case .fork:
        stream = StreamID(using: &random)
        events = events.reduce(into: []) { chain, event in
          chain.append(rechained(event, after: chain.last))
        }
        effects += client.handle(.forked(into: stream, last: events.last?.position ?? .empty))
      case .finish(let outcome): self.outcome = outcome
      }
    }
  }

  private func rechained(_ event: OfferedEvent, after last: OfferedEvent?) -> OfferedEvent {
    var event = event
    event.seq = (last?.seq ?? 0) + 1
    event.prev = last?.hash ?? .zero
    event.hash = Event.hash(
      stream: stream, seq: event.seq, prev: event.prev, eventID: event.eventID, leaf: event.leaf)
    return event
  }

  private func own(_ places: [Int]) -> [Int: Hash] {
    Dictionary(
      places.compactMap { events.indices.contains($0 - 1) ? ($0, events[$0 - 1].hash) : nil },
      uniquingKeysWith: { first, _ in first })
  }

  private func answer(_ request: SyncRequest, _ caller: Caller) async throws -> SyncClient.Input {
    let answer: Caller.Answer
    switch request {
    case .hello: answer = try await caller.get("/v1/hello")
    case .open(let stream): answer = try await caller.open(stream)
    case .hashes(let stream, let places):
      answer = try await caller.get(
        "/v1/streams/\(stream.hex)/hashes?at=\(places.map(String.init).joined(separator: ","))")
    case .push(let batch): answer = try await caller.call(.post, "/v1/streams/\(batch.stream.hex)/events", batch.bytes)
    }
    switch (request, answer.status) {
    case (.push(let batch), 409): return .diverged(batch, try answer.message())
    case (_, 400...): return .refused(request, status: answer.status, try answer.message(), random: 0)
    case (.hello, _): return .greeted(try answer.message())
    case (.open, _): return .opened(try answer.message())
    case (.hashes(let stream, let places), _): return .hashed(stream, try answer.message(), own: own(places))
    case (.push(let batch), _):
      let message: BatchAnswer = try answer.message()
      return .answered(batch, message, own: own(message.places))
    }
  }
}

@Suite("A ledger and its collector") struct EndToEndTests {
  private func serve(
    _ bench: Bench, limits: Hello.Limits = Hello.Limits(),
    _ body: @Sendable @escaping (Caller) async throws -> Void
  ) async throws {
    let token = try bench.token("ana")
    let client = InProcessClient(try bench.collector(limits: limits).router().buildResponder())
    try await body(Caller(client: client, token: token))
  }

  @Test("answers that are lost and requests that arrive twice leave each event stored once", arguments: Kept.allCases)
  func lossy(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    try await serve(bench) { caller in
      for seed in 1...8 as ClosedRange<UInt64> {
        var device = Device(stream: .numbered(UInt8(seed)), seed: seed)
        for round in 0..<12 {
          device.save(9, from: Int(seed) * 10_000 + round * 9)
          try await device.sync(caller, loss: 0.4)
        }
        try await device.sync(caller)
        #expect(device.outcome == .caughtUp && device.cursor.acked == device.events.last?.position)
      }
      let entries = try await caller.entries("?limit=5000")
      #expect(entries.count == 8 * 12 * 9)
      #expect(Set(entries.map(\.event.eventID)).count == entries.count)
    }
  }

  @Test("a copied ledger forks, and both copies' events arrive once", arguments: Kept.allCases) func copies(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    try await serve(bench) { caller in
      var first = Device(stream: .numbered(1), seed: 1)
      first.save(200, from: 1)
      try await first.sync(caller)
      var second = first
      second.random = Seeded(state: 2)
      first.save(3, from: 1000)
      second.save(4, from: 2000)
      try await first.sync(caller)
      try await second.sync(caller)
      #expect(first.stream == .numbered(1) && second.stream != .numbered(1))
      #expect(second.outcome == .caughtUp)
      let entries = try await caller.entries("?limit=5000")
      #expect(entries.count == 207 && Set(entries.map(\.event.eventID)).count == 207)
    }
  }

  @Test("an event over the limit stays on the device and holds up nobody", arguments: Kept.allCases) func wedge(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let size = Stub.body(50).count
    try await serve(bench, limits: Hello.Limits(bodyBytes: 1 << 20, events: 100, eventBytes: size)) { caller in
      var device = Device(stream: .numbered(1), seed: 1)
      device.save(10, from: 10)
      device.events.append(
        Stub.event(Stub.body(1_000_000), after: device.events.last, id: 5, stream: .numbered(1)))
      device.save(10, from: 30)
      try await device.sync(caller)
      #expect(device.outcome == .caughtUp && device.wedged == [11])
      #expect(try await caller.entries().count == 20)
      #expect(try await caller.entries("?all=1").map(\.quarantine.string).filter { !$0.isEmpty } == ["withheld"])
    }
  }

  @Test("a collector restored from its backup gets again what it lost") func restore() async throws {
    let bench = try Bench()
    let token = try bench.token("ana")
    var device = Device(stream: .numbered(1), seed: 1)
    device.save(60, from: 1)
    device = try await synced(device, bench, token)
    try Backup.make(of: bench.database, to: bench.path("b.db"))
    device.save(40, from: 61)
    device = try await synced(device, bench, token)
    #expect(device.cursor.safe.seq == 60 && device.cursor.acked.seq == 100)
    try bench.database.close()
    try Backup.restore(bench.path("b.db"), to: .file(bench.path("c.db")))
    try bench.reopen()
    device = try await synced(device, bench, token)
    #expect(device.outcome == .caughtUp && device.cursor.epoch > 1 && device.cursor.acked.seq == 100)
    let rows = try await bench.database.read { db in try Epochs.lastRow(db) }
    #expect(rows == 100)
  }

  @Test("a backup that is restored a second time, on a new disk, loses nothing of what readers and devices lack")
  func restoredTwice() async throws {
    let bench = try Bench()
    let token = try bench.token("ana")
    var (first, second) = (Device(stream: .numbered(1), seed: 1), Device(stream: .numbered(2), seed: 2))
    first.save(6, from: 1)
    first = try await synced(first, bench, token)
    try Backup.make(of: bench.database, to: bench.path("b.db"))

    // On the first disk one device's work comes in, and a reader has all of it.
    let (one, other) = (bench.path("first.db"), bench.path("second.db"))
    _ = try SQLiteBackup.restore(bench.path("b.db"), to: one, at: Timestamp(microseconds: 1_700_000_000_000_000))
    var database = try CollectorDatabase(at: .file(one))
    first.save(4, from: 11)
    first = try await synced(first, database, token)
    let read = try await LogReader(database: database).page(.init())
    #expect(read.next.text == "1700000000:10" && first.cursor.acked.seq == 10)
    try database.close()

    // The disk is lost; on the second another's comes in first.
    _ = try SQLiteBackup.restore(bench.path("b.db"), to: other, at: Timestamp(microseconds: 1_700_000_600_000_000))
    database = try CollectorDatabase(at: .file(other))
    second.save(3, from: 21)
    second = try await synced(second, database, token)
    first = try await synced(first, database, token)
    #expect(first.outcome == .caughtUp && second.outcome == .caughtUp)
    let again = try await LogReader(database: database).page(.init(after: read.next, refusesBeyondEnd: true))
    #expect(Set(again.entries.map(\.event.eventID)) == Set((first.events + second.events).map(\.eventID)))
    #expect(again.next.text == "1700000600:13")
    // An export that goes on begins anew as well.
    var count = 0
    try CollectorLog(database, .init(after: read.next)).forEach { _ in count += 1 }
    #expect(count == 13)
    // A place of the backup's own epoch goes back to what the backup held.
    let own = try await LogReader(database: database).page(.init(after: LogCursor(epoch: 1, number: 9)))
    #expect(own.entries.count == 7)
    try database.close()
  }

  private func synced(_ device: Device, _ bench: Bench, _ token: String) async throws -> Device {
    try await synced(device, bench.database, token)
  }

  private func synced(_ device: Device, _ database: CollectorDatabase, _ token: String) async throws -> Device {
    let client = InProcessClient(try Collector(database).router().buildResponder())
    var device = device
    try await device.sync(Caller(client: client, token: token))
    return device
  }
}
