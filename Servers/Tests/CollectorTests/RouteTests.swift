internal import Compression
internal import Domain
internal import Feedback
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("The collector's routes") struct RouteTests {
  private let stream = StreamID.numbered(1)

  private func serve(
    _ bench: Bench, limits: Hello.Limits = Hello.Limits(),
    _ body: @Sendable @escaping (InProcessClient) async throws -> Void
  ) async throws {
    let client = InProcessClient(try bench.collector(limits: limits).router().buildResponder())
    try await body(client)
  }

  @Test("hello needs no token and names the collector, its epoch and its limits", arguments: Kept.allCases) func hello(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let id = bench.database.id
    try await serve(bench) { client in
      let answer = try await Caller(client: client, token: nil).get("/v1/hello")
      let hello = try answer.message(Hello.self)
      #expect(hello.collectorID.string == id && hello.epoch == 1 && hello.protocols == [1])
      #expect(answer.headers[.contentType] == "application/json")
      #expect(HTTPField.Name("mds-collector-id").flatMap { answer.headers[$0] } == id)
    }
  }

  @Test("nothing else is told to whoever has no token, a wrong one or a revoked one", arguments: Kept.allCases)
  func unauthorized(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let book = TokenBook(bench.database)
    let revoked = try bench.token("ana")
    try book.revoke(try #require(try book.list().first?.id))
    try await serve(bench) { client in
      for token in [nil, "", "mdsc_00", revoked] {
        let caller = Caller(client: client, token: token)
        let answers = [
          try await caller.get("/v1/events"), try await caller.open(.numbered(1)), try await caller.push([]),
        ]
        #expect(answers.map(\.status) == [401, 401, 401])
      }
    }
  }

  @Test(
    "what is published comes once, in order, to those whom it is for, and all of it again after a restore",
    arguments: Kept.allCases)
  func inbox(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let database = bench.database
    let book = PublicationBook(database)
    let (ana, brent) = (try bench.token("ana", [.write]), try bench.token("brent"))
    try book.publish(.catalogue, name: "lab", body: Array("a".utf8))
    try book.publish(.catalogue, name: "lab", body: Array("b".utf8), recipients: ["ana", "cleo"])
    try book.publish(.catalogue, name: "lab", body: [])
    #expect(try book.list().map(\.recipient) == [nil, "ana", "cleo", nil])
    try await serve(bench) { client in
      func page(_ token: String, _ after: String) async throws -> InboxPage {
        try await Caller(client: client, token: token).get("/v1/inbox?after=\(after)").message(InboxPage.self)
      }
      let first = try await page(ana, "0:0")
      #expect(first.items.map(\.body) == [Array("a".utf8), Array("b".utf8), []])
      #expect(first.items.allSatisfy { $0.kind == "catalogue" && $0.name == "lab" })
      #expect(first.next.text == "1:4")
      #expect(try await page(ana, "1:4") == InboxPage(items: [], next: first.next))
      #expect(try await page(ana, "1:1").items == Array(first.items.dropFirst()))
      let one = try await page(ana, "0:0&limit=1")
      #expect(one.items == [first.items[0]])
      #expect(try await page(ana, "\(one.next.text)&limit=100").items == Array(first.items.dropFirst()))
      for wrong in ["0", "101", "x"] {
        #expect(try await Caller(client: client, token: ana).get("/v1/inbox?limit=\(wrong)").status == 400)
      }
      #expect(try await page(brent, "0:0").items == [first.items[0], first.items[2]])
      try await database.write { db in try Epochs.advance(db) }
      #expect(try await page(ana, "1:4").items == first.items)
      #expect(try await Caller(client: client, token: ana).get("/v1/inbox?after=x").status == 400)
      #expect(try await Caller(client: client, token: nil).get("/v1/inbox").status == 401)
    }
  }

  @Test("who waits for something to be published is answered as soon as it is", arguments: Kept.allCases)
  func waiting(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let book = PublicationBook(bench.database)
    let (ana, brent) = (try bench.token("ana", [.write]), try bench.token("brent"))
    let collector = try bench.collector()
    let client = InProcessClient(collector.router().buildResponder())
    @Sendable func ask(_ token: String, _ path: String) async throws -> InboxPage {
      try await Caller(client: client, token: token).get("/v1/inbox?" + path).message(InboxPage.self)
    }
    // Nothing is there: the answer comes when the time is over.
    #expect(try await ask(ana, "wait=1").items.isEmpty)
    async let hers = ask(ana, "after=0:0&wait=30")
    async let his = ask(brent, "after=0:0&wait=30")
    while await collector.watch.waiting < 2 { await Task.yield() }
    try book.publish(.catalogue, name: "lab", body: Array("a".utf8), recipients: ["ana"])
    #expect(try await hers.items.map(\.body) == [Array("a".utf8)])
    // What is not for him lets him wait on, until the server ends.
    #expect(await collector.watch.waiting == 1)
    await collector.letGo()
    #expect(try await his.items.isEmpty)
    for wrong in ["-1", "31", "x"] {
      #expect(try await Caller(client: client, token: ana).get("/v1/inbox?wait=" + wrong).status == 400)
    }
  }

  @Test("who waits with a token that is revoked meanwhile gets nothing of what comes after", arguments: Kept.allCases)
  func revokedMeanwhile(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana", [.write])
    let collector = try bench.collector()
    let client = InProcessClient(collector.router().buildResponder())
    async let answer = Caller(client: client, token: token).get("/v1/inbox?after=0:0&wait=30")
    while await collector.watch.waiting < 1 { await Task.yield() }
    try TokenBook(bench.database).revoke(secret: token)
    try PublicationBook(bench.database).publish(.catalogue, name: "lab", body: Array("a".utf8))
    let refused = try await answer
    #expect(refused.status == 401 && refused.refusal == "unauthorized")
  }

  @Test("how many devices have what is published is known from what they say", arguments: Kept.allCases)
  func reached(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let (database, book) = (bench.database, PublicationBook(bench.database))
    let (ana, other) = (try bench.token("ana", [.write]), try bench.token("ana", [.write]))
    _ = try bench.token("ria", [.read])
    // What has ended gets nothing any more.
    _ = try TokenBook(database).create(
      analyst: "ana", device: "old", scopes: [.write], expires: Timestamp.now.advanced(bySeconds: -60))
    try book.publish(.catalogue, name: "lab", body: Array("a".utf8))
    try book.publish(.guideline, name: "rules", body: Array("b".utf8), recipients: ["ana"])
    @Sendable func reached() throws -> [Int] { try book.list().map(\.reached) }
    #expect(try book.list().map(\.devices) == [2, 2])
    try await serve(bench) { client in
      func say(_ token: String, _ cursor: LogCursor) async throws -> Int {
        try await Caller(client: client, token: token).call(
          .post, "/v1/inbox/ack", InboxReceipt(cursor: cursor).bytes
        ).status
      }
      #expect(try reached() == [0, 0])
      #expect(try await say(ana, LogCursor(epoch: 1, number: 1)) == 200)
      #expect(try reached() == [1, 0])
      #expect(try await say(other, LogCursor(epoch: 1, number: 900)) == 200)
      #expect(try reached() == [2, 1])
      // What is said late takes nothing back, and another epoch's numbers are other publications'.
      #expect(try await say(other, LogCursor(epoch: 1, number: 1)) == 200)
      #expect(try await say(ana, LogCursor(epoch: 0, number: 2)) == 200)
      #expect(try reached() == [2, 1])
      try await database.write { db in try Epochs.advance(db) }
      #expect(try reached() == [0, 0])
      let epoch = try await database.read(Epochs.current)
      #expect(try await say(ana, LogCursor(epoch: epoch, number: 2)) == 200)
      #expect(try reached() == [1, 1])
      #expect(try await Caller(client: client, token: ana).call(.post, "/v1/inbox/ack", [0x7B]).status == 400)
    }
  }

  @Test("what is too large is not published", arguments: Kept.allCases) func publishingLimit(_ kept: Kept) throws {
    let bench = try Bench(kept)
    let body = [UInt8](repeating: 0x61, count: PublicationBook.limit + 1)
    #expect(throws: CollectorError.tooLarge(body.count, PublicationBook.limit)) {
      try PublicationBook(bench.database).publish(.catalogue, name: "lab", body: body)
    }
    #expect(try PublicationBook(bench.database).list().isEmpty)
  }

  @Test("what is not there is refused in the same form as everything else", arguments: Kept.allCases) func nowhere(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let id = bench.database.id
    try await serve(bench) { client in
      let caller = Caller(client: client, token: nil)
      for answer in [try await caller.get("/v2/nowhere"), try await caller.call(.delete, "/v1/events")] {
        #expect(answer.status == 404 && answer.refusal == "refused")
        #expect(HTTPField.Name("mds-collector-id").flatMap { answer.headers[$0] } == id)
      }
    }
  }

  @Test("a token for reading does not write, and the other way round", arguments: Kept.allCases) func scopes(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let (reader, writer) = (try bench.token("ria", [.read]), try bench.token("ana", [.write]))
    try await serve(bench) { client in
      let reading = Caller(client: client, token: reader)
      let answers = [
        try await reading.open(.numbered(1)), try await reading.get("/v1/events"),
        try await Caller(client: client, token: writer).get("/v1/events"),
      ]
      #expect(answers.map(\.status) == [403, 200, 403])
    }
  }

  @Test("enrolment tells who one is; only a name of nobody enrolled may be claimed", arguments: Kept.allCases)
  func enrolment(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      func enrol(_ former: RawText) async throws -> Caller.Answer {
        try await caller.call(
          .post, "/v1/enrol", Enrolment(formerAnalyst: former, workstation: "desk", tool: "test").bytes)
      }
      let enrolled = try await enrol("unix:ana@desk").message(Enrolled.self)
      #expect(enrolled.analyst == "ana" && enrolled.device == "laptop" && enrolled.scopes == [.write, .read])
      #expect(try await enrol("bob").status == 422)
      _ = try await caller.open(.numbered(1))
      let events = Stub.chain(1, in: .numbered(1), analyst: "unix:ana@desk")
      #expect(try await caller.verdicts(events) == ["stored"])
      let foreign = Stub.chain(1, in: .numbered(1), after: events[0], from: 2, analyst: "bob")
      #expect(try await caller.verdicts(foreign, base: events[0].position) == ["quarantined"])
    }
  }

  @Test("a stream is opened once, by one analyst", arguments: Kept.allCases) func opening(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let (ana, bob) = (try bench.token("ana"), try bench.token("bob"))
    try await serve(bench) { client in
      let caller = Caller(client: client, token: ana)
      let early = try await caller.push([])
      #expect(early.status == 404 && early.refusal == "unknown-stream")
      let opened = [try await caller.open(.numbered(1)), try await caller.open(.numbered(1))]
      #expect(opened.map(\.status) == [201, 200])
      let other = Caller(client: client, token: bob)
      let refused = [try await other.open(.numbered(1)), try await other.push([])]
      #expect(refused.map(\.refusal) == ["foreign-stream", "foreign-stream"])
    }
  }

  @Test(
    "events are stored once, told as duplicates after a lost answer, and found again by hash", arguments: Kept.allCases)
  func push(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let events = Stub.chain(5, in: .numbered(1))
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      #expect(try await caller.verdicts(Array(events[..<3])) == ["stored", "stored", "stored"])
      #expect(try await caller.verdicts(events) == ["duplicate", "duplicate", "duplicate", "stored", "stored"])
      let head = try await caller.get("/v1/streams/\(StreamID.numbered(1).hex)/head").message(StreamHead.self)
      #expect(head == StreamHead(epoch: 1, head: events[4].position, safe: .empty))
      let hashes = try await caller.get("/v1/streams/\(StreamID.numbered(1).hex)/hashes?at=2,5,9")
        .message(StreamHashes.self)
      #expect(hashes.hashes == [events[1].position, events[4].position])
    }
  }

  @Test("another lineage is answered with 409 and the head", arguments: Kept.allCases) func lineage(_ kept: Kept)
    async throws
  {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let events = Stub.chain(3, in: .numbered(1))
    let others = Stub.chain(3, in: .numbered(1), from: 50)
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      _ = try await caller.push(events)
      let answer = try await caller.push([others[2]], base: others[1].position)
      #expect(answer.status == 409)
      #expect(try answer.message(Lineage.self) == Lineage(epoch: 1, head: events[2].position))
    }
  }

  @Test("what is too large or no message is refused, and nothing of it is stored", arguments: Kept.allCases)
  func limits(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let events = Stub.chain(9, in: .numbered(1))
    let size = try #require(events[0].body?.count)
    try await serve(bench, limits: Hello.Limits(bodyBytes: 4000, events: 4, eventBytes: size)) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      let many = try await caller.push(Array(events[..<5]))
      #expect(many.status == 413)
      #expect(try many.message(Refusal.self).maximumEvents == 4)
      let large = Stub.event(Stub.body(1_000_000), after: events[0], id: 77, stream: .numbered(1))
      let one = try await caller.push([events[0], large])
      #expect(one.status == 413)
      #expect(try one.message(Refusal.self).seq == 2)
      let uri = "/v1/streams/\(StreamID.numbered(1).hex)/events"
      #expect(try await caller.call(.post, uri, [UInt8](repeating: 0x20, count: 5000)).status == 413)
      #expect(try await caller.call(.post, uri, Array("<html>".utf8)).refusal == "bad-message")
      #expect(try await caller.call(.post, "/v1/streams/zz/events", []).status == 400)
      for wrong in ["1,x", "-1", "", "1,,2", "+1", "99999999999999999999"] {
        let refused = try await caller.get("/v1/streams/\(StreamID.numbered(1).hex)/hashes?at=\(wrong)")
        #expect(refused.status == 400 && refused.refusal == "bad-message", "\(wrong)")
      }
      #expect(try await caller.verdicts(Array(events[..<4])) == ["stored", "stored", "stored", "stored"])
    }
  }

  @Test("the log is read by cursor, in pages, by kind and without one's own", arguments: Kept.allCases) func log(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    let (ana, bob) = (try bench.token("ana"), try bench.token("bob"))
    let second = try bench.token("ana", [.write])
    let mine = Stub.chain(4, in: .numbered(1))
    let theirs = Stub.chain(3, in: .numbered(2), from: 100, analyst: "bob", kind: "judgement")
    try await serve(bench) { client in
      let caller = Caller(client: client, token: ana)
      let other = Caller(client: client, token: bob)
      _ = try await caller.open(.numbered(1))
      _ = try await other.open(.numbered(2))
      _ = try await caller.push(mine)
      _ = try await other.push(theirs, on: .numbered(2))
      let all = try await caller.entries()
      #expect(all.map(\.event) == mine + theirs)
      #expect(all.allSatisfy { $0.event.isIntact(in: $0.stream) })
      #expect(all.map(\.analyst) == ["ana", "ana", "ana", "ana", "bob", "bob", "bob"])
      let page = try await caller.entries("?after=\(all[1].cursor.text)&limit=3")
      #expect(page == Array(all[2..<5]))
      #expect(try await caller.entries("?others=1") == Array(all[4...]))
      // The analyst's other device has what this one sent, also with a token that reads nobody else's.
      let second = Caller(client: client, token: second)
      #expect(try await second.entries("?mine=1") == Array(all[..<4]))
      #expect(try await caller.entries("?mine=1").isEmpty)
      #expect(try await second.get("/v1/events").status == 403)
      #expect(try await second.get("/v1/events?others=1").status == 403)
      #expect(try await caller.entries("?kind=judgement,amend&limit=2") == Array(all[4..<6]))
      let none = try await caller.get("/v1/events?kind=seen")
      #expect(HTTPField.Name("mds-next-cursor").flatMap { none.headers[$0] } == "1:7")
      #expect(try await caller.get("/v1/events?limit=0").status == 400)
      #expect(try await caller.get("/v1/events?after=zz").status == 400)
      for name in ["others", "mine", "redacted", "all"] {
        for value in ["true", "0", ""] {
          let refused = try await caller.get("/v1/events?\(name)=\(value)")
          let words = String(decoding: refused.body, as: UTF8.self)
          #expect(
            refused.status == 400 && words.contains("\(name) is 1, or is not given"), "\(name)=\(value): \(words)")
        }
      }
      let beyond = LogCursor(epoch: 1, number: 1_000_000).text
      #expect(try await caller.get("/v1/events?after=\(beyond)").status == 400)
      #expect(try await caller.get("/v1/events?others=1&after=\(beyond)").status == 200)
      // One of a later epoch is of another log; a device begins anew with it, so that it is never stuck.
      for later in ["2:1", "9:0"] {
        let refused = try await caller.get("/v1/events?after=\(later)")
        let words = String(decoding: refused.body, as: UTF8.self)
        #expect(refused.status == 400 && words.contains("the log ends at 1:7"), "\(words)")
        #expect(try await caller.entries("?held=\(StreamID.numbered(9).hex):1&after=\(later)") == all)
      }
    }
  }

  @Test(
    "a packed batch is taken; one that is damaged, too large unpacked or packed otherwise is refused",
    arguments: Kept.allCases)
  func packed(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let uri = "/v1/streams/\(StreamID.numbered(1).hex)/events"
    let batch = EventBatch(
      stream: .numbered(1), base: .empty, epoch: 1, events: Stub.chain(3, in: .numbered(1)))
    let packed = Gzip.packed(batch.bytes)
    try await serve(bench, limits: Hello.Limits(bodyBytes: 4000)) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      func send(_ body: [UInt8], _ encoding: String = "gzip") async throws -> Caller.Answer {
        try await caller.call(.post, uri, body, headers: [.contentEncoding: encoding])
      }
      #expect(try await send(Array(packed.dropLast(9))).refusal == "bad-message")
      #expect(try await send(batch.bytes).refusal == "bad-message")
      #expect(try await send(Gzip.packed([UInt8](repeating: 0x20, count: 1 << 20))).status == 413)
      #expect(try await send(packed, "br").status == 415)
      #expect(try await send(packed).message(BatchAnswer.self).results.map(\.verdict) == [.stored, .stored, .stored])
    }
  }

  @Test("a page of the log comes packed to whoever takes that, with the same lines", arguments: Kept.allCases)
  func packedLog(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      _ = try await caller.push(Stub.chain(50, in: .numbered(1)))
      let plain = try await caller.get("/v1/events")
      let packed = try await caller.call(.get, "/v1/events", headers: [.acceptEncoding: "gzip"])
      #expect(packed.headers[.contentEncoding] == "gzip" && plain.headers[.contentEncoding] == nil)
      #expect(packed.body.count < plain.body.count / 2)
      #expect(try Gzip.unpacked(packed.body, limit: 1 << 20) == plain.body)
    }
  }

  @Test(
    "a device that sends without waiting for answers is asked to come again, and loses nothing",
    arguments: Kept.allCases)
  func impatient(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    let events = Stub.chain(3, in: .numbered(1))
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      let answers = try await withThrowingTaskGroup(of: Caller.Answer.self) { group in
        for _ in 0..<200 { group.addTask { try await caller.push(events) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let refused = answers.filter { $0.status != 200 }
      #expect(answers.contains { $0.status == 200 })
      #expect(refused.allSatisfy { $0.status == 429 && $0.headers[.retryAfter] == "1" })
      #expect(try await caller.entries().map(\.event) == events)
    }
  }

  @Test("each figure is in the operators' manual, and each that is there is a figure") func figuresManual() async throws
  {
    let bench = try Bench()
    let manual = try String(contentsOf: Repository.file("docs/collector.md"), encoding: .utf8)
    try await serve(bench) { client in
      let text = String(decoding: try await Caller(client: client, token: nil).get("/metrics").body, as: UTF8.self)
      let told = Set(text.split(separator: "\n").filter { $0.hasPrefix("# TYPE ") }.map { $0.split(separator: " ")[2] })
      // Only a server with TLS has the first, one that sends on to Kafka the others.
      let served = told.union([
        "mds_collector_certificate_expiry_timestamp_seconds", "mds_collector_kafka_lag_rows", "mds_collector_kafka_up",
        "mds_collector_kafka_sent_total", "mds_collector_kafka_failures_total",
      ])
      let described = manual.split(separator: "\n").filter { $0.hasPrefix("| `mds_collector_") }
        .map { $0.dropFirst(3).prefix { $0 != "`" } }
      #expect(Set(described) == served)
    }
  }

  @Test("figures count verdicts, commits and answers", arguments: Kept.allCases) func figures(_ kept: Kept) async throws
  {
    let bench = try Bench(kept)
    let token = try bench.token("ana")
    try await serve(bench) { client in
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(.numbered(1))
      _ = try await caller.push(Stub.chain(2, in: .numbered(1)))
      let text = String(decoding: try await caller.get("/metrics").body, as: UTF8.self)
      #expect(text.contains("mds_collector_log_rows 2\n"))
      #expect(text.contains("mds_collector_verdicts_total{verdict=\"stored\"} 2\n"))
      #expect(text.contains("mds_collector_commits_total 1\n"))
      #expect(
        text.contains(
          "mds_collector_requests_total{route=\"/v1/streams/{id}/events\",method=\"POST\",status=\"200\"} 1\n"),
        "\(text)")
    }
  }
}
