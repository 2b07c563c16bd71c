internal import Domain
internal import Feedback
internal import SyncProtocol
internal import Testing

@Suite("Messages") struct MessageTests {
  private let stream = StreamID.numbered(1)
  private let now = Timestamp(microseconds: 1_795_000_000_123_456)

  private func roundTrip<Value: Message>(_ value: Value) throws {
    #expect(try Value(bytes: value.bytes) == value)
  }

  @Test("every message reads back as what was written") func roundTrips() throws {
    let events = Stub.chain(3, in: stream)
    try roundTrip(Hello(collectorID: "abc", epoch: 3, now: now, program: "mds-collector/1"))
    try roundTrip(Hello(collectorID: "abc", epoch: 3, now: now, minimumClient: ProgramVersion(1, 4)))
    try roundTrip(Enrolment(formerAnalyst: "unix:ana@desk", workstation: "desk", tool: "mds/1"))
    try roundTrip(
      Enrolled(collectorID: "abc", epoch: 3, analyst: "ana", device: "laptop", scopes: [.write, .read], service: "lab"))
    try roundTrip(StreamOpening(stream: stream, workstation: "desk", tool: "mds/1"))
    try roundTrip(StreamHead(epoch: 1, head: events[2].position, safe: .empty))
    try roundTrip(StreamHashes(epoch: 1, head: events[2].position, hashes: events.map(\.position)))
    try roundTrip(EventBatch(stream: stream, base: .empty, epoch: 2, events: events + [events[1].withheld]))
    try roundTrip(
      BatchAnswer(
        epoch: 2, head: events[2].position, safe: .empty, now: now,
        results: [
          RecordResult(events[0].position, .stored), RecordResult(events[1].position, "unheard-of", code: "x"),
        ]))
    try roundTrip(Lineage(epoch: 4, head: events[1].position))
    try roundTrip(Refusal("too-large", detail: "event 3", retryAfter: 200, maximumEvents: 7, seq: 3))
    try roundTrip(Refusal("lineage", receipt: [1, 2, 255]))
    try roundTrip(
      BundleAnswer(
        bundle: .of([1]), analyst: "ana", stream: stream,
        results: [.init(3, through: 7, .duplicate), .init(8, through: 8, .quarantined, code: "analyst")],
        contents: [.of([2])], incomplete: [BlobState(hash: .of([3]), size: 9, received: 4)], released: 2,
        receipt: [0, 255]))
    try roundTrip(Hello(collectorID: "abc", epoch: 3, now: now, limits: Hello.Limits(bundleBytes: 9)))
    try roundTrip(
      LogEntry(
        cursor: LogCursor(epoch: 2, number: 9), receivedAt: now, stream: stream, event: events[0], analyst: "ana",
        quarantine: "analyst"))
    let amended = EventReference(.amends, events[1].eventID, hash: events[1].hash)
    for remains in [nil, Remains(kind: .judgement, stage: .final, references: [amended])] {
      try roundTrip(
        LogEntry(
          cursor: LogCursor(epoch: 2, number: 9), receivedAt: now, stream: stream, event: events[0].withheld,
          analyst: "ana", quarantine: "redacted",
          redacted: .init(kind: .amend, at: now, caseID: .of([1]), remains: remains)))
    }
  }

  @Test("the answer to a bundle joins events with one verdict, and counts each once") func runs() throws {
    let events = Stub.chain(6, in: stream)
    var runs: [BundleAnswer.Run] = []
    let verdicts: [RecordVerdict] = [.duplicate, .duplicate, .stored, .quarantined, .quarantined, .stored]
    for (event, verdict) in zip(events, verdicts) {
      BundleAnswer.add(RecordResult(event.position, verdict, code: event.seq == 4 ? "analyst" : ""), to: &runs)
    }
    #expect(
      runs == [
        .init(1, through: 2, .duplicate), .init(3, through: 3, .stored),
        .init(4, through: 4, .quarantined, code: "analyst"), .init(5, through: 5, .quarantined),
        .init(6, through: 6, .stored),
      ])
    var answer = BundleAnswer(bundle: .of([1]), analyst: "ana", stream: stream, results: runs, receipt: [])
    #expect(answer.verdicts == [.duplicate: 2, .stored: 2, .quarantined: 2])
    answer.results.swapAt(0, 1)
    #expect(throws: WireError("results are not in the order of the events")) { try BundleAnswer(bytes: answer.bytes) }
  }

  @Test("what is published travels as its exact bytes, and a body that is not what its hash says is refused")
  func inbox() throws {
    let item = InboxPage.Item(id: "i", kind: "catalogue", name: "lab", body: [0, 255, 10], publishedAt: now)
    let page = InboxPage(items: [item], next: LogCursor(epoch: 2, number: 7))
    try roundTrip(page)
    try roundTrip(InboxPage(items: [], next: .start))
    let other = InboxPage.Item(id: "i", kind: "catalogue", name: "lab", body: [0, 255, 11], publishedAt: now)
    let swapped = String(decoding: page.bytes, as: UTF8.self).replacing(
      Hash.of(item.body).description, with: Hash.of(other.body).description)
    #expect(throws: WireError("body is not what sha256 says")) { try InboxPage(bytes: Array(swapped.utf8)) }
  }

  @Test("a body travels as its exact bytes, whatever they are") func exactBytes() throws {
    let body = (0...255).map { UInt8($0) } + Array("{\"a\":1.50}".utf8)
    let event = Stub.event(body, seq: 1, id: 7, prev: .zero, stream: stream)
    let read = try EventBatch(bytes: EventBatch(stream: stream, base: .empty, epoch: 0, events: [event]).bytes)
    #expect(read.events.first?.body == body)
    #expect(read.events.first?.isIntact(in: stream) == true)
  }

  @Test("members that a reader does not know are passed over") func additions() throws {
    let text = "{\"epoch\":1,\"head\":{\"seq\":0,\"hash\":\"\(Hash.zero.hex)\",\"new\":[]},\"later\":{}}"
    #expect(try Lineage(bytes: Array(text.utf8)) == Lineage(epoch: 1, head: .empty))
  }

  @Test(
    "what is no message says which member is wrong",
    arguments: [
      ("{}", "epoch is no integer"), ("[]", "an object was expected"),
      ("{\"epoch\":-1,\"head\":{}}", "epoch is negative"), ("{\"epoch\":1,\"head\":3}", "head is no object"),
      ("{\"epoch\":1,\"head\":{\"seq\":1,\"hash\":\"00\"}}", "hash is no hash"),
      ("<html>", "no JSON value starts here at byte 0"),
    ]) func errors(text: String, reason: String)
  {
    #expect(throws: WireError(reason)) { try Lineage(bytes: Array(text.utf8)) }
  }

  @Test("lines of the log read one by one; a line that is cut is an error") func lines() throws {
    let event = Stub.chain(1, in: stream)[0]
    let entry = LogEntry(
      cursor: LogCursor(epoch: 1, number: 1), receivedAt: now, stream: stream, event: event, analyst: "ana")
    let line = entry.bytes + [0x0A]
    #expect(try LogEntry.entries(in: line + line) == [entry, entry])
    #expect(try LogEntry.entries(in: []).isEmpty)
    #expect(throws: WireError.self) { try LogEntry.entries(in: line + line.dropLast(5)) }
  }

  @Test("a cursor's text reads back, and nothing else does") func cursors() {
    #expect(LogCursor(text: "3:41") == LogCursor(epoch: 3, number: 41))
    for text in ["", "3", "3:", ":1", "a:b", "-1:2", "1:2:3"] { #expect(LogCursor(text: text) == nil) }
  }
}
