internal import Domain
internal import Feedback
internal import SyncProtocol
internal import Testing

@Suite("The collector's verdicts") struct CollectorRulesTests {
  private let stream = StreamID.numbered(1)
  private let sender = CollectorRules.Sender(analyst: "ana", formerNames: ["unix:ana@desk"])

  private func receive(
    _ events: [OfferedEvent], base: Position = .empty, stream: StreamID = .numbered(1), from analyst: RawText = "ana",
    into collector: inout MemoryCollector
  ) throws -> CollectorRules.Outcome {
    collector.sender = analyst == sender.analyst ? sender : CollectorRules.Sender(analyst: analyst)
    return try CollectorRules.receive(
      EventBatch(stream: stream, base: base, epoch: 1, events: events), from: collector.sender, into: &collector)
  }

  private func verdicts(_ outcome: CollectorRules.Outcome) -> [String] {
    guard case .taken(_, let results) = outcome else { return ["diverged"] }
    return results.map { $0.code.isEmpty ? $0.verdict.text.string : "\($0.verdict.text) \($0.code)" }
  }

  @Test("new events are stored, and the same again are duplicates") func repeated() throws {
    var collector = MemoryCollector()
    let events = Stub.chain(3, in: stream)
    #expect(verdicts(try receive(events, into: &collector)) == ["stored", "stored", "stored"])
    #expect(verdicts(try receive(events, into: &collector)) == ["duplicate", "duplicate", "duplicate"])
    #expect(collector.rows.count == 3)
  }

  @Test("a missing event is a gap: nothing after it is stored") func gap() throws {
    var collector = MemoryCollector()
    let events = Stub.chain(4, in: stream)
    #expect(verdicts(try receive([events[0], events[2], events[3]], into: &collector)) == ["stored", "gap"])
    #expect(collector.head(of: stream) == events[0].position)
  }

  @Test("a base that is not held here means another lineage") func base() throws {
    var collector = MemoryCollector()
    let events = Stub.chain(3, in: stream)
    let strangers = Stub.chain(3, in: stream, from: 50)
    _ = try receive(events, into: &collector)
    #expect(try receive([], base: strangers[1].position, into: &collector) == .diverged(head: events[2].position))
    let beyond = Stub.chain(1, in: stream, after: events[2])[0].position
    #expect(try receive([], base: beyond, into: &collector) == .diverged(head: events[2].position))
    #expect(
      try receive([], base: events[1].position, into: &collector) == .taken(head: events[2].position, results: []))
  }

  @Test("other events at places that are taken, or after another event, mean another lineage") func fork() throws {
    var collector = MemoryCollector()
    let events = Stub.chain(3, in: stream)
    _ = try receive(events, into: &collector)
    let other = Stub.chain(1, in: stream, after: events[1], from: 70)
    #expect(try receive(other, base: events[1].position, into: &collector) == .diverged(head: events[2].position))
    let after = Stub.chain(1, in: stream, after: other[0])
    #expect(try receive(after, base: events[1].position, into: &collector) == .diverged(head: events[2].position))
    #expect(collector.rows.count == 3)
  }

  @Test("what another stream brought before is stored as an alias, its body once") func alias() throws {
    var collector = MemoryCollector()
    _ = try receive(Stub.chain(2, in: stream), into: &collector)
    let again = Stub.chain(3, in: .numbered(2))
    let outcome = try receive(again, stream: .numbered(2), into: &collector)
    #expect(verdicts(outcome) == ["alias", "alias", "stored"])
    #expect(collector.rows.filter { $0.event.body != nil }.count == 3)
  }

  @Test("an alias brings the body that the first had withheld") func lateBody() throws {
    var collector = MemoryCollector()
    _ = try receive([Stub.chain(1, in: stream)[0].withheld], into: &collector)
    _ = try receive(Stub.chain(1, in: .numbered(2)), stream: .numbered(2), into: &collector)
    #expect(collector.rows.map { $0.event.body == nil } == [true, false])
  }

  @Test("an identity that comes back with another body is set aside, body and all") func identity() throws {
    var collector = MemoryCollector()
    _ = try receive(Stub.chain(1, in: stream), into: &collector)
    let forged = Stub.event(Stub.body(999), seq: 1, id: 1, prev: .zero, stream: .numbered(2))
    #expect(verdicts(try receive([forged], stream: .numbered(2), into: &collector)) == ["quarantined identity"])
    #expect(collector.rows.last?.event.body == Stub.body(999))
  }

  @Test("whoever sends another analyst's event first does not keep it from counting", arguments: [true, false])
  func first(isSame: Bool) throws {
    var collector = MemoryCollector()
    let own = Stub.chain(2, in: .numbered(2))
    let copy =
      isSame ? Stub.chain(2, in: stream) : [Stub.event(Array("x".utf8), seq: 1, id: 1, prev: .zero, stream: stream)]
    let code = isSame ? "analyst" : "unreadable"
    #expect(verdicts(try receive(copy, from: "brent", into: &collector)) == copy.map { _ in "quarantined \(code)" })
    #expect(verdicts(try receive(own, stream: .numbered(2), into: &collector)) == ["stored", "stored"])
    func good() -> [OfferedEvent] {
      collector.rows.filter { $0.event.body != nil && $0.note.quarantine == nil }.map(\.event)
    }
    #expect(good() == own)
    // From another device of hers it is an alias, as ever, and nobody's later copy changes anything.
    let again = verdicts(try receive(Stub.chain(2, in: .numbered(3)), stream: .numbered(3), into: &collector))
    #expect(again == ["alias", "alias"])
    _ = try receive(Stub.chain(2, in: .numbered(4)), stream: .numbered(4), from: "carl", into: &collector)
    #expect(good() == own)
    // Another body of her own under the same identity is set aside, whatever others sent.
    let forged = Stub.event(Stub.body(999), seq: 1, id: 1, prev: .zero, stream: .numbered(5))
    #expect(verdicts(try receive([forged], stream: .numbered(5), into: &collector)) == ["quarantined identity"])
  }

  @Test("what was set aside is told with its reason again where the answer was lost") func setAsideAgain() throws {
    var collector = MemoryCollector()
    let good = Stub.chain(1, in: stream)[0]
    let foreign = Stub.event(Stub.body(2, analyst: "eve"), seq: 2, id: 2, prev: good.hash, stream: stream)
    for known in ["stored", "duplicate"] {
      #expect(verdicts(try receive([good, foreign], into: &collector)) == [known, "quarantined analyst"])
    }
    #expect(collector.rows.count == 2)
  }

  @Test("a bad event is set aside and holds up nobody") func poison() throws {
    var collector = MemoryCollector()
    var last: OfferedEvent?
    var events: [OfferedEvent] = []
    let bodies = [
      Stub.body(1), Array("no json".utf8), Stub.body(3, analyst: "eve"), Stub.body(4, analyst: "unix:ana@desk"),
      Array("{\"kind\":\"note\",\"kind\":\"note\"}".utf8), Stub.body(6),
    ]
    for (index, body) in bodies.enumerated() {
      let event = Stub.event(
        body, seq: index + 1, id: UInt64(index + 1), prev: last?.hash ?? .zero, stream: stream)
      events.append(index == 5 ? event.withheld : event)
      last = event
    }
    #expect(
      verdicts(try receive(events, into: &collector)) == [
        "stored", "quarantined unreadable", "quarantined analyst", "stored", "quarantined unreadable",
        "quarantined withheld",
      ])
    #expect(collector.rows.map(\.event) == events)
  }

  @Test("an event that was damaged on the way is not stored") func damage() throws {
    var collector = MemoryCollector()
    var events = Stub.chain(3, in: stream)
    events[1].body?[4] ^= 1
    #expect(verdicts(try receive(events, into: &collector)) == ["stored", "retry damaged"])
    events = Stub.chain(3, in: .numbered(2))  // hashed for another stream
    #expect(verdicts(try receive([events[1]], into: &collector)) == ["retry damaged"])
  }

  @Test("the first body over the limit is named") func oversized() {
    var limits = Hello.Limits()
    limits.eventBytes = Stub.body(10).count - 1
    let batch = EventBatch(stream: stream, base: .empty, epoch: 1, events: Stub.chain(12, in: stream))
    #expect(CollectorRules.oversized(in: batch, limits: limits) == 10)
    limits.eventBytes += 1
    #expect(CollectorRules.oversized(in: batch, limits: limits) == nil)
  }
}
