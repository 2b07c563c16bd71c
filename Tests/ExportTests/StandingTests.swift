import Domain
import Feedback
import Testing

@testable import Export

@Suite("What stands, for other programs")
struct StandingTests {
  private func lines(_ format: ExportFormat, _ events: [Event]) throws -> [String] {
    try MemoryLog(events).export(.init(format: format)).text.split(separator: "\n").map(String.init)
  }

  /// One judgement of a short text, and marks on its explanation.
  private func text(
    _ judgement: Judgement, marks: [Explanation.Part] = [], text: RawText = "pay me 😀 now",
    answer: Prediction.Answer? = nil
  ) throws -> [Event] {
    var sample = Sample()
    let tensor = Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes([text]))
    var seen = Sample.seen("mail", [tensor], fields: [])
    seen.requestID = "r-1"
    if let answer { seen.output.answer = answer }
    try sample.add(.seen(seen))
    try sample.add(.judgement(JudgementBody(judgement)), [(.seen, 1)])
    for mark in marks {
      let mark = Mark(kind: .spurious, target: mark.name, occurrence: mark.occurrence)
      try sample.add(.mark(MarkBody(mark, explainer: ModelID("shap"))))
    }
    return sample.events
  }

  @Test("rows: what an analyst decided between judges stands beside each judgement of the case, the newest")
  func decided() throws {
    var ana = Sample()
    try ana.add(.judgement(JudgementBody(Judgement(verdict: .agree, label: "red"))))
    var brent = Sample(analyst: "brent", stream: 11)
    try brent.add(.judgement(JudgementBody(Judgement(verdict: .disagree, label: "white"))))
    #expect(try MemoryLog(ana.events + brent.events).rows().compactMap { $0["decided"]?.string } == [])
    try ana.add(.adjudicate(DecisionBody(label: "red")), [(.adjudicates, 1)])
    try brent.add(.note("no"))
    try brent.add(.adjudicate(DecisionBody(label: "white")))
    let rows = try MemoryLog(ana.events + brent.events).rows()
    #expect(rows.map { $0["decided"]?.string } == ["white", "white"])
    #expect(rows.map { $0["decided_by"]?.string } == ["brent", "brent"])
    #expect(rows.map { $0["label"]?.string } == ["red", "white"])
    let events = try MemoryLog(ana.events).rows(ExportOptions(format: .events))
    #expect(events.last?["kind"]?.string == "adjudicate" && events.last?["state"]?.string == "in_force")
  }

  private static let meta = #""source_id":"row-7","model":"mail","version":"3""#

  @Test("Prodigy: a text that the model got right, in exact bytes") func prodigy() throws {
    let events = try text(
      Judgement(verdict: .agree, confidence: 5), marks: ["now", "pa", "😀"].map { Explanation.Part($0) })
    let line =
      #"{"text":"pay me 😀 now","label":"red","answer":"accept","#
      + #""spans":[{"start":9,"end":12,"label":"spurious"},{"start":7,"end":8,"label":"spurious"}],"#
      + #""_view_id":"classification","_session_id":"ana","_timestamp":1795435447,"#
      + #""meta":{"case_id":"\#(Sample.caseID.hex)","event_id":"\#(Sample().id(2).hex)","#
      + #""record_id":"\#(ShortHash.of([2]).hex)",\#(Self.meta),"verdict":"agree","stage":"final","#
      + #""assist":"explanation","confidence":5,"reasons":[],"score":0.75}}"#
    #expect(try lines(.prodigy, events) == [line])
  }

  @Test("Prodigy: a wrong class is rejected and the right one accepted; unsure and skip are ignored")
  func verdicts() throws {
    func answers(_ judgement: Judgement) throws -> [[String?]] {
      try lines(.prodigy, text(judgement)).map { line in
        let line = try JSON(parsing: line)
        return [line["label"]?.string, line["answer"]?.string, line["meta"]?["verdict"]?.string]
      }
    }
    #expect(
      try answers(Judgement(verdict: .disagree, label: "white"))
        == [["red", "reject", "disagree"], ["white", "accept", "disagree"]])
    // Of two classes it is the other one, also where nobody named it.
    #expect(
      try answers(Judgement(verdict: .disagree))
        == [["red", "reject", "disagree"], ["white", "accept", "disagree"]])
    #expect(try answers(Judgement(verdict: .unsure)) == [["red", "ignore", "unsure"]])
    #expect(try answers(Judgement(verdict: .skip)) == [["red", "ignore", "skip"]])
    #expect(try answers(Judgement(label: "white")) == [["white", "accept", nil]])
  }

  @Test("of changed judgements only the last word, of a table a line for each value") func table() throws {
    let (text, report) = try MemoryLog(try Sample.usual().events).export(.init(format: .prodigy))
    let lines = try text.split(separator: "\n").map { try JSON(parsing: String($0)) }
    #expect(lines.map { $0["label"]?.string } == ["red", "white"])
    let expected =
      "alcohol: 14.2\nash: -1\ncolor: =cmd|' /C calc'!A0\npixels: [0,1,2,3]\nids: [9007199254740993]\n"
      + "pair[0]: 0.1\npair[1]: NaN"
    #expect(lines[0]["text"]?.string == expected)
    #expect(lines[0]["input"]?["ids"] == [9_007_199_254_740_993])
    #expect(report.rows == 2 && report.notStanding == 2)
    #expect(report.summary == "2 lines; 2 that do not stand left out")
  }

  @Test("a judgement before the model's answer was shown gives way to the final one, and stands alone without it")
  func stages() throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(nil, "white", stage: .initial)), [(.seen, 1)])
    #expect(try lines(.seldonFeedback, sample.events).map { try JSON(parsing: $0)["reward"] } == [-1])
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    #expect(try lines(.seldonFeedback, sample.events).map { try JSON(parsing: $0)["reward"] } == [1])
  }

  @Test("Seldon: a message of exact bytes, with the right class as 1 among zeros") func seldon() throws {
    let events = try text(Judgement(verdict: .disagree, label: "white", note: "no\u{1}"))
    let line =
      #"{"request":{"meta":{"puid":"r-1"},"data":{"names":["text"],"ndarray":[["pay me 😀 now"]]}},"#
      + #""response":{"meta":{"puid":"r-1","tags":{"model":"mail","version":"3"}},"#
      + #""data":{"names":["red","white"],"ndarray":[[0.75,0.25]]}},"reward":-1,"#
      + #""truth":{"meta":{"tags":{"case_id":"\#(Sample.caseID.hex)","event_id":"\#(Sample().id(2).hex)","#
      + #""record_id":"\#(ShortHash.of([2]).hex)","source_id":"row-7","analyst":"ana","#
      + #""at":"2026-11-23T12:04:07.000000Z","verdict":"disagree","answer":"white","reasons":[],"note":"no\u0001","#
      + #""stage":"final","assist":"explanation"}},"data":{"names":["red","white"],"ndarray":[[0,1]]}}}"#
    #expect(try lines(.seldonFeedback, events) == [line])
  }

  @Test("Seldon: one tensor of numbers keeps its shape, NaN as a word; mixed values are one row without lists")
  func seldonData() throws {
    var sample = Sample()
    let tensor = Tensor(name: "x", datatype: .fp64, shape: [1, 2], elements: .double([1.5, .nan]))
    let fields = [SeenField(name: "a", tensor: 0, offset: 0), SeenField(name: "b", tensor: 0, offset: 1)]
    try sample.add(.seen(Sample.seen("wine", [tensor], fields: fields)))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    let lines = try lines(.seldonFeedback, sample.events)
    #expect(lines.count == 1)
    #expect(lines[0].contains(#""data":{"names":["a","b"],"tensor":{"shape":[1,2],"values":[1.5,"NaN"]}}"#))
    let mixed = try self.lines(.seldonFeedback, try Sample.usual().events)
    #expect(mixed[0].contains(#""names":["alcohol","ash","color","pixels[0]","pixels[1]","#))
    #expect(mixed[0].contains(#""ndarray":[[14.2,-1,"=cmd|' /C calc'!A0",0,1,2,3,9007199254740993,0.1,null]]"#))
  }

  @Test("Seldon: a number that the analyst names is the truth; unsure and skipped judgements have no line, counted")
  func seldonTruth() throws {
    let value = try lines(.seldonFeedback, text(Judgement(verdict: .disagree, value: 3.5), answer: .value(2)))
    #expect(value[0].contains(#""data":{"ndarray":[[2]]}},"reward":-1"#) && value[0].hasSuffix(#"[[3.5]]}}}"#))
    let foreign = try lines(.seldonFeedback, text(Judgement(verdict: .disagree, label: "rosé")))
    #expect(foreign[0].hasSuffix(#""data":{"ndarray":[["rosé"]]}}}"#))
    let unsure = try MemoryLog(try text(Judgement(verdict: .unsure))).export(.init(format: .seldonFeedback))
    #expect(unsure.text.isEmpty && unsure.report.summary == "0 lines; 1 without an answer left out")
  }

  @Test("a record that was not kept, or that has only texts where none are to go along, has no line but is counted")
  func withoutInput() throws {
    var sample = Sample()
    var seen = Sample.seen()
    seen.record = .hash(.of([1]), bytes: 40_000)
    try sample.add(.seen(seen))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    for format in [ExportFormat.prodigy, .seldonFeedback] {
      #expect(try MemoryLog(sample.events).export(.init(format: format)).report.withoutInput == 1)
      let texts = MemoryLog(try text(Judgement(verdict: .agree)))
      let report = try texts.export(.init(format: format, withNotes: false, withTexts: false)).report
      #expect(report.rows == 0 && report.withoutInput == 1)
    }
  }

  @Test("Seldon: a model is not told of a part of a record: without texts, one that has any is left out")
  func partOfInput() throws {
    let log = MemoryLog(try Sample.usual().events)
    let report = try log.export(.init(format: .seldonFeedback, withNotes: false, withTexts: false)).report
    #expect(report.rows == 0 && report.withoutInput == 1 && report.withoutAnswer == 0)
    #expect(try log.export(.init(format: .prodigy, withNotes: false, withTexts: false)).report.rows == 2)
  }

  @Test("hostile text is a line of JSON whatever it is, and a million characters come back whole") func hostile() throws
  {
    let note = RawText(bytes: Array("\u{0}\r\n\u{2028}\"\\=1+1\u{1B}[31m".utf8) + [0xFF, 0xC0])
    let long = RawText(String(repeating: "a\n", count: 500_000))
    for format in [ExportFormat.prodigy, .seldonFeedback] {
      for (text, note) in [(note, note), (long, long)] {
        let lines = try lines(format, self.text(Judgement(verdict: .agree, note: note), text: text))
        #expect(lines.count == 1)
        let line = try JSON(parsing: lines[0])
        let said = line["meta"]?["note"] ?? line["truth"]?["meta"]?["tags"]?["note"]
        #expect(said?.string == note.string)
      }
    }
  }

  @Test("rows say which of several words a mark is on, and Prodigy's span is that one") func secondWord() throws {
    let mark = Explanation.Part("now", occurrence: .init(2, of: 2))
    let events = try text(Judgement(verdict: .agree), marks: [mark], text: "now or now")
    let row = try #require(try MemoryLog(events).rows().first)
    #expect(row["marks"]?[0]?["occurrence"]?.integer == 2 && row["marks"]?[0]?["occurrences"]?.integer == 2)
    let span = try JSON(parsing: try lines(.prodigy, events)[0])["spans"]?[0]
    #expect(span?["start"]?.integer == 7 && span?["end"]?.integer == 10)
  }

  @Test("words are marked where they stand whole, and once or as often as the explanation has them") func places() {
    func place(_ word: String, _ text: String, _ number: Int64? = nil, of count: Int64? = nil) -> Range<Int>? {
      ProdigyLine.place(
        of: Array(word.unicodeScalars), in: Array(text.unicodeScalars), occurrence: number, count: count)
    }
    #expect(place("now", "now or never") == 0..<3)
    #expect(place("now", "know, now") == 6..<9)
    #expect(place("now", "now now") == nil)
    #expect(place("now", "now now", 1, of: 2) == 0..<3 && place("now", "now now", 2, of: 2) == 4..<7)
    // The explanation took `now,` for another word: which of the three it means nobody knows.
    #expect(place("now", "now, now now", 2, of: 2) == nil && place("now", "now now", 3, of: 2) == nil)
    #expect(place("", "now") == nil && place("longer", "now") == nil)
  }

  @Test(
    "marks on a case that their analyst has not judged are in no row: report and card count them, as far as they stand")
  func strayMarks() throws {
    func mark(_ target: RawText, _ kind: MarkKind = .spurious) -> EventPayload {
      .mark(MarkBody(Mark(kind: kind, target: target), explainer: ModelID("shap")))
    }
    var ana = Sample()
    try ana.add(.seen(Sample.seen()))
    for payload in [mark("ash"), mark("alcohol"), mark("ash", .agrees)] { try ana.add(payload, [(.seen, 1)]) }
    var brent = Sample(analyst: "brent", stream: 11)
    try brent.add(.judgement(Sample.judgement(.agree)))
    try brent.add(mark("ash"))
    for format in [ExportFormat.jsonl, .csv, .parquet, .prodigy] {
      var options = ExportOptions(format: format)
      options.withCard = true
      let report = try MemoryLog(ana.events + brent.events).export(options).report
      #expect(report.strayMarks == 2 && report.summary.contains("2 marks on cases without a judgement left out"))
      #expect(report.card?.markdown(options).contains("- Of the marks on explanations 2 are on cases") == true)
      options.model = "another"
      #expect(try MemoryLog(ana.events + brent.events).export(options).report.strayMarks == 0)
    }
    try ana.add(.judgement(Sample.judgement(.unsure)), [(.seen, 1)])
    #expect(try MemoryLog(ana.events + brent.events).export(.init(format: .jsonl)).report.strayMarks == 0)
    try ana.add(.retract(Retraction()), [(.retracts, 5)])
    #expect(try MemoryLog(ana.events + brent.events).export(.init(format: .jsonl)).report.strayMarks == 0)
    var options = ExportOptions(format: .jsonl)
    options.onlyInForce = true
    #expect(try MemoryLog(ana.events + brent.events).export(options).report.strayMarks == 2)
    for format in [ExportFormat.argilla, .labelStudio, .seldonFeedback] {
      #expect(format.losses.contains { $0.contains("marks on explanations") })
    }
  }

  @Test(
    "what was said of a case is read once, however many cases were changed in turn and how often",
    arguments: [
      ExportFormat.events, .jsonl,
    ])
  func shelf(_ format: ExportFormat) throws {
    var cases = (0..<40 as Range<UInt8>).map { Sample(stream: $0 + 1, caseID: .of([$0])) }
    for index in cases.indices { try cases[index].add(.judgement(Sample.judgement(.agree))) }
    for change in 1...60 {
      for index in cases.indices { try cases[index].add(.judgement(Sample.judgement(.unsure)), [(.amends, change)]) }
    }
    let inTurn = (0...60).flatMap { change in cases.map { $0.events[change] } }
    let log = MemoryLog(inTurn)
    let report = try log.export(ExportOptions(format: format)).report
    #expect(format == .jsonl || report.rows == 40 * 61)
    #expect(log.questions.count == 40)
  }
}
