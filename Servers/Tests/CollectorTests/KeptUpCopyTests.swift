internal import Domain
internal import Export
internal import Feedback
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("A copy of an export that is kept up") struct KeptUpCopyTests {
  private static let word: RawText = "canary-77aa10"

  private static func view(_ record: SeenRecord) -> EventPayload {
    .seen(
      Seen(
        record: record, model: ModelID("wine", version: "1"),
        output: SeenOutput(answer: .classes([ClassScore(label: "red", probability: 1)], chosen: 0))))
  }

  private static func text(_ text: RawText) -> Record {
    Record(tensors: [Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes([text]))])
  }

  /// A device that sends what it has not sent yet.
  private struct Sender {
    let caller: Caller
    var stream: DeviceStream
    private var sent = 0

    init(_ number: UInt8, _ analyst: String, _ bench: Bench) async throws {
      stream = DeviceStream(number, analyst: RawText(analyst))
      let client = InProcessClient(try bench.collector().router().buildResponder())
      caller = Caller(client: client, token: try bench.token(analyst))
      _ = try await caller.open(stream.id)
    }

    mutating func send() async throws {
      let base = sent == 0 ? Position.empty : stream.offered[sent - 1].position
      let verdicts = try await caller.verdicts(Array(stream.offered.dropFirst(sent)), base: base, on: stream.id)
      #expect(verdicts == stream.events.dropFirst(sent).map { _ in "stored" })
      sent = stream.events.count
    }

    /// A view of a record and what was said of it; the number of the view.
    mutating func judge(_ caseID: ShortHash, _ record: SeenRecord) throws -> Int {
      try stream.add(KeptUpCopyTests.view(record), case: caseID)
      let seen = stream.events.count - 1
      let judgement = JudgementBody(Judgement(verdict: .agree))
      try stream.add(.judgement(judgement), case: caseID, [EventReference(.seen, stream.events[seen])])
      return seen
    }
  }

  private func rows(_ bench: Bench, _ part: CollectorLog.Part = .init(), model: RawText? = nil) throws -> [JSON] {
    var bytes: [UInt8] = []
    _ = try Exporter(CollectorLog(bench.database, part, page: 2), .init(format: .jsonl, model: model)).write {
      bytes += $0
    }
    return try bytes.split(separator: 0x0A).map { try JSON(parsing: Array($0)) }
  }

  private func holds(_ rows: [JSON], _ word: RawText) -> Bool {
    rows.contains { $0.serializedString.contains(word.string) }
  }

  @Test(
    "has nothing left of a note, a record, a mark or a decision that was redacted, whoever redacted it",
    arguments: Kept.allCases)
  func beside(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let word = Self.word
    var ana = try await Sender(1, "ana", bench)
    var bob = try await Sender(2, "bob", bench)
    let cases = (1...5).map { ShortHash.of([$0]) }
    var targets: [Event] = []
    for (place, caseID) in cases.enumerated() {
      let seen = try ana.judge(caseID, .inline(Self.text(place == 0 ? word : "plain")))
      switch place {
      case 0: break
      case 1: try ana.stream.add(.note(word), case: caseID)
      case 2:
        try ana.stream.add(
          .mark(MarkBody(Mark(kind: .spurious, target: word), explainer: ModelID("shap"))), case: caseID)
      default: try ana.stream.add(.adjudicate(DecisionBody(label: word)), case: caseID)
      }
      if let event = place == 0 ? ana.stream.events[seen] : ana.stream.events.last { targets.append(event) }
      _ = try bob.judge(caseID, .inline(Self.text("plain")))
    }
    try await ana.send()
    try await bob.send()
    var copy = Dictionary(try rows(bench).map { ($0["event_id"]?.string ?? "", $0) }) { _, new in new }
    #expect(copy.count == 10 && copy.values.count { holds([$0], word) } == 7)
    var end = try CollectorLog(bench.database).end
    for (place, target) in targets.enumerated() {
      if place == 4 {
        #expect(try Redaction(bench.database).run(.event(target.eventID), reason: "a name") == 1)
      } else {
        try ana.stream.add(.redact(reason: "a name"), case: target.caseID, [EventReference(.redacts, target)])
        try await ana.send()
      }
      let told = try rows(bench, .init(after: end))
      // A decision stands beside what everybody said of the case, and a view may be everybody's.
      #expect(told.count == (place == 1 || place == 2 ? 1 : 2), "\(place)")
      #expect(told.allSatisfy { $0["case_id"]?.string == target.caseID?.hex } && !holds(told, word))
      for row in told { copy[row["event_id"]?.string ?? ""] = row }
      // Something comes after it: nobody hears of it twice.
      try bob.stream.add(.note("on"), case: .of([9]))
      try await bob.send()
      end = try CollectorLog(bench.database).end
    }
    #expect(!holds(Array(copy.values), word))
    #expect(Set(copy.values) == Set(try rows(bench)))
  }

  @Test("has nothing left of what was redacted where a name was let in since, and rows are read again by that")
  func letIn() async throws {
    let bench = try Bench()
    var carl = try await Sender(1, "ana", bench)
    carl.stream = DeviceStream(1, analyst: "carl")
    _ = try carl.judge(.of([1]), .inline(Self.text("plain")))
    let verdicts = try await carl.caller.verdicts(carl.stream.offered, base: .empty, on: carl.stream.id)
    #expect(verdicts.allSatisfy { $0 != "stored" }, "\(verdicts)")
    var bob = try await Sender(2, "bob", bench)
    let seen = try bob.judge(.of([2]), .inline(Self.text(Self.word)))
    try await bob.send()
    var copy = Dictionary(try rows(bench).map { ($0["event_id"]?.string ?? "", $0) }) { _, new in new }
    let end = try CollectorLog(bench.database).end
    #expect(holds(Array(copy.values), Self.word))
    for event in [bob.stream.events[seen + 1], bob.stream.events[seen]] {
      #expect(try Redaction(bench.database).run(.event(event.eventID), reason: "a name") == 1)
    }
    _ = try TokenBook(bench.database).create(analyst: "ana", device: "d", scopes: [.write], formerNames: ["carl"])
    let told = try rows(bench, .init(after: end))
    for row in told { copy[row["event_id"]?.string ?? ""] = row }
    #expect(copy.count == 2 && !holds(Array(copy.values), Self.word), "\(told)")
  }

  @Test("of one model is told of a view that was redacted, although nothing says its model any more")
  func ofOneModel() async throws {
    let bench = try Bench()
    var ana = try await Sender(1, "ana", bench)
    let seen = try ana.judge(.of([1]), .inline(Self.text(Self.word)))
    try await ana.send()
    let end = try CollectorLog(bench.database).end
    #expect(try holds(rows(bench, model: "wine"), Self.word))
    #expect(try Redaction(bench.database).run(.event(ana.stream.events[seen].eventID), reason: "a name") == 1)
    let told = try rows(bench, .init(after: end), model: "wine")
    #expect(told.map { $0["event_id"]?.string } == [ana.stream.events[seen + 1].eventID.hex] && !holds(told, Self.word))
    // Whoever begins anew hears that one was left out.
    let report = try Exporter(CollectorLog(bench.database), .init(format: .jsonl, model: "wine")).write { _ in }
    #expect(report.summary == "0 rows; 1 without a view that tells their model left out")
  }

  @Test(
    "has nothing left of what was redacted, and the record that came, whatever the clock said where that was done",
    arguments: Kept.allCases)
  func clocks(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let record = Self.text(RawText(String(repeating: "x", count: 40_000)))
    let content = try record.canonicalBytes()
    let hash = Hash.of(content)
    var ana = try await Sender(1, "ana", bench)
    let seen = try ana.judge(.of([1]), .inline(Self.text(Self.word)))
    _ = try ana.judge(.of([2]), .hash(hash, bytes: content.count))
    try await ana.send()
    // The collector that took it in was ahead of every other clock.
    try await bench.database.write { db in
      try db.whileLogIsOpen { _ = try db.run("UPDATE log SET received_at = '2099-01-01T00:00:00.000000Z'") }
    }
    let end = try CollectorLog(bench.database).end
    #expect(try rows(bench, .init(after: end)).isEmpty)
    #expect(try Redaction(bench.database).run(.event(ana.stream.events[seen].eventID), reason: "a name") == 1)
    let range = "bytes 0-\(content.count - 1)/\(content.count)"
    let answer = try await ana.caller.call(
      .put, "/v1/blobs/\(hash.hex)", content, headers: [.contentRange: range])
    #expect(answer.status == 200)
    let told = try rows(bench, .init(after: end))
    #expect(told.map { $0["case_id"]?.string } == [1, 2].map { ShortHash.of([$0]).hex } && !holds(told, Self.word))
    #expect(told.last?["input.text"]?.string?.count == 40_000)
    // Where nobody kept the place, as before, the time decides: it cannot be known better.
    try await bench.database.write { db in _ = try db.run("UPDATE blob SET lsn = NULL") }
    #expect(try rows(bench, .init(after: end)).count == 1)
    try await bench.database.write { db in _ = try db.run("UPDATE blob SET at = '2099-01-01T00:00:00.000001Z'") }
    #expect(try rows(bench, .init(after: end)).count == 2)
  }

  @Test("is not told of a changed flag that was redacted as if it had been a judgement", arguments: Kept.allCases)
  func changedFlag(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    var ana = try await Sender(1, "ana", bench)
    let seen = try ana.judge(.of([1]), .inline(Self.text("plain")))
    try ana.stream.add(.flag(FlagBody(isRaised: true)), case: .of([1]))
    let raised = try #require(ana.stream.events.last)
    let lowered = Amendment(.flag(FlagBody(isRaised: false)))
    try ana.stream.add(.amend(lowered), case: .of([1]), [EventReference(.amends, raised)])
    let target = try #require(ana.stream.events.last)
    try await ana.send()
    let end = try CollectorLog(bench.database).end
    #expect(try Redaction(bench.database).run(.event(target.eventID), reason: "a name") == 1)
    let told = try rows(bench, .init(after: end))
    #expect(told.map { $0["event_id"]?.string } == [ana.stream.events[seen + 1].eventID.hex])
    #expect(told.map { $0["state"]?.string } == ["in_force"])
  }

  @Test(
    "has the newest decision of a case, the researchers' or an analyst's, and is told of it", arguments: Kept.allCases)
  func decided(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let caseID = ShortHash.of([1])
    var ana = try await Sender(1, "ana", bench)
    _ = try ana.judge(caseID, .inline(Self.text("plain")))
    try ana.stream.add(.adjudicate(DecisionBody(label: "red")), case: caseID)
    try await ana.send()
    func decided(_ rows: [JSON]) -> [String?] { rows.map { $0["decided"]?.string } }
    #expect(try decided(rows(bench)) == ["red"])
    func publish(_ label: RawText?, for recipients: [String] = []) throws -> LogCursor {
      let end = try CollectorLog(bench.database).end
      let body = try label.map { try Adjudication(caseID: caseID, label: $0, by: "panel").canonicalBytes() } ?? []
      try PublicationBook(bench.database, now: { DeviceStream.start.advanced(bySeconds: 60) })
        .publish(.adjudication, name: caseID.hex, body: body, recipients: recipients)
      return end
    }
    var end = try publish("white")
    #expect(try decided(rows(bench)) == ["white"])
    #expect(try rows(bench).map { $0["decided_by"]?.string } == ["panel"])
    #expect(try decided(rows(bench, .init(after: end))) == ["white"])
    end = try publish("rosé", for: ["brent"])
    #expect(try decided(rows(bench, .init(after: end))) == ["rosé"])
    end = try publish(nil)
    #expect(try decided(rows(bench, .init(after: end))) == ["red"])
    // Whoever went on from a later place knows it.
    try ana.stream.add(.note("on"), case: .of([9]))
    try await ana.send()
    #expect(try rows(bench, .init(after: CollectorLog(bench.database).end)).isEmpty)
  }

  @Test("has of each case all last words, in the forms of cases as well", arguments: Kept.allCases)
  func cases(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    func records(_ part: CollectorLog.Part = .init()) throws -> [String: JSON] {
      var bytes: [UInt8] = []
      _ = try Exporter(CollectorLog(bench.database, part, page: 2), .init(format: .argilla)).write { bytes += $0 }
      let records = try JSON(parsing: bytes).array ?? []
      return Dictionary(records.map { ($0["id"]?.string ?? "", $0) }) { _, new in new }
    }
    var ana = try await Sender(1, "ana", bench)
    var bob = try await Sender(2, "bob", bench)
    let ids = (1...4).map { ShortHash.of([$0]) }
    for id in ids { _ = try ana.judge(id, .inline(Self.text("plain"))) }
    try await ana.send()
    let end = try CollectorLog(bench.database).end
    // Somebody else judges the first, the second is taken back, the third is redacted; the fourth stays as it is.
    _ = try bob.judge(ids[0], .inline(Self.text("plain")))
    try await bob.send()
    let taken = EventReference(.retracts, ana.stream.events[3])
    try ana.stream.add(.retract(Retraction()), case: ids[1], [taken])
    try await ana.send()
    #expect(try Redaction(bench.database).run(.event(ana.stream.events[5].eventID), reason: "a name") == 1)
    let (whole, part) = (try records(), try records(.init(after: end)))
    #expect(Set(whole.keys) == [ids[0].hex, ids[3].hex] && Set(part.keys) == Set(ids.prefix(3).map(\.hex)))
    #expect(part[ids[0].hex] == whole[ids[0].hex])
    #expect(part[ids[0].hex]?["responses"]?["verdict"]?.array?.count == 2)
    for id in ids[1...2] { #expect(part[id.hex]?["responses"]?.members == [] && part[id.hex]?["status"] == "pending") }
  }

  @Test("has a record that was too large for its event as soon as it has come", arguments: Kept.allCases)
  func largeRecord(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let record = Self.text(RawText(String(repeating: "x", count: 40_000)))
    let content = try record.canonicalBytes()
    let hash = Hash.of(content)
    var ana = try await Sender(1, "ana", bench)
    _ = try ana.judge(.of([1]), .hash(hash, bytes: content.count))
    _ = try ana.judge(.of([2]), .inline(Self.text("plain")))
    try await ana.send()
    let end = try CollectorLog(bench.database).end
    #expect(try rows(bench).first?["input.text"] == .null)
    #expect(try rows(bench, .init(after: end)).isEmpty)
    let range = "bytes 0-\(content.count - 1)/\(content.count)"
    let answer = try await ana.caller.call(
      .put, "/v1/blobs/\(hash.hex)", content, headers: [.contentRange: range])
    #expect(answer.status == 200)
    let told = try rows(bench, .init(after: end))
    #expect(told.map { $0["input.text"]?.string?.count } == [40_000])
    for format in [ExportFormat.argilla, .prodigy] {
      let report = try Exporter(CollectorLog(bench.database, .init(after: end)), .init(format: format)).write { _ in }
      #expect(report.rows == 1 && report.withoutInput == 0)
    }
  }
}
