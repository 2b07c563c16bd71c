internal import Domain
internal import Feedback
internal import Testing

@testable import SyncProtocol

@Suite("The client") struct SyncClientTests {
  private let stream = StreamID.numbered(1)
  private let events: [OfferedEvent]

  init() { events = Stub.chain(120, in: stream) }

  private func hello(epoch: Int = 1, id: RawText = "c", events: Int = 1000) -> Hello {
    Hello(
      collectorID: id, epoch: epoch, now: Timestamp(microseconds: 0),
      limits: Hello.Limits(bodyBytes: 1 << 20, events: events, eventBytes: 4096))
  }

  /// A client that has pushed its first batch.
  private func pushing(_ offered: [OfferedEvent]) -> (Driven, EventBatch) {
    let client = Driven(cursor: SyncCursor(stream: stream), collectorID: "")
    _ = client.handle(.began(last: events[119].position))
    _ = client.handle(.greeted(hello()))
    _ = client.handle(.opened(StreamHead(epoch: 1, head: .empty, safe: .empty)))
    guard case .ask(.push(let batch)) = client.handle(.read(offered)).last else {
      Issue.record("no batch")
      return (client, EventBatch(stream: stream, base: .empty, epoch: 0, events: []))
    }
    return (client, batch)
  }

  private func answer(_ batch: EventBatch, epoch: Int = 1) -> BatchAnswer {
    BatchAnswer(
      epoch: epoch, head: batch.events.last?.position ?? batch.base, safe: .empty, now: Timestamp(microseconds: 0),
      results: batch.events.map { RecordResult($0.position, .stored) })
  }

  @Test("greets, opens, reads and pushes, and saves the cursor before it reads on") func round() {
    let client = Driven(cursor: SyncCursor(stream: stream), collectorID: "")
    #expect(client.handle(.began(last: events[2].position)) == [.ask(.hello)])
    #expect(client.handle(.greeted(hello())) == [.ask(.open(stream))])
    let bytes = client.value.limits.batchBytes
    #expect(
      client.handle(.opened(StreamHead(epoch: 1, head: .empty, safe: .empty))) == [
        .read(after: 0, limit: 50, bytes: bytes)
      ])
    let three = Array(events[..<3])
    let batch = EventBatch(stream: stream, base: .empty, epoch: 0, events: three)
    #expect(client.handle(.read(three)) == [.ask(.push(batch))])
    let cursor = SyncCursor(stream: stream, epoch: 1, acked: events[2].position)
    #expect(
      client.handle(.answered(batch, answer(batch), own: Stub.hashes(three))) == [
        .save(cursor), .read(after: 3, limit: 100, bytes: bytes),
      ])
    #expect(client.handle(.read([])) == [.finish(.caughtUp)])
    #expect(client.value.isResting && client.value.collectorID == "c")
  }

  @Test("asks once even with nothing to send, to hear what is safe") func heartbeat() {
    let cursor = SyncCursor(stream: stream, epoch: 1, acked: events[4].position)
    let client = Driven(cursor: cursor, collectorID: "c")
    _ = client.handle(.began(last: events[4].position))
    _ = client.handle(.greeted(hello()))
    let batch = EventBatch(stream: stream, base: cursor.acked, epoch: 1, events: [])
    #expect(client.handle(.read([])) == [.ask(.push(batch))])
    var answer = answer(batch)
    answer.safe = events[3].position
    let effects = client.handle(.answered(batch, answer, own: Stub.hashes(events)))
    #expect(effects.first == .save(SyncCursor(stream: stream, epoch: 1, acked: cursor.acked, safe: answer.safe)))
    #expect(client.handle(.read([])) == [.finish(.caughtUp)])
  }

  @Test("stops before another collector, an unknown protocol and an epoch that went back") func strangers() {
    func outcome(_ hello: Hello) -> [SyncClient.Effect] {
      let client = Driven(cursor: SyncCursor(stream: stream, epoch: 3), collectorID: "c")
      _ = client.handle(.began(last: .empty))
      return client.handle(.greeted(hello))
    }
    #expect(outcome(hello(epoch: 3, id: "d")) == [.finish(.stopped(.otherCollector(found: "d")))])
    #expect(outcome(hello(epoch: 2)) == [.finish(.stopped(.epochWentBack(from: 3, to: 2)))])
    var later = hello(epoch: 3)
    later.protocols = [2, 3]
    #expect(outcome(later) == [.finish(.stopped(.protocolVersion([2, 3])))])
  }

  @Test("a collector that asks for a newer program gets nothing until one of the two is another, and no cursor moves")
  func outdated() {
    let cursor = SyncCursor(stream: stream, epoch: 1, acked: events[3].position)
    func answer(_ wanted: ProgramVersion?, own: ProgramVersion?, epoch: Int = 1) -> ([SyncClient.Effect], SyncClient) {
      var client = SyncClient(cursor: cursor, collectorID: "c", version: own)
      _ = client.handle(.began(last: events[9].position))
      var hello = hello(epoch: epoch)
      hello.minimumClient = wanted
      return (client.handle(.greeted(hello)), client)
    }
    let (own, wanted) = (ProgramVersion(1, 3), ProgramVersion(1, 4))
    let pause = SyncOutcome.waiting(milliseconds: 900_000, .outdated(own: own, wanted: wanted))
    // Also where its epoch is another: nothing is learned of it.
    for epoch in 1...2 {
      let (effects, client) = answer(wanted, own: own, epoch: epoch)
      #expect(effects == [.finish(pause)])
      #expect(client.cursor == cursor && client.isResting)
    }
    for (wanted, own) in [(nil, own), (own, own), (ProgramVersion(1, 2, 9), own), (wanted, nil)] {
      guard case .read? = answer(wanted, own: own).0.first else {
        Issue.record("\(String(describing: wanted)) of \(String(describing: own)) is not taken for new enough")
        continue
      }
    }
    // Asked again, it goes on where it was.
    var (_, client) = answer(wanted, own: own)
    #expect(client.handle(.began(last: events[9].position)) == [.ask(.hello)])
    #expect(
      client.handle(.greeted(hello())) == [.read(after: 4, limit: 50, bytes: client.limits.batchBytes)])
  }

  @Test("a batch that is too large is halved; one event that is too large stays here, and the rest goes on")
  func tooLarge() {
    let (client, first) = pushing(Array(events[..<50]))
    var batch = first
    var sizes: [Int] = [batch.events.count]
    while batch.events.count > 1 {
      let effects = client.handle(.refused(.push(batch), status: 413, Refusal("too-large"), random: 0))
      guard case .read(_, let limit, _) = effects.last else {
        Issue.record("\(effects)")
        return
      }
      guard case .ask(.push(let next)) = client.handle(.read(Array(events[..<limit]))).last else { return }
      batch = next
      sizes.append(batch.events.count)
    }
    #expect(sizes == [50, 25, 12, 6, 3, 1])
    let effects = client.handle(.refused(.push(batch), status: 413, Refusal("too-large"), random: 0))
    #expect(effects.first == .wedge(seq: 1, code: "too-large"))
    let next = client.handle(.read(Array(events[..<2])))
    #expect(next.last == .ask(.push(start(with: [events[0].withheld, events[1]]))))
  }

  private func start(with offered: [OfferedEvent]) -> EventBatch {
    EventBatch(stream: stream, base: .empty, epoch: 0, events: offered)
  }

  @Test("the event that a refusal names is withheld at once") func named() {
    let (client, batch) = pushing(Array(events[..<50]))
    let effects = client.handle(.refused(.push(batch), status: 413, Refusal("too-large", seq: 7), random: 0))
    #expect(effects.first == .wedge(seq: 7, code: "too-large"))
    guard case .ask(.push(let next)) = client.handle(.read(Array(events[..<50]))).last else { return }
    #expect(next.events.filter { $0.body == nil }.map(\.seq) == [7])
  }

  @Test("an event over the collector's limit, or damaged on this disk, is offered without its body") func withheld() {
    let large = Stub.event([UInt8](repeating: 0x20, count: 5000), seq: 1, id: 1, prev: .zero, stream: stream)
    var damaged = Stub.chain(1, in: stream, after: large)[0]
    damaged.body?[3] ^= 1
    let client = Driven(cursor: SyncCursor(stream: stream), collectorID: "")
    _ = client.handle(.began(last: damaged.position))
    _ = client.handle(.greeted(hello()))
    _ = client.handle(.opened(StreamHead(epoch: 1, head: .empty, safe: .empty)))
    #expect(
      client.handle(.read([large, damaged])) == [
        .wedge(seq: 1, code: "too-large"), .wedge(seq: 2, code: "damaged"),
        .ask(.push(start(with: [large.withheld, damaged.withheld]))),
      ])
  }

  @Test("a busy collector is left alone for as long as it says, an hour at most", arguments: [429, 503, 500, 408])
  func busy(status: Int) {
    func wait(_ wish: Int?) -> Int? {
      let (client, batch) = pushing(Array(events[..<5]))
      let refusal = Refusal("busy", retryAfter: wish)
      guard
        case .finish(.waiting(let milliseconds, _)) = client.handle(
          .refused(.push(batch), status: status, refusal, random: 0)
        ).last
      else { return nil }
      return milliseconds
    }
    #expect(wait(nil) == 1000)
    #expect(wait(90_000) == 90_000)
    #expect(wait(90_000_000) == 3_600_000)
  }

  @Test("waits grow with jitter up to a quarter of an hour and start again after a success") func backoff() {
    var backoff = Backoff()
    for _ in 0..<4 {
      let shortest = backoff.next(random: 0, wish: nil)
      #expect(shortest == 1000)
    }
    var waits: [Int] = []
    for _ in 0..<12 { waits.append(backoff.next(random: 0.999_999, wish: nil)) }
    #expect(waits.first ?? 0 <= 3000 && waits.last == 900_000 && waits == waits.sorted())
    backoff.reset()
    let after = backoff.next(random: 0.5, wish: nil)
    #expect(after == 2000)
  }

  @Test("without a token the round stops in the token's own words, and nothing is asked") func noToken() {
    var client = SyncClient(cursor: SyncCursor(stream: stream), collectorID: "")
    _ = client.handle(.began(last: .empty))
    let stop = SyncStop.noToken("others can read the file")
    #expect(client.handle(.unasked(.open(stream), stop)) == [])
    #expect(client.handle(.unasked(.hello, stop)) == [.finish(.stopped(stop))])
    #expect(client.isResting)
  }

  @Test("401 and 403 stop the round; recording is not concerned") func unauthorized() {
    let (client, batch) = pushing(Array(events[..<5]))
    #expect(
      client.handle(.refused(.push(batch), status: 401, Refusal("token"), random: 0))
        == [.finish(.stopped(.unauthorized))])
    #expect(client.value.isResting)
  }

  @Test("a timeout halves the batch, whichever side's it is; one that is only too much now does not") func timeout() {
    func size(after input: (EventBatch) -> SyncClient.Input) -> Int {
      let (client, batch) = pushing(Array(events[..<50]))
      _ = client.handle(input(batch))
      return client.value.batchSize.count
    }
    #expect(size { .failed(.push($0), .timeout, random: 0) } == 25)
    #expect(size { .refused(.push($0), status: 408, Refusal("cut"), random: 0) } == 25)
    #expect(size { .refused(.push($0), status: 503, Refusal("busy"), random: 0) } == 50)
    #expect(size { .refused(.push($0), status: 429, Refusal("rate", maximumEvents: 7), random: 0) } == 7)
  }

  @Test("batches double until one fails, and grow by little from there") func batchSizes() {
    var size = BatchSize()
    func next() -> Int {
      size.grow(limit: 5000)
      return size.count
    }
    #expect((0..<6).map { _ in next() } == [100, 200, 400, 800, 1000, 1000])
    size.halve()
    #expect(size.count == 500)
    #expect((0..<2).map { _ in next() } == [525, 550])
  }

  @Test("what can be prepared while a batch is on its way is what is asked for when all of it is received")
  func preparing() {
    let cursor = SyncCursor(stream: stream, epoch: 1, acked: events[9].position)
    let client = Driven(cursor: cursor, collectorID: "c")
    _ = client.handle(.began(last: events[119].position))
    _ = client.handle(.greeted(hello()))
    let (first, rest) = (Array(events[10..<60]), Array(events[60..<120]))
    let batch = EventBatch(stream: stream, base: cursor.acked, epoch: 1, events: first)
    #expect(client.handle(.read(first)) == [.ask(.push(batch))])
    let reading = client.value.reading(after: batch)
    let next = client.value.batch(of: rest, after: batch)
    #expect(client.handle(.answered(batch, answer(batch), own: Stub.hashes(events))).last == reading)
    #expect(client.handle(.read(rest)) == [.ask(.push(next))])
  }

  @Test("a collector that forgot the stream is told of it again") func forgotten() {
    let (client, batch) = pushing(Array(events[..<5]))
    let refusal = Refusal(Refusal.unknownStream)
    #expect(client.handle(.refused(.push(batch), status: 404, refusal, random: 0)) == [.ask(.open(stream))])
  }

  @Test("a collector that was restored is sent everything after the last shared event") func rewind() {
    let cursor = SyncCursor(stream: stream, epoch: 1, acked: events[99].position, safe: events[49].position)
    let client = Driven(cursor: cursor, collectorID: "c")
    _ = client.handle(.began(last: events[119].position))
    _ = client.handle(.greeted(hello(epoch: 2)))
    _ = client.handle(.opened(StreamHead(epoch: 2, head: events[59].position, safe: .empty)))
    guard case .ask(.push(let batch)) = client.handle(.read(Array(events[100..<110]))).last else { return }
    var effects = client.handle(.diverged(batch, Lineage(epoch: 2, head: events[59].position)))
    while case .ask(.hashes(_, let places)) = effects.last {
      let answer = StreamHashes(
        epoch: 2, head: events[59].position, hashes: places.filter { $0 <= 60 }.map { events[$0 - 1].position })
      effects = client.handle(.hashed(stream, answer, own: Stub.hashes(events)))
    }
    #expect(effects.first == .save(SyncCursor(stream: stream, epoch: 2, acked: events[59].position)))
  }

  @Test("a ledger that was copied takes a new stream and offers everything again") func fork() {
    let others = events[..<40] + Stub.chain(5, in: stream, after: events[39], from: 900)
    let head = others[44].position
    let (client, batch) = pushing(Array(events[..<50]))
    var effects = client.handle(.diverged(batch, Lineage(epoch: 1, head: head)))
    while case .ask(.hashes(_, let places)) = effects.last {
      let answer = StreamHashes(epoch: 1, head: head, hashes: places.map { others[$0 - 1].position })
      effects = client.handle(.hashed(stream, answer, own: Stub.hashes(events)))
    }
    #expect(effects == [.fork(shared: events[39].position)])
    let fresh = StreamID.numbered(2)
    #expect(
      client.handle(.forked(into: fresh, last: Position(seq: 121, hash: .zero))) == [
        .save(SyncCursor(stream: fresh)), .ask(.open(fresh)),
      ])
    // A late answer about the old stream is not heard.
    #expect(client.handle(.answered(batch, answer(batch), own: Stub.hashes(events))).isEmpty)
    #expect(client.value.cursor == SyncCursor(stream: fresh))
  }

  @Test("a restore in the middle of the search begins it anew") func restoredMeanwhile() {
    let (client, batch) = pushing(Array(events[..<50]))
    let effects = client.handle(.diverged(batch, Lineage(epoch: 1, head: events[79].position)))
    guard case .ask(.hashes(_, let places)) = effects.last else {
      Issue.record("\(effects)")
      return
    }
    let answer = StreamHashes(
      epoch: 2, head: events[29].position, hashes: places.filter { $0 <= 30 }.map { events[$0 - 1].position })
    guard case .ask(.hashes(_, let anew)) = client.handle(.hashed(stream, answer, own: Stub.hashes(events))).last else {
      Issue.record("no new search")
      return
    }
    #expect(anew.last == 30)
  }

  @Test("a collector that confirms nothing ends the round instead of turning for ever") func stalled() {
    let (client, first) = pushing(Array(events[..<5]))
    var batch = first
    for _ in 0..<20 {
      let silent = BatchAnswer(
        epoch: 1, head: .empty, safe: .empty, now: Timestamp(microseconds: 0),
        results: [RecordResult(batch.events[0].position, "maybe")])
      let effects = client.handle(.answered(batch, silent, own: Stub.hashes(events)))
      guard case .read = effects.last else {
        guard case .finish(.waiting) = effects.last else {
          Issue.record("\(effects)")
          return
        }
        return
      }
      guard case .ask(.push(let next)) = client.handle(.read(Array(events[..<5]))).last else { return }
      batch = next
    }
    Issue.record("never ended")
  }
}

/// A client behind a reference, so that an expectation can move it.
private final class Driven {
  var value: SyncClient

  init(cursor: SyncCursor, collectorID: RawText) { value = SyncClient(cursor: cursor, collectorID: collectorID) }

  func handle(_ input: SyncClient.Input) -> [SyncClient.Effect] { value.handle(input) }
}
