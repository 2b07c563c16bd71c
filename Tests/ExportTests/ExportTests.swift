import Domain
import Feedback
import Testing

@testable import Export

@Suite("The export")
struct ExportTests {
  private func log() throws -> MemoryLog { MemoryLog(try Sample.usual().events) }

  @Test("a row holds input, model, prediction, explanation, judgement and timing, typed")
  func row() throws {
    let row = try #require(try log().rows().dropFirst().first)
    let sample = Sample()
    let expected: [RawText: JSON] = [
      "event_id": .text(sample.id(3).hex), "seq": 3, "kind": "amend", "state": "in_force",
      "replaces": .text(sample.id(2).hex), "is_redo": false, "analyst": "ana", "recorded_analyst": "ana",
      "case_id": .text(Sample.caseID.hex), "source_id": "row-7", "model": "wine", "version": "3",
      "is_prediction_seen": true, "predicted": "red", "probability": 0.75, "margin": 0.5, "latency_ms": 3.25,
      "verdict": "disagree", "label": "white", "answer": "white", "confidence": 4, "reasons": ["a,b"],
      "note": "said \"no\"\r\nand left", "stage": "final", "assist": "explanation", "active_ms": 5000,
      "is_explanation_seen": true, "explanation_explainer": "shap", "explanation_method": "Tree SHAP",
      "explanation_ms": 90, "queue": "q", "propensity": 0.25, "input.alcohol": 14.2, "input.ash": -1,
      "input.color": "=cmd|' /C calc'!A0", "input.pixels": [0, 1, 2, 3], "input.ids": [9_007_199_254_740_993],
      "input.pair[0]": 0.1,
      "input.pair[1]": "NaN", "is_flagged": true, "notes": ["beside"], "not_utf8": .null, "received_at": .null,
    ]
    for (name, value) in expected { #expect(row[name] == value, "\(name)") }
    #expect(row["marks"]?[0]?["target"] == "ash")
    #expect(row["probabilities"]?.array?.count == 2)
    #expect(row["input.lost"] == nil && row["input.huge"] == nil)
  }

  @Test("how long an explanation was on screen is said where it had a part of the screen to itself, and nowhere else")
  func explanationTime() throws {
    var seen = Sample.seen()
    seen.explanations[1].milliseconds = nil
    var sample = Sample()
    for milliseconds in [nil, 0] {
      seen.explanations[1].milliseconds = milliseconds
      try sample.add(.seen(seen))
      for pane in ["case", "Tree SHAP"] {
        var body = Sample.judgement(.agree)
        body.timing.views = [PaneTime(pane: RawText(pane), milliseconds: 3598)]
        try sample.add(.judgement(body), [(.seen, sample.events.last { $0.kind == .seen }?.seq ?? 0)])
      }
    }
    let rows = try MemoryLog(sample.events).rows()
    #expect(rows.map { $0["is_explanation_seen"] } == [true, true, true, true])
    #expect(rows.map { $0["explanation_ms"] ?? .null } == [.null, 3598, .null, 3598])
    #expect(try SeenExplanation(explainer: ModelID("shap"), method: "Tree SHAP").canonicalBytes().count < 80)
    #expect(rows[0]["explanations"]?[1]?["ms"] == nil)
  }

  @Test("every judgement event has a row with its state, and only those in force if asked")
  func states() throws {
    #expect(try log().rows().map { $0["state"]?.string } == ["superseded", "in_force", "retracted"])
    #expect(try log().rows().map { $0["answer"]?.string } == ["red", "white", nil])
    #expect(try log().rows(.init(format: .jsonl, onlyInForce: true)).count == 1)
  }

  @Test("of one model leaves out a judgement whose view is gone, and says so") func withoutView() throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    try sample.add(.judgement(Sample.judgement(.unsure)))
    var events = sample.events
    #expect(
      try MemoryLog(events).export(.init(format: .jsonl, model: "wine")).report.summary
        == "1 row; 1 without a view that tells their model left out")
    events[0].body = nil
    for format in [ExportFormat.csv, .prodigy, .argilla] {
      let report = try MemoryLog(events).export(.init(format: format, model: "wine")).report
      #expect(report.rows == 0 && report.withoutView == 2, "\(format)")
    }
    #expect(try MemoryLog(sample.events).export(.init(format: .jsonl, model: "cargo")).report.withoutView == 1)
    #expect(try MemoryLog(events).export(.init(format: .jsonl)).report.rows == 2)
  }

  @Test("what a redacted change of mind replaced is not in force, nor a first answer whose final one was redacted")
  func redacted() throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    try sample.add(.amend(Amendment(.judgement(Sample.judgement(.unsure)))), [(.seen, 1), (.amends, 2)])
    let remains = try Remains(sample.events[2].decoded())
    func without(_ place: Int, _ events: [Event]) -> [Event] {
      var events = events
      events[place].body = nil
      return events
    }
    #expect(try MemoryLog(without(2, sample.events)).rows().map { $0["state"]?.string } == ["unknown"])
    try sample.add(.redact(reason: "a name", remains: remains), [(.redacts, 3)])
    let rows = try MemoryLog(without(2, sample.events)).export(.init(format: .jsonl))
    #expect(rows.text.contains("\"state\":\"superseded\""))
    #expect(rows.report.withoutBody == 1)

    var blind = Sample()
    try blind.add(.seen(Sample.seen()))
    try blind.add(.judgement(Sample.judgement(.agree, "red", stage: .initial)), [(.seen, 1)])
    try blind.add(.judgement(Sample.judgement(.disagree, "white")), [(.seen, 1)])
    try blind.add(.redact(reason: "a name", remains: Remains(blind.events[2].decoded())), [(.redacts, 3)])
    let standing = try MemoryLog(without(2, blind.events)).export(.init(format: .prodigy)).report
    #expect(standing.rows == 0 && standing.notStanding == 1)
  }

  @Test("a flag, a note or a mark that was changed and then redacted is no judgement, and is not counted as one")
  func redactedBeside() throws {
    let changes: [Statement] = [
      .flag(FlagBody(isRaised: false)), .note("on"),
      .mark(MarkBody(Mark(kind: .spurious, target: "ash"), explainer: ModelID("shap"))),
    ]
    for change in changes {
      var sample = Sample()
      try sample.add(.seen(Sample.seen()))
      try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
      try sample.add(.amend(Amendment(change)))
      try sample.add(.redact(reason: "a name", remains: Remains(sample.events[2].decoded())), [(.redacts, 3)])
      var log = MemoryLog(sample.events)
      log.entries[2].event.body = nil
      #expect(try log.export(.init(format: .jsonl)).report.summary == "1 row")
      // An export that goes on meets it among what changed since.
      log.earlier = [log.entries[2]]
      log.entries.removeFirst(3)
      #expect(try log.rows().isEmpty)
    }
  }

  @Test("who disagrees with one of two classes and names none holds the other for true, in every form and on the card")
  func otherOfTwo() throws {
    var (ana, bob) = (Sample(), Sample(analyst: "bob", stream: 11))
    try ana.add(.seen(Sample.seen()))
    try ana.add(.judgement(Sample.judgement(.disagree)), [(.seen, 1)])
    try bob.add(.seen(Sample.seen()))
    try bob.add(.judgement(Sample.judgement(.disagree, "white")), [(.seen, 1)])
    let log = MemoryLog(ana.events + bob.events)
    #expect(try log.rows().map { $0["answer"]?.string } == ["white", "white"])
    let card = try log.export(.init(format: .jsonl, withCard: true)).report.card?.markdown(.init(format: .jsonl))
    #expect(card?.contains("Pairs of them that are the same: 1 of 1") == true, "\(card ?? "")")
    let argilla = try JSON(parsing: log.export(.init(format: .argilla)).text)
    #expect(argilla[0]?["responses"]?["label"]?.array?.map { $0["value"]?.string } == ["white", "white"])
    #expect(try log.export(.init(format: .labelStudio)).text.ranges(of: #"{"choices":["white"]}"#).count == 2)
    // Of three nobody knows which.
    var three = Sample()
    var seen = Sample.seen()
    seen.output.answer = .classes(
      ["red", "white", "rosé"].map { ClassScore(label: $0, probability: 1 / 3) }, chosen: 0)
    try three.add(.seen(seen))
    try three.add(.judgement(Sample.judgement(.disagree)), [(.seen, 1)])
    #expect(try MemoryLog(three.events).rows().map { $0["answer"] } == [.null])
  }

  @Test("a redo is in force again and keeps what it was made on, also where it does not name it")
  func redo() throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    try sample.add(.retract(Retraction(isUndo: true)), [(.retracts, 2)])
    try sample.add(.amend(Amendment(.judgement(Sample.judgement(.agree)), isRedo: true)), [(.redoes, 2)])
    let rows = try MemoryLog(sample.events).rows()
    #expect(rows.map { $0["state"]?.string } == ["retracted", "in_force"])
    #expect(rows.map { $0["is_redo"]?.bool } == [false, true])
    #expect(rows.map { $0["predicted"]?.string } == ["red", "red"])
  }

  @Test("what was seen of another case is not taken for what a judgement was made on")
  func foreignSeen() throws {
    var other = Sample(caseID: .of([9]))
    try other.add(.seen(Sample.seen("cargo")))
    var log = MemoryLog(try Sample.usual().events)
    log.before = other.events
    let body = EventBody(
      stamp: Stamp(at: Sample.start, analyst: "ana"), caseID: Sample.caseID,
      references: [EventReference(.seen, other.events[0])], payload: .judgement(Sample.judgement(.agree)))
    let stream = try #require(StreamID(hex: String(repeating: "0c", count: 16)))
    log.entries = try Chain.seal(
      [EventDraft(eventID: Sample(stream: 12).id(1), body: body)], stream: stream, after: .empty
    )
    .map { ExportEntry($0) }
    #expect(try log.rows().map { $0["model"] } == [.null])
  }

  @Test("two who differ stand in two rows; what one said before the answer was shown stands beside the final word")
  func colleagues() throws {
    var ana = Sample()
    try ana.add(.seen(Sample.seen()))
    try ana.add(.judgement(Sample.judgement(.disagree, "white", stage: .initial)), [(.seen, 1)])
    try ana.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    var bob = Sample(analyst: "bob", stream: 11)
    try bob.add(.seen(Sample.seen()))
    try bob.add(.judgement(Sample.judgement(.disagree, "white")), [(.seen, 1)])
    let rows = try MemoryLog(ana.events + bob.events).rows()
    #expect(rows.map { $0["analyst"]?.string } == ["ana", "ana", "bob"])
    #expect(rows.map { $0["state"]?.string } == ["in_force", "in_force", "in_force"])
    #expect(rows.map { $0["stage"]?.string } == ["initial", "final", "final"])
    #expect(rows.map { $0["is_prediction_seen"]?.bool } == [false, true, true])
    #expect(rows.map { $0["is_explanation_seen"]?.bool } == [false, true, true])
    #expect(rows.map { $0["answer"]?.string } == ["white", "red", "white"])
    #expect(rows.map { $0["initial_answer"]?.string } == [nil, "white", nil])
    #expect(Set(rows.compactMap { $0["case_id"]?.string }).count == 1)
  }

  @Test("two devices of one analyst that did not know of each other: the newer stands, the other is an alternative")
  func devices() throws {
    var first = Sample()
    try first.add(.judgement(Sample.judgement(.agree)))
    var second = Sample(stream: 11)
    try second.add(.note(""))
    try second.add(.judgement(Sample.judgement(.disagree, "white")))
    for events in [first.events + second.events, second.events + first.events] {
      let states = try MemoryLog(events).rows().map { [$0["verdict"]?.string, $0["state"]?.string] }
      #expect(Set(states) == [["agree", "alternative"], ["disagree", "in_force"]])
    }
  }

  @Test("the analyst is whom the log names; the name in the event stands beside")
  func formerName() throws {
    var sample = Sample(analyst: "unix:ana@desk")
    try sample.add(.judgement(Sample.judgement(.agree)))
    var log = MemoryLog(sample.events)
    log.entries[0].event.analyst = "ana"
    log.entries[0].receivedAt = Sample.start
    let row = try #require(try log.rows().first)
    #expect(row["analyst"] == "ana" && row["recorded_analyst"] == "unix:ana@desk")
    #expect(row["received_at"]?.string == Sample.start.description)
  }

  @Test("what a judgement was made on is found, and its state known, where they stand before what is exported")
  func part() throws {
    var log = try log()
    log.before = log.entries.prefix(2).map(\.event)
    log.entries.removeFirst(2)
    let rows = try log.rows()
    #expect(rows.map { $0["state"]?.string } == ["in_force", "retracted"])
    #expect(rows.first?["input.alcohol"] == 14.2)
  }

  @Test("of one model only, if asked, with that model's columns") func model() throws {
    var other = Sample(stream: 11, caseID: .of([9]))
    let tensor = Tensor(name: "kg", datatype: .int64, shape: [1], elements: .signed([7]))
    try other.add(.seen(Sample.seen("cargo", [tensor], fields: [])))
    try other.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    let log = MemoryLog(try Sample.usual().events + other.events)
    let (_, report) = try log.export(.init(format: .jsonl, model: "cargo"))
    #expect(report.rows == 1)
    #expect(report.codebook.columns.map(\.name).suffix(1) == ["input.kg"])
    #expect(try log.rows(.init(format: .jsonl, model: "wine")).count == 2)
  }

  @Test("every row has every column, in order, and no two columns have one name")
  func columns() throws {
    let (_, report) = try log().export(.init(format: .csv))
    let names = report.codebook.columns.map(\.name)
    for row in try log().rows() { #expect(row.members?.map(\.key) == names) }
    #expect(Set(names).count == names.count)
  }

  @Test("without notes no note goes along, in no format") func withoutNotes() throws {
    for format in ExportFormat.allCases {
      let text = try log().export(.init(format: format, withNotes: false)).text
      #expect(!text.contains("beside") && !text.contains("said") && !text.contains("cmd\""), "\(format)")
    }
  }

  @Test("without notes the reason for which a stream was ended stays behind as well") func withoutReason() throws {
    var sample = Sample()
    try sample.add(.judgement(Sample.judgement(.agree)))
    try sample.add(.streamEnd(reason: "Anna's laptop was stolen"))
    let log = MemoryLog(sample.events)
    #expect(try log.export(.init(format: .events)).text.contains("stolen"))
    for options in [
      ExportOptions(format: .events, withNotes: false),
      ExportOptions(format: .events, withNotes: false, withTexts: false),
    ] {
      let (text, report) = try log.export(options)
      #expect(!text.contains("stolen") && report.rows == 2)
    }
  }

  @Test("without texts no text of an input goes along either, nor what an explanation or a mark shows of it")
  func withoutTexts() throws {
    for format in ExportFormat.allCases {
      let (text, report) = try log().export(.init(format: format, withNotes: false, withTexts: false))
      for word in ["calc", "beside", "said", "alcohol\",\"value"] { #expect(!text.contains(word), "\(format) \(word)") }
      #expect(!report.codebook.columns.contains { $0.name == "input.color" })
    }
    let row = try #require(try log().rows(.init(format: .jsonl, withTexts: false)).first)
    #expect(row["input.alcohol"] == 14.2 && row["marks"] == .null && row["explanations"] == .null)
  }

  @Test("judgements that were redacted or cannot be read are counted, not passed over in silence")
  func unreadable() throws {
    var log = try log()
    log.entries[1].event.body = nil
    log.entries[2].event.body = Array(#"{"analyst":"ana","at":"2026-11-23T12:00:00Z","kind":"amend","v":2}"#.utf8)
    let report = try log.export(.init(format: .jsonl)).report
    #expect(report.withoutBody == 1 && report.unreadable == 1 && report.rows == 1)
  }

  @Test("pseudonyms stand for analysts everywhere in a row, the same for one key and others for another")
  func pseudonyms() throws {
    func names(_ key: String) throws -> [JSON?] {
      let pseudonyms = try #require(Pseudonyms(key: Array(key.utf8)))
      let (text, _) = try log().export(.init(format: .jsonl, pseudonyms: pseudonyms))
      #expect(!text.contains("\"ana\""))
      return try text.split(separator: "\n").flatMap { line in
        let row = try JSON(parsing: String(line))
        return [row["analyst"], row["recorded_analyst"]]
      }
    }
    let first = try names("0123456789abcdef")
    #expect(Set(first).count == 1 && first[0]?.string?.hasPrefix("analyst-") == true)
    #expect(try names("0123456789abcdef") == first)
    #expect(try names("another key, as long") != first)
    #expect(Pseudonyms(key: Array("short".utf8)) == nil)
    // RFC 4231, test cases 2 and 6.
    let code = { (text: String, key: [UInt8]) in Pseudonyms.code(of: Array(text.utf8), key: key).hex }
    #expect(
      code("what do ya want for nothing?", Array("Jefe".utf8))
        == "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")
    #expect(
      code("Test Using Larger Than Block-Size Key - Hash Key First", [UInt8](repeating: 0xAA, count: 131))
        == "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54")
  }

  @Test("nobody has a pseudonym: a decision that nobody is named for has no name") func nobody() throws {
    let pseudonyms = try #require(Pseudonyms(key: Array("0123456789abcdef".utf8)))
    #expect(pseudonyms.name(for: "").isEmpty && !pseudonyms.name(for: "ana").isEmpty)
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    var log = MemoryLog(sample.events)
    log.published = [
      Decision(Adjudication(caseID: Sample.caseID, label: "red"), at: Sample.start, isPublished: true)
    ]
    let row = try #require(try log.rows(.init(format: .jsonl, pseudonyms: pseudonyms)).first)
    #expect(row["decided"]?.string == "red" && row["decided_by"]?.string == nil)
  }

  @Test("pseudonyms stand for analysts in every form but whole events") func pseudonymsInForms() throws {
    var sample = Sample(analyst: "ana-of-the-desk")
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    let pseudonyms = try #require(Pseudonyms(key: Array("0123456789abcdef".utf8)))
    for format in ExportFormat.allCases where format != .events {
      let text = try MemoryLog(sample.events).export(.init(format: format, pseudonyms: pseudonyms)).text
      #expect(!text.contains("ana-of-the-desk"), "\(format)")
    }
  }

  @Test("the same log gives the same bytes, in the same order") func deterministic() throws {
    for format in ExportFormat.allCases {
      #expect(try log().export(.init(format: format)).text == log().export(.init(format: format)).text)
    }
  }

  @Test("the whole log has one line an event, from which each hash can be worked out again")
  func events() throws {
    let lines = try log().rows(.init(format: .events))
    #expect(lines.count == 8)
    for line in lines {
      #expect(line.members?.map(\.key) == EventLine.columns.map(\.name))
      let body = try CanonicalJSON.bytes(of: try #require(line["body"]))
      #expect(Hash.of(body).hex == line["leaf"]?.string)
    }
    #expect(
      lines.map { $0["state"]?.string } == [
        nil, "superseded", "in_force", "in_force", "in_force", "in_force", "retracted", nil,
      ])
  }
}
