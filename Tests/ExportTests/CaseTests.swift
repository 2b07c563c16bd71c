import Domain
import Feedback
import Testing

@testable import Export

@Suite("Cases for Argilla and Label Studio, and the card")
struct CaseTests {
  private static let note: RawText = "a <b> & \"c\"\n"

  /// One case, judged by two, one of whom changed her mind; and one that was skipped.
  private func events() throws -> [Event] {
    let text = Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes(["pay me"]))
    var ana = Sample()
    try ana.add(.seen(Sample.seen("mail", [text], fields: [])))
    try ana.add(.judgement(JudgementBody(Judgement(verdict: .agree))), [(.seen, 1)])
    let second = Judgement(
      verdict: .disagree, label: "a&\u{1}\"b", confidence: 4, reasons: ["why"], note: Self.note)
    try ana.add(
      .amend(Amendment(.judgement(JudgementBody(second, timing: .init(activeMilliseconds: 4200))))),
      [(.seen, 1), (.amends, 2)])
    var bob = Sample(analyst: "bob", stream: 11)
    try bob.add(.seen(Sample.seen("mail", [text], fields: [])))
    try bob.add(.judgement(JudgementBody(Judgement(verdict: .agree))), [(.seen, 1)])
    var other = Sample(analyst: "bob", stream: 12, caseID: .of([9]))
    try other.add(.seen(Sample.seen("mail", [text], fields: [])))
    try other.add(.judgement(JudgementBody(Judgement(verdict: .skip))), [(.seen, 1)])
    return ana.events + other.events + bob.events
  }

  @Test("Argilla: a record of exact bytes for each case, in the order in which they were met") func argilla() throws {
    let (text, report) = try MemoryLog(events()).export(.init(format: .argilla))
    let users = report.codebook.analysts.map(\.uuid)
    let metadata = { (verdicts: String, case: ShortHash) in
      #""metadata":{"case_id":"\#(`case`.hex)","record_id":"\#(ShortHash.of([2]).hex)","source_id":"row-7","#
        + #""service":"http://s","model":"mail","version":"3","margin":0.5,\#(verdicts)}"#
    }
    let suggestion = #""suggestions":{"label":{"value":"red","score":0.75,"agent":"mail:3"}}"#
    let first =
      #"{"id":"\#(Sample.caseID.hex)","fields":{"text":"pay me"},"#
      + metadata(#""answers":2,"verdict":["disagree","agree"],"confidence":4"#, Sample.caseID) + "," + suggestion
      + #","responses":{"verdict":[{"value":"disagree","user_id":"\#(users[0])","status":"submitted"},"#
      + #"{"value":"agree","user_id":"\#(users[1])","status":"submitted"}],"#
      + #""label":[{"value":"a&\u0001\"b","user_id":"\#(users[0])","status":"submitted"},"#
      + #"{"value":"red","user_id":"\#(users[1])","status":"submitted"}],"#
      + #""confidence":[{"value":4,"user_id":"\#(users[0])","status":"submitted"}],"#
      + #""reasons":[{"value":["why"],"user_id":"\#(users[0])","status":"submitted"}],"#
      + #""note":[{"value":"a <b> & \"c\"\n","user_id":"\#(users[0])","status":"submitted"}]},"#
      + #""vectors":{},"status":"completed","_server_id":null}"#
    let second =
      #"{"id":"\#(ShortHash.of([9]).hex)","fields":{"text":"pay me"},"#
      + metadata(#""answers":1,"verdict":["skip"]"#, .of([9])) + "," + suggestion
      + #","responses":{"verdict":[{"value":"skip","user_id":"\#(users[1])","status":"discarded"}]},"#
      + #""vectors":{},"status":"pending","_server_id":null}"#
    #expect(text == "[\n" + first + ",\n" + second + "\n]\n")
    #expect(report.codebook.labels == ["red", "white", "a&\u{1}\"b"])
    #expect(report.summary == "2 records; 1 that does not stand left out")
  }

  @Test("what was said on a view without the record is in the case that another's shows", arguments: [true, false])
  func withheld(isFirst: Bool) throws {
    let text = Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes(["pay me"]))
    var ana = Sample()
    var seen = Sample.seen("mail", [text], fields: [])
    try ana.add(.seen(seen))
    try ana.add(.judgement(JudgementBody(Judgement(verdict: .agree))), [(.seen, 1)])
    var bob = Sample(analyst: "bob", stream: 11)
    seen.record = .none
    try bob.add(.seen(seen))
    try bob.add(.judgement(JudgementBody(Judgement(verdict: .disagree, label: "white"))), [(.seen, 1)])
    let events = isFirst ? bob.events + ana.events : ana.events + bob.events
    for format in [ExportFormat.argilla, .labelStudio] {
      let (text, report) = try MemoryLog(events).export(.init(format: format))
      #expect(text.contains("pay me") && text.contains("disagree"), "\(text)")
      #expect(report.rows == 1 && report.withoutInput == 0, "\(report.summary)")
    }
    // Nobody's record, or lines of one judgement each: nothing to show it on.
    #expect(try MemoryLog(bob.events).export(.init(format: .argilla)).report.withoutInput == 1)
    #expect(try MemoryLog(events).export(.init(format: .prodigy)).report.withoutInput == 1)
  }

  @Test("Label Studio: a task of exact bytes, and the configuration that fits it") func labelStudio() throws {
    let (text, report) = try MemoryLog(events()).export(.init(format: .labelStudio))
    let numbers = report.codebook.analysts.map(\.number)
    let choice = { (name: String, value: String) in
      #"{"id":"\#(name)","from_name":"\#(name)","to_name":"text","type":"choices","value":{"choices":["\#(value)"]}}"#
    }
    let bob = AnalystNumbers.hyphenated(Sample(stream: 11).id(2).hex)
    let first =
      #"{"id":1,"data":{"text":"pay me","case_id":"\#(Sample.caseID.hex)","record_id":"\#(ShortHash.of([2]).hex)","#
      + #""source_id":"row-7","service":"http://s","model":"mail","version":"3"},"#
      + #""predictions":[{"id":1,"model_version":"mail:3","score":0.75,"result":[\#(choice("label", "red"))]}],"#
      + #""annotations":[{"id":1,"unique_id":"\#(AnalystNumbers.hyphenated(Sample().id(3).hex))","#
      + #""completed_by":\#(numbers[0]),"created_at":"2026-11-23T12:04:08.000000Z","lead_time":4.2,"#
      + #""was_cancelled":false,"ground_truth":false,"#
      + #""result":[\#(choice("label", "a&\u{FFFD}\\\"b")),\#(choice("verdict", "disagree")),"#
      + #"{"id":"confidence","from_name":"confidence","to_name":"text","type":"rating","value":{"rating":4}},"#
      + choice("reasons", "why") + ","
      + #"{"id":"note","from_name":"note","to_name":"text","type":"textarea","#
      + #""value":{"text":["a <b> & \"c\"\n"]}}]},"#
      + #"{"id":2,"unique_id":"\#(bob)","completed_by":\#(numbers[1]),"#
      + #""created_at":"2026-11-23T12:04:07.000000Z","lead_time":null,"was_cancelled":false,"ground_truth":false,"#
      + #""result":[\#(choice("label", "red")),\#(choice("verdict", "agree"))]}]}"#
    #expect(text.hasPrefix("[\n" + first + ",\n"))
    #expect(text.contains(#""was_cancelled":true,"ground_truth":false,"result":[]}]}"# + "\n]\n"))
    let xml = """
      <View>
        <Text name="text" value="$text"/>
        <Choices name="label" toName="text" choice="single">
          <Choice value="red"/>
          <Choice value="white"/>
          <Choice value="a&amp;\u{FFFD}&quot;b"/>
        </Choices>
        <Choices name="verdict" toName="text" choice="single">
          <Choice value="agree"/>
          <Choice value="disagree"/>
          <Choice value="unsure"/>
        </Choices>
        <Rating name="confidence" toName="text" maxRating="5"/>
        <Choices name="reasons" toName="text" choice="multiple">
          <Choice value="why"/>
        </Choices>
        <TextArea name="note" toName="text"/>
      </View>

      """
    #expect(report.codebook.text(named: "x.xml") == xml)
    #expect(report.codebook.json["labeling_config"]?.string == xml)
    #expect(try MemoryLog(events()).export(.init(format: .argilla)).report.codebook.text(named: "x.xml") == nil)
  }

  @Test(
    "a case with which an export goes on has every last word, also those of before",
    arguments: [ExportFormat.argilla, .labelStudio])
  func goingOn(format: ExportFormat) throws {
    let all = try events()
    let whole = try JSON(parsing: MemoryLog(all).export(.init(format: format)).text)
    var log = MemoryLog(all.suffix(2))
    log.before = all.dropLast(2)
    #expect(log.entries.allSatisfy { $0.event.analyst == "bob" })
    let part = try JSON(parsing: log.export(.init(format: format)).text)
    #expect(part.array?.count == 1 && part[0] == whole[0])
  }

  @Test(
    "a case of which nothing stands any more is told without an answer, where its input is here, also of what stands alone",
    arguments: [ExportFormat.argilla, .labelStudio])
  func emptied(format: ExportFormat) throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    try sample.add(.retract(Retraction()), [(.retracts, 2)])
    #expect(try MemoryLog(sample.events).export(.init(format: format)).text == "[]\n")
    var log = MemoryLog(Array(sample.events.suffix(1)))
    log.earlier = [ExportEntry(sample.events[1])]
    log.before = [sample.events[0]]
    for options in [
      ExportOptions(format: format), .init(format: format, model: "wine"), .init(format: format, onlyInForce: true),
    ] {
      let (text, report) = try log.export(options)
      let record = try #require(try JSON(parsing: text)[0])
      if format == .argilla {
        #expect(record["id"]?.string == Sample.caseID.hex && record["suggestions"]?["label"]?["value"] == "red")
        #expect(record["responses"]?.members?.isEmpty == true && record["status"] == "pending")
      } else {
        #expect(record["data"]?["case_id"]?.string == Sample.caseID.hex && record["annotations"]?.array == [])
        #expect(record["predictions"]?.array?.count == 1)
      }
      #expect(report.summary.hasSuffix("1 of which has no answer any more; 1 that does not stand left out"))
    }
    #expect(try log.export(.init(format: format, model: "cargo")).text == "[]\n")
    log.before = []
    let (text, report) = try log.export(.init(format: format))
    #expect(text == "[]\n")
    #expect(report.summary.hasSuffix("; 1 case of before of which neither an answer nor an input is here left out"))
  }

  @Test("a number that a model answers with is a value, not a class") func numbers() throws {
    var sample = Sample()
    var seen = Sample.seen()
    seen.output.answer = .value(2.5)
    try sample.add(.seen(seen))
    try sample.add(.judgement(JudgementBody(Judgement(verdict: .disagree, value: 3))), [(.seen, 1)])
    let log = MemoryLog(sample.events)
    let argilla = try log.export(.init(format: .argilla)).text
    #expect(argilla.contains(#""suggestions":{"value":{"value":"2.5","agent":"wine:3"}}"#))
    #expect(argilla.contains(#""value":[{"value":"3","user_id""#))
    let (tasks, report) = try log.export(.init(format: .labelStudio))
    #expect(tasks.contains(#""type":"number","value":{"number":2.5}"#) && tasks.contains(#""number":3}"#))
    #expect(report.codebook.labelingConfig?.contains(#"<Number name="value" toName="text"/>"#) == true)
  }

  @Test("an export without a case is an empty array", arguments: [ExportFormat.argilla, .labelStudio])
  func empty(format: ExportFormat) throws {
    #expect(try MemoryLog([]).export(.init(format: format)).text == "[]\n")
  }

  @Test("an analyst has one UUID of version 8 and one number, and no two have the same") func analysts() {
    var numbers = AnalystNumbers()
    let ana = numbers.analyst("ana")
    // SHA-256 of "mds-analyst", a zero byte and "ana".
    #expect(ana.uuid == "b2b603b0-e022-8e75-a4e1-7626bbf10fb1" && ana.number == 428022166)
    #expect(numbers.analyst("ana") == ana)
    var numbersMet: Set<Int> = [ana.number]
    for index in 0..<1000 {
      let next = numbers.analyst(RawText("a\(index)"))
      #expect((1...0x7FFF_FFFF).contains(next.number) && numbersMet.insert(next.number).inserted)
      #expect(next.uuid.count == 36 && Array(next.uuid)[14] == "8" && "89ab".contains(Array(next.uuid)[19]))
    }
  }

  @Test("hostile text is one array of JSON whatever it is, also a million characters") func hostile() throws {
    let strange = RawText(bytes: Array("\u{0}\r\n\u{2028}\"\\]=1+1\u{1B}[31m".utf8) + [0xFF, 0xC0])
    for text in [strange, RawText(String(repeating: "a\n", count: 500_000))] {
      let tensor = Tensor(name: "text", datatype: .bytes, shape: [1], elements: .bytes([text]))
      var sample = Sample()
      try sample.add(.seen(Sample.seen("mail", [tensor], fields: [])))
      try sample.add(.judgement(JudgementBody(Judgement(verdict: .agree, note: text))), [(.seen, 1)])
      let records = try JSON(parsing: try MemoryLog(sample.events).export(.init(format: .argilla)).text)
      #expect(records[0]?["fields"]?["text"]?.string == text.string)
      #expect(records[0]?["responses"]?["note"]?[0]?["value"]?.string == text.string)
      let tasks = try JSON(parsing: try MemoryLog(sample.events).export(.init(format: .labelStudio)).text)
      #expect(tasks[0]?["data"]?["text"]?.string == text.string)
    }
  }

  @Test("the card says how many there are, of what, and how far analysts agree") func card() throws {
    for format in ExportFormat.allCases where format != .events {
      let options = ExportOptions(format: format, withNotes: false, withCard: true)
      let text = try #require(try MemoryLog(events()).export(options).report.card?.markdown(options))
      let expected = [
        "| judgement events | 4: in_force 3, superseded 1 |", "| last words | 3: agree 1, disagree 1, skip 1 |",
        "| cases | 2 |", "| analysts | 2, under their names |", "| from | 2026-11-23T12:04:07.000000Z |",
        "| to | 2026-11-23T12:04:08.000000Z |", "| `mail` | `3` | 3 | 50 % of 2 |", "| `mail` | `red` | 1 |",
        "| `mail` | `a&\u{FFFD}\"b` | 1 |", "On 1 cases two or more analysts name an answer.", "0 of 1 (0 %)",
        "alpha of answers without order: 0.", "- Notes are left out.",
        "- Of 0 of 4 judgement events the inputs were not here", "`\(format.rawValue)`",
      ]
      for line in expected { #expect(text.contains(line), "\(format): \(line)") }
    }
    #expect(try MemoryLog(events()).export(.init(format: .csv)).report.card == nil)
  }

  @Test(
    "a record too large for its event is in every form once its content is here, and the card counts those that are not"
  )
  func largeRecords() throws {
    let record = try #require(Sample.seen().record.record)
    let content = try record.canonicalBytes()
    var seen = Sample.seen()
    seen.record = .hash(Hash.of(content), bytes: content.count)
    var sample = Sample()
    try sample.add(.seen(seen))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    var log = MemoryLog(sample.events)
    for (contents, missing) in [([], 1), ([content], 0)] as [([[UInt8]], Int)] {
      log.contents = contents
      for format in ExportFormat.allCases where format != .events {
        let options = ExportOptions(format: format, withCard: true)
        let report = try log.export(options).report
        #expect(report.withoutInput == ([.jsonl, .csv, .parquet].contains(format) ? 0 : missing), "\(format)")
        let card = try #require(report.card).markdown(options)
        #expect(card.contains("- Of \(missing) of 1 judgement events the inputs were not here"), "\(format)")
      }
    }
  }

  @Test("card and codebook say of which part of the log they are, and the card counts what was redacted in it")
  func part() throws {
    var sample = Sample()
    try sample.add(.seen(Sample.seen()))
    try sample.add(.judgement(Sample.judgement(.agree)), [(.seen, 1)])
    var log = MemoryLog([])
    log.earlier = [ExportEntry(sample.events[1])]
    log.earlier[0].event.body = nil
    let since = Sample.start
    let part = try #require(ExportPart(after: "1:48213", since: since))
    #expect(ExportPart() == nil)
    for format in ExportFormat.allCases {
      let options = ExportOptions(format: format, part: part, withCard: format != .events)
      let (text, report) = try log.export(options)
      let words = "A part of the log: what came after the place 1:48213 (`--after`), and from \(since) on (`--since`)"
      #expect(report.codebook.markdown.contains(words), "\(format)")
      #expect(report.codebook.json["part"]?["after"] == "1:48213")
      #expect(report.codebook.json["part"]?["since"]?.string == since.description)
      if format == .parquet { #expect(text.contains(#""part":{"after":"1:48213""#)) }
      if format != .events {
        #expect(report.card?.markdown(options).contains("- " + words) == true, "\(format)")
        #expect(report.card?.markdown(.init(format: format)).contains("A part of") == false)
      }
      guard [.jsonl, .csv, .parquet].contains(format) else { continue }
      #expect(report.card?.markdown(options).contains("| judgement events | 1: redacted 1 |") == true, "\(format)")
      let states = report.codebook.columns.first { $0.name == "state" }?.meaning ?? ""
      for state in StatementState.allCases { #expect(states.contains(state.rawValue), "\(state)") }
    }
  }

  @Test("the card says of how many cases somebody decided what is right") func decided() throws {
    func limits(_ events: [Event]) throws -> String {
      let options = ExportOptions(format: .jsonl, withCard: true)
      return try #require(MemoryLog(events).export(options).report.card).markdown(options)
    }
    #expect(try limits(events()).contains("what an analyst holds for true, which nobody has checked."))
    var panel = Sample(analyst: "cleo", stream: 13)
    try panel.add(.adjudicate(DecisionBody(label: "red")))
    let card = try limits(events() + panel.events)
    #expect(
      card.contains(
        "Of 1 of 2 cases somebody decided what is right, which rows have as `decided`; the others nobody has"))
  }

  @Test("the codebook of each form says what the form leaves out") func losses() throws {
    for format in ExportFormat.allCases {
      let book = try MemoryLog(events()).export(.init(format: format)).report.codebook
      #expect(book.format == format && book.json["lost"]?.array?.count == format.losses.count)
      for loss in format.losses { #expect(book.markdown.contains("- \(loss)\n")) }
      // A form that has no rows of judgements does not say that it has.
      let hasRows = [.jsonl, .csv, .parquet].contains(format)
      #expect(book.markdown.contains("One row a judgement event") == hasRows, "\(format)")
    }
  }
}
