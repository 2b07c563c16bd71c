internal import Domain
internal import Export
internal import Feedback
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

/// Streams of real events, sealed as a device seals them.
struct DeviceStream {
  let analyst: RawText
  let id: StreamID
  private(set) var events: [Event] = []
  private let number: UInt8

  static let start = Timestamp(microseconds: 1_795_435_445_000_000)

  init(_ number: UInt8, analyst: RawText) {
    self.number = number
    self.analyst = analyst
    id = .numbered(number)
  }

  var offered: [OfferedEvent] { events.map { OfferedEvent($0) } }

  func eventID(_ place: Int) -> EventID {
    EventID(at: Self.start.advanced(bySeconds: Double(place)), random: UInt64(number) << 32 | UInt64(place))
  }

  mutating func add(
    _ payload: EventPayload, case caseID: ShortHash? = nil, _ references: [EventReference] = []
  ) throws {
    let stamp = Stamp(at: Self.start.advanced(bySeconds: Double(events.count)), analyst: analyst, tool: "test")
    let head = events.last.map { Position(seq: $0.seq, hash: $0.hash) } ?? .empty
    let draft = EventDraft(
      eventID: eventID(events.count + 1),
      body: EventBody(stamp: stamp, caseID: caseID, references: references, payload: payload))
    events += try Chain.seal([draft], stream: id, after: head)
  }

  /// What was seen of a case, and what was said of it.
  mutating func judge(_ caseID: ShortHash, _ verdict: Verdict, model: RawText = "wine", note: RawText = "") throws {
    let tensor = Tensor(name: "ash", datatype: .fp64, shape: [1], elements: .double([2.5]))
    try add(
      .seen(
        Seen(
          record: .inline(Record(tensors: [tensor])), model: ModelID(model, version: "1"),
          output: SeenOutput(answer: .classes([ClassScore(label: "red", probability: 1)], chosen: 0)))),
      case: caseID)
    guard let seen = events.last else { return }
    try add(
      .judgement(JudgementBody(Judgement(verdict: verdict, note: note))), case: caseID, [EventReference(.seen, seen)])
  }
}

@Suite("A collector's export") struct ExportLogTests {
  private let first = ShortHash.of([1])
  private let second = ShortHash.of([2])

  /// Sends streams in order, each by its analyst.
  private func receive(_ streams: [DeviceStream], _ bench: Bench) async throws {
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let tokens = try streams.map { try bench.token($0.analyst.string) }
    for (stream, token) in zip(streams, tokens) {
      let caller = Caller(client: client, token: token)
      _ = try await caller.open(stream.id)
      let verdicts = try await caller.verdicts(stream.offered, on: stream.id)
      #expect(verdicts.count == stream.events.count)
    }
  }

  private func rows(_ log: CollectorLog, _ options: ExportOptions = .init(format: .jsonl)) throws -> [JSON] {
    var bytes: [UInt8] = []
    _ = try Exporter(log, options).write { bytes += $0 }
    return try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
  }

  @Test(
    "holds everybody's judgements, in the order in which they came in, over any size of page", arguments: Kept.allCases)
  func everybody(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var (ana, bob) = (DeviceStream(1, analyst: "ana"), DeviceStream(2, analyst: "bob"))
    try ana.judge(first, .agree)
    try ana.judge(second, .unsure, model: "cargo")
    try bob.judge(first, .disagree)
    try await receive([ana, bob], bench)
    for page in [1, 2, 3, 6, 200] {
      let rows = try rows(CollectorLog(bench.database, .init(), page: page))
      #expect(rows.map { $0["analyst"]?.string } == ["ana", "ana", "bob"])
      #expect(rows.map { $0["model"]?.string } == ["wine", "cargo", "wine"])
      #expect(rows.map { $0["input.ash"]?.number } == [2.5, 2.5, 2.5])
      #expect(rows.allSatisfy { $0["received_at"]?.string != nil })
    }
    #expect(try rows(CollectorLog(bench.database), .init(format: .jsonl, model: "cargo")).count == 1)
    #expect(try rows(CollectorLog(bench.database), .init(format: .events)).count == 6)
  }

  @Test("is not ended by an event with an odd time: that is set aside", arguments: Kept.allCases)
  func oddTime(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(first, .agree)
    try await receive([ana], bench)
    let caller = Caller(
      client: InProcessClient(try bench.collector().router().buildResponder()), token: try bench.token("eve"))
    let stream = StreamID.numbered(2)
    _ = try await caller.open(stream)
    var sent: [OfferedEvent] = []
    for (number, time) in ["9999-12-31T23:59:59-23:59", "0000-01-01T00:00:00+23:59"].enumerated() {
      let body = "{\"analyst\":\"eve\",\"at\":\"\(time)\",\"case_id\":\"\(first.hex)\",\"kind\":\"note\",\"v\":1}"
      sent.append(Stub.event(Array(body.utf8), after: sent.last, id: UInt64(number), stream: stream))
    }
    #expect(try await caller.verdicts(sent, on: stream) == ["quarantined", "quarantined"])
    #expect(try rows(CollectorLog(bench.database)).map { $0["analyst"]?.string } == ["ana"])
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test(
    "goes on where an earlier one ended; what stands is known from everything that came in", arguments: Kept.allCases)
  func cursor(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(first, .agree)
    try await receive([ana], bench)
    let early = try CollectorLog(bench.database)
    try ana.judge(first, .disagree)
    try await receive([ana], bench)
    // What came in later is not in it, and does not change what it says.
    #expect(try rows(early).map { $0["state"]?.string } == ["in_force"])
    let late = try CollectorLog(bench.database, .init(after: early.end))
    #expect(try rows(late).map { $0["verdict"]?.string } == ["agree", "disagree"])
    #expect(try rows(late).map { $0["state"]?.string } == ["superseded", "in_force"])
    #expect(try rows(CollectorLog(bench.database)).map { $0["state"]?.string } == ["superseded", "in_force"])
    let future = try CollectorLog(bench.database, .init(since: Timestamp.now.advanced(bySeconds: 60)))
    #expect(try rows(future).isEmpty)
    #expect(try rows(CollectorLog(bench.database, .init(since: Timestamp(microseconds: 0)))).count == 2)
  }

  @Test(
    "that goes on tells again what reads otherwise since, in every form of rows, and nothing of what does not",
    arguments: Kept.allCases)
  func changed(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let cases = (1...6).map { ShortHash.of([$0]) }
    var ana = DeviceStream(1, analyst: "ana")
    for caseID in cases { try ana.judge(caseID, .agree, note: RawText(Filled.secret)) }
    var bob = DeviceStream(2, analyst: "bob")
    try bob.judge(cases[5], .agree)
    try await receive([ana, bob], bench)
    let end = try CollectorLog(bench.database).end
    func judgement(_ number: Int) -> Event { ana.events[2 * number + 1] }
    try ana.add(.retract(Retraction()), case: cases[0], [EventReference(.retracts, judgement(0))])
    let unsure = Amendment(.judgement(JudgementBody(Judgement(verdict: .unsure))))
    try ana.add(.amend(unsure), case: cases[1], [EventReference(.amends, judgement(1))])
    try ana.add(.flag(FlagBody(isRaised: true)), case: cases[2])
    // Of the sixth somebody else says something: nothing changes for those who said it before.
    var cleo = DeviceStream(3, analyst: "cleo")
    try cleo.judge(cases[5], .disagree)
    try await receive([ana, cleo], bench)
    #expect(try Redaction(bench.database).run(.event(judgement(3).eventID), reason: "a name") == 1)

    func part(_ since: Timestamp? = nil) throws -> CollectorLog {
      try CollectorLog(bench.database, .init(after: since == nil ? end : .start, since: since), page: 2)
    }
    let told = try rows(part())
    let amended = try #require(ana.events.first { $0.kind == .amend })
    #expect(
      told.map { $0["event_id"]?.string }
        == ([3, 0, 1, 2].map { judgement($0).eventID } + [amended.eventID, cleo.events[1].eventID]).map(\.hex))
    #expect(
      told.map { $0["state"]?.string }
        == ["redacted", "retracted", "superseded", "in_force", "in_force", "in_force"])
    try #require(told.count == 6)
    #expect(told[3]["is_flagged"] == true && told[0]["verdict"] == .null && told[0]["analyst"] == "ana")
    #expect(told[0]["case_id"]?.string == cases[3].hex && told[0]["note"] == .null)
    for format in [ExportFormat.csv, .parquet] {
      #expect(try Exporter(part(), .init(format: format)).write { _ in }.rows == 6)
    }
    // By time it is the same; nothing is earlier than the beginning.
    let time = try #require(
      bench.database.readNow { db in
        try db.text("SELECT received_at FROM log WHERE lsn = ?", [SQLValue(end.number + 1)])
      }.flatMap { Timestamp($0) })
    #expect(try rows(part(time)).map { $0["event_id"] } == told.map { $0["event_id"] })
    #expect(try rows(CollectorLog(bench.database)).count == 8)
    #expect(
      try rows(part(), .init(format: .jsonl, onlyInForce: true)).map { $0["state"]?.string } == [
        "in_force", "in_force", "in_force",
      ])

    // An archive has the redacted event without its words, and its chain no gap.
    func archive(_ withRedacted: Bool) throws -> [JSON] {
      try rows(
        CollectorLog(bench.database, .init(withRedacted: withRedacted), page: 2), .init(format: .events)
      ).filter { $0["analyst"] == "ana" }
    }
    #expect(try archive(true).compactMap { $0["seq"]?.integer } == Array(1...15))
    #expect(try archive(false).count == 14)
    let empty = try #require(try archive(true).dropFirst(7).first)
    #expect(empty["body"] == .null && empty["state"] == "redacted")
    #expect(empty["hash"]?.string == judgement(3).hash.hex)
  }

  @Test("an event that came in two streams is one row, and one that was set aside is none", arguments: Kept.allCases)
  func onceEach(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(first, .agree)
    // The same events again behind a fork, and one in another's name.
    var copy = DeviceStream(2, analyst: "ana")
    try copy.add(.streamFork(StreamFork(oldStream: ana.id, atSeq: 0, reason: "copy")))
    var offered = copy.offered
    for event in ana.events {
      let last = try #require(offered.last)
      offered.append(Stub.event(try #require(event.body), after: last, id: event.eventID, stream: copy.id))
    }
    var foreign = DeviceStream(3, analyst: "mallory")
    try foreign.judge(first, .disagree)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let token = try bench.token("ana")
    let batches = [(ana.id, ana.offered), (copy.id, offered), (foreign.id, foreign.offered)]
    let caller = Caller(client: client, token: token)
    var verdicts: [[String]] = []
    for (id, events) in batches {
      _ = try await caller.open(id)
      verdicts.append(try await caller.verdicts(events, on: id))
    }
    #expect(verdicts == [["stored", "stored"], ["stored", "alias", "alias"], ["quarantined", "quarantined"]])
    #expect(try rows(CollectorLog(bench.database)).map { $0["analyst"]?.string } == ["ana"])
  }

  /// An analyst's events as another sends them in a stream of their own.
  private func copied(_ stream: DeviceStream, as number: UInt8, body: String? = nil) throws -> [OfferedEvent] {
    var copies: [OfferedEvent] = []
    for event in stream.events {
      let bytes = try body.map { Array($0.utf8) } ?? #require(event.body)
      copies.append(Stub.event(bytes, after: copies.last, id: event.eventID, stream: .numbered(number)))
    }
    return copies
  }

  @Test(
    "has an analyst's judgements also where another sent them first, or something else as them",
    arguments: Kept.allCases)
  func sentByAnother(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var (ana, brent) = (DeviceStream(1, analyst: "ana"), DeviceStream(2, analyst: "brent"))
    try ana.judge(first, .agree)
    try brent.judge(second, .disagree)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let callers = try ["ana", "brent", "eve"].map { Caller(client: client, token: try bench.token($0)) }
    for (number, copies) in [
      (8, try copied(ana, as: 8)), (9, try copied(brent, as: 9, body: "nothing")),
    ] as [(UInt8, [OfferedEvent])] {
      _ = try await callers[2].open(.numbered(number))
      #expect(try await callers[2].verdicts(copies, on: .numbered(number)) == ["quarantined", "quarantined"])
    }
    for (stream, caller) in zip([ana, brent], callers) {
      _ = try await caller.open(stream.id)
      #expect(try await caller.verdicts(stream.offered, on: stream.id) == ["stored", "stored"])
    }
    let log = try CollectorLog(bench.database)
    #expect(try rows(log).map { $0["analyst"]?.string } == ["ana", "brent"])
    for event in ana.events + brent.events { #expect(try log.event(event.eventID) == event) }
    #expect(try await callers[2].entries().map(\.event) == ana.offered + brent.offered)
    #expect(try Verification(bench.database).run().faults == [])
    // What one asks to have taken out goes from one's own events alone, and is heard though another sent it first.
    var redaction = DeviceStream(3, analyst: "ana")
    try redaction.add(.redact(reason: "a name"), [EventReference(.redacts, ana.events[1])])
    for (number, caller) in [(7, callers[2]), (3, callers[0])] as [(UInt8, Caller)] {
      _ = try await caller.open(.numbered(number))
      _ = try await caller.verdicts(try copied(redaction, as: number), on: .numbered(number))
    }
    #expect(try CollectorLog(bench.database).event(ana.events[1].eventID) == nil)
    // Nor does it come back from another device of hers.
    _ = try await callers[0].open(.numbered(6))
    #expect(try await callers[0].verdicts(try copied(ana, as: 6), on: .numbered(6)) == ["alias", "alias"])
    #expect(try CollectorLog(bench.database).event(ana.events[1].eventID) == nil)
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("what researchers took out stays out where its analyst sends it later", arguments: [true, false])
  func redactedBefore(byResearchers: Bool) async throws {
    let bench = try Bench()
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(first, .agree)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let eve = Caller(client: client, token: try bench.token("eve"))
    var copies = try copied(ana, as: 8)
    _ = try await eve.open(.numbered(8))
    _ = try await eve.verdicts(copies, on: .numbered(8))
    if byResearchers {
      #expect(try Redaction(bench.database).run(.event(ana.events[1].eventID), reason: "a name") == 1)
    } else {
      // Whoever took it from another takes nothing from them.
      var redaction = DeviceStream(4, analyst: "eve")
      try redaction.add(.redact(reason: "mine"), [EventReference(.redacts, ana.events[1])])
      let body = try #require(redaction.events[0].body)
      copies.append(Stub.event(body, after: copies.last, id: 77, stream: .numbered(8)))
      #expect(
        try await eve.verdicts([copies[2]], base: copies[1].position, on: .numbered(8)) == ["stored"])
    }
    let caller = Caller(client: client, token: try bench.token("ana"))
    _ = try await caller.open(ana.id)
    _ = try await caller.verdicts(ana.offered, on: ana.id)
    #expect((try CollectorLog(bench.database).event(ana.events[1].eventID) == nil) == byResearchers)
    #expect(try Verification(bench.database).run().faults == [])
  }

  @Test("a body that was withheld at first and came with an alias is found", arguments: Kept.allCases) func withheld(
    _ kept: Kept
  ) async throws {
    let bench = try Bench(kept)
    var ana = DeviceStream(1, analyst: "ana")
    try ana.judge(first, .agree)
    let client = InProcessClient(try bench.collector().router().buildResponder())
    let token = try bench.token("ana")
    let (id, events) = (ana.id, ana.events)
    let caller = Caller(client: client, token: token)
    _ = try await caller.open(id)
    let offered = events.map { OfferedEvent($0) }
    #expect(try await caller.verdicts([offered[0].withheld, offered[1]], on: id) == ["quarantined", "stored"])
    let again = Stub.event(try #require(events[0].body), after: nil, id: events[0].eventID, stream: .numbered(9))
    _ = try await caller.open(.numbered(9))
    #expect(try await caller.verdicts([again], on: .numbered(9)) == ["alias"])
    #expect(try rows(CollectorLog(bench.database)).map { $0["model"]?.string } == ["wine"])
  }
}
