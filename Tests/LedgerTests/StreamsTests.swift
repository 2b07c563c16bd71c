import Domain
import Feedback
import Ledger
import Testing

@Suite("Streams and the way to the collector")
struct StreamsTests {
  let scratch: Scratch
  let ledger: Ledger

  init() throws {
    scratch = try Scratch()
    ledger = try scratch.open()
  }

  private func notes(_ count: Int, to stream: StreamID) throws -> [Event] {
    try ledger.append(
      (0..<count).map { EventBody(stamp: Sample.stamp(), payload: .note(RawText("\($0)"))) }, to: stream)
  }

  private func place(_ event: Event) -> Chain.Head { Chain.Head(seq: event.seq, hash: event.hash) }

  @Test("each context and collector has a stream of its own, which goes on")
  func own() throws {
    let local = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let bound = try ledger.stream(for: "prod", collector: "https://c", stamp: Sample.stamp())
    let other = try ledger.stream(for: "lab", stamp: Sample.stamp())
    #expect(Set([local.id, bound.id, other.id]).count == 3)
    #expect(try ledger.stream(for: "prod", stamp: Sample.stamp(9)) == local)
    #expect(try ledger.events(of: bound.id, limit: 9).map(\.kind) == [.streamStart])
    #expect(try ledger.streams().count == 3)
  }

  @Test("a local stream can be given to a collector once")
  func bind() throws {
    let local = try ledger.stream(for: "prod", stamp: Sample.stamp())
    #expect(try ledger.bind(local.id, to: "c1").collector == "c1")
    #expect(try ledger.bind(local.id, to: "c1").collector == "c1")
    #expect(throws: LedgerError.bound(to: "c1")) { try ledger.bind(local.id, to: "c2") }
    #expect(try ledger.stream(for: "prod", collector: "c1", stamp: Sample.stamp()).id == local.id)
    #expect(try ledger.stream(for: "prod", stamp: Sample.stamp()).id != local.id)
  }

  @Test("an event goes from saved to sent, received and archived, and a wedged one says why")
  func states() throws {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let events = try notes(5, to: stream.id)
    #expect(try ledger.outboxCounts(of: stream.id)[.saved] == 6)
    try ledger.markSent(stream.id, through: 5)
    try ledger.keepCursor(of: stream.id, epoch: 3, acked: place(events[2]), safe: place(events[0]))
    try ledger.wedge(stream.id, seq: 5, code: "too-large", detail: "64 KiB", at: Sample.start)
    let counts = try ledger.outboxCounts(of: stream.id)
    #expect(counts == [.archived: 2, .received: 2, .sent: 0, .saved: 1, .wedged: 1])
    let outbox = try ledger.outbox(of: stream.id)
    #expect(outbox.map(\.event.seq) == [6, 5, 4, 3])
    #expect(outbox.map(\.state) == [.saved, .wedged, .received, .received])
    #expect(outbox[1].code == "too-large" && outbox[1].detail == "64 KiB")
    #expect(try ledger.waitingCount() == 2)
    #expect(try ledger.waitingKinds(of: stream.id) == ["note": 1])
    #expect(try ledger.waitingCount(context: "lab") == 0)
    try ledger.unwedge(stream.id, seq: 5)
    #expect(try ledger.outbox(of: stream.id)[1].state == .sent)
    #expect(try ledger.stream(stream.id).epoch == 3)
  }

  @Test("what the collector had set aside and counts now needs nobody any more; what it cannot take still does")
  func released() throws {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let events = try notes(3, to: stream.id)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: place(events[2]), safe: .empty)
    for seq in [2, 3] { try ledger.wedge(stream.id, setAside: seq, because: "analyst", at: Sample.start) }
    try ledger.wedge(stream.id, seq: 4, code: "too-large", at: Sample.start)
    try ledger.release(stream.id, at: [1, 2, 4])
    #expect(try ledger.outbox(of: stream.id).filter { $0.state == .wedged }.map(\.event.seq) == [4, 3])
  }

  @Test("what waits is counted by kind however much it is, and each stream tells its last event") func waiting() throws
  {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let events = try notes(1200, to: stream.id)
    #expect(try ledger.waitingKinds(of: stream.id) == ["note": 1200, "stream.start": 1])
    #expect(try ledger.lastEvent(of: stream.id) == events.last)
    try ledger.keepCursor(of: stream.id, epoch: 1, acked: place(events[199]), safe: .empty)
    #expect(try ledger.waitingKinds(of: stream.id) == ["note": 1000])
  }

  @Test("events are read in order after a place, by count and by bytes, and hashes at places")
  func reading() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let events = try notes(6, to: stream.id)
    #expect(try ledger.events(of: stream.id, after: 2, limit: 3) == Array(events[1...3]))
    #expect(try ledger.events(of: stream.id, after: 1, limit: 9, bytes: 1).count == 1)
    #expect(try ledger.hashes(of: stream.id, at: [0, 3, 99]) == [0: .zero, 3: events[1].hash])
    #expect(
      try ledger.hashes(of: stream.id, at: [3, 2, 3, 98, 99]) == [2: events[0].hash, 3: events[1].hash])
    #expect(try ledger.event(of: stream.id, seq: 4) == events[2])
    var count = 0
    try ledger.forEachEvent { event, lookUp in
      let found = try lookUp(event.eventID)
      #expect(found == event)
      count += 1
      return count < 3
    }
    #expect(count == 3)
  }

  @Test("a fork puts everything retained under a new stream, bodies and identities unchanged, undo included")
  func fork() throws {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let item = try ledger.store([Sample.newCase(1)], service: "s", context: "prod")[0]
    _ = try ledger.save(
      Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(.agree)]), to: stream.id,
      stamp: Sample.stamp(1))
    let before = try ledger.events(of: stream.id, limit: 9)
    let forked = try ledger.fork(stream.id, sharedSeq: 2, reason: "copied", stamp: Sample.stamp(2))
    let after = try ledger.events(of: forked.id, limit: 9)
    #expect(after.map(\.kind) == [.streamFork, .streamStart, .seen, .judgement])
    #expect(after.dropFirst().map(\.eventID) == before.map(\.eventID))
    #expect(after.dropFirst().map(\.body) == before.map(\.body))
    #expect(try ledger.verify().fault == nil)
    #expect(try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp()).id == forked.id)
    #expect(throws: LedgerError.ended(stream.id)) { try notes(1, to: stream.id) }
    try ledger.undo(in: forked.id, stamp: Sample.stamp(3))
    #expect(try ledger.standing(of: item.id).isEmpty)
    #expect(try ledger.verify().verified == 5)
  }

  @Test("a body that the collector did not take is never pruned, whoever offered it: the backup has only its hash")
  func withheld() throws {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let bodies = [30, 3000].map { count in
      EventBody(stamp: Sample.stamp(), payload: .probe(.text(String(repeating: "x", count: count))))
    }
    let events = try ledger.append(bodies, to: stream.id)
    // A copy of this ledger has sent them, so that only the head is heard of.
    try ledger.keepCursor(
      of: stream.id, epoch: 1, acked: place(events[1]), safe: place(events[1]),
      limit: Ledger.SizeLimit(bytes: 1000, at: Sample.start))
    #expect(try ledger.outbox(of: stream.id).map(\.event.seq) == [3])
    try ledger.unwedge(stream.id, seq: 3)
    #expect(try ledger.prune(stream.id, before: Sample.start.advanced(bySeconds: 100)) == 1)
    #expect(try ledger.event(of: stream.id, seq: 3)?.body == events[1].body)
  }

  @Test("only what is archived and old is pruned, and never what a judgement rests on")
  func prune() throws {
    let stream = try ledger.stream(for: "prod", collector: "c", stamp: Sample.stamp())
    let items = try ledger.store([Sample.newCase(1), Sample.newCase(2)], service: "s", context: "prod")
    for (index, item) in items.enumerated() {
      _ = try ledger.save(
        Submission(caseID: item.id, seen: Sample.seen(item), statements: [Sample.judgement(.agree)]), to: stream.id,
        stamp: Sample.stamp(Double(index)))
    }
    try ledger.undo(in: stream.id, stamp: Sample.stamp(3))
    let events = try ledger.events(of: stream.id, limit: 99)
    let later = Sample.start.advanced(bySeconds: 100)
    #expect(try ledger.prune(stream.id, before: later) == 0)
    try ledger.keepCursor(
      of: stream.id, epoch: 1, acked: place(events[5]), safe: place(events[5]))
    #expect(try ledger.prune(stream.id, before: Sample.start) == 0)
    #expect(try ledger.prune(stream.id, before: later) == 1)
    #expect(try ledger.verify().withoutBody == 1)
    #expect(try ledger.verify().fault == nil)
  }

  @Test("the inbox holds each item once until it is answered")
  func inbox() throws {
    let item = InboxItem(
      id: "i1", kind: "question", body: Array("{}".utf8), publishedAt: Sample.start, receivedAt: Sample.start)
    try ledger.putInbox([item, item], context: "prod")
    try ledger.putInbox([item], context: "prod")
    #expect(try ledger.putInbox([item], context: "prod").isEmpty)
    #expect(try ledger.inForce(context: "prod") == [item])
  }

  @Test("of items of one kind and name the one published last is in force; one without a body withdraws it")
  func inForce() throws {
    func item(_ id: RawText, _ name: RawText, _ text: String, _ seconds: Double) -> InboxItem {
      InboxItem(
        id: id, kind: "catalogue", name: name, body: Array(text.utf8),
        publishedAt: Sample.start.advanced(bySeconds: seconds), receivedAt: Sample.start)
    }
    func texts() throws -> [String] {
      try ledger.inForce(kind: .catalogue, context: "prod").map { String(decoding: $0.body, as: UTF8.self) }
    }
    // They may come in any order, and again.
    try ledger.putInbox(
      [item("b", "lab", "new", 2), item("a", "lab", "old", 1), item("c", "site", "s", 3)], context: "prod")
    #expect(try texts() == ["new", "s"])
    try ledger.putInbox([item("d", "lab", "", 4), item("a", "lab", "old", 1)], context: "prod")
    #expect(try texts() == ["s"])
    try ledger.putInbox([item("e", "lab", "again", 5)], context: "prod")
    #expect(try texts() == ["s", "again"])
    #expect(try ledger.inForce(kind: .catalogue, context: "lab").isEmpty)
    #expect(try ledger.inForce(kind: .question, context: "prod").isEmpty)
  }

  @Test("events are found by what they say, the newest first")
  func search() throws {
    let stream = try ledger.stream(for: "prod", stamp: Sample.stamp())
    let events = try ledger.append(
      ["blue ship", "red ship", "blue car"].map { EventBody(stamp: Sample.stamp(), payload: .note($0)) }, to: stream.id)
    #expect(try ledger.searchEvents("blue") == [events[2], events[0]])
    #expect(try ledger.searchEvents("shi blu").isEmpty)
    #expect(try ledger.searchEvents("blue shi") == [events[0]])
    #expect(try ledger.newestEvents(limit: 2) == [events[2], events[1]])
  }
}
