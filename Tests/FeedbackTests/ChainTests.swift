import Domain
import Feedback
import Testing

@Suite("The chain")
struct ChainTests {
  let events: [Event]

  init() throws {
    let drafts = (1...5).map { number in
      EventDraft(
        eventID: Sample.eventID(number), body: Sample.body(.note(RawText("note \(number)")), after: Double(number)))
    }
    events = try Chain.seal(drafts, stream: Sample.stream, after: .empty)
  }

  @Test("holds for what was sealed, and goes on from a head")
  func holds() {
    #expect(Chain.verify(events, stream: Sample.stream) == nil)
    #expect(Chain.verify(events[2...], stream: Sample.stream, after: .init(seq: 2, hash: events[1].hash)) == nil)
    #expect(events.map(\.seq) == [1, 2, 3, 4, 5])
    #expect(events[0].prev == .zero)
  }

  @Test("finds the first event that was changed, and says how")
  func changed() throws {
    func bad(_ change: (inout [Event]) -> Void) -> Chain.BadLink? {
      var copy = events
      change(&copy)
      return Chain.verify(copy, stream: Sample.stream)
    }
    #expect(bad { $0[2].body?[0] ^= 1 } == .init(seq: 3, reason: .leaf))
    #expect(bad { $0[2].leaf = .zero } == .init(seq: 3, reason: .leaf))
    #expect(bad { $0[2].hash = .zero } == .init(seq: 3, reason: .hash))
    #expect(bad { $0[2].prev = .zero } == .init(seq: 3, reason: .prev))
    #expect(bad { $0[2].eventID = Sample.eventID(9) } == .init(seq: 3, reason: .hash))
    #expect(bad { $0[2].analyst = "eve" } == .init(seq: 3, reason: .copy("analyst")))
    #expect(bad { $0[2].kind = .flag } == .init(seq: 3, reason: .copy("kind")))
    #expect(bad { $0[2].at = .init(microseconds: 1) } == .init(seq: 3, reason: .copy("time")))
    #expect(bad { $0[2].caseID = nil } == .init(seq: 3, reason: .copy("case")))
    #expect(bad { $0.remove(at: 1) } == .init(seq: 3, reason: .gap(expected: 2)))
    #expect(bad { $0.swapAt(1, 2) } == .init(seq: 3, reason: .gap(expected: 2)))
    #expect(bad { $0[4].stream = Sample.streamID(2) } == .init(seq: 5, reason: .stream(Sample.streamID(2))))
    #expect(bad { $0[2].body = nil } == nil)
  }

  @Test("finds any single flipped bit of any part")
  func bits() throws {
    let event = events[1]
    for (index, _) in (event.body ?? []).enumerated() {
      var copy = events
      copy[1].body?[index] ^= 0x10
      #expect(Chain.verify(copy, stream: Sample.stream)?.seq == 2)
    }
  }

  @Test("a reference within a batch gets its hash, one to an unknown event without a hash is refused")
  func references() throws {
    let first = EventDraft(eventID: Sample.eventID(1), body: Sample.body(.seen(Sample.seen)))
    let second = EventDraft(
      eventID: Sample.eventID(2),
      body: Sample.body(.judgement(Sample.judgement), [EventReference(.seen, first.eventID)]))
    let sealed = try Chain.seal([first, second], stream: Sample.stream, after: .empty)
    #expect(try sealed[1].decoded().references == [EventReference(.seen, sealed[0])])
    #expect(throws: EventBodyError.self) { try Chain.seal([second], stream: Sample.stream, after: .empty) }
  }
}
