import Domain
import Feedback
import Testing

@testable import Export

@Suite("The export")
struct ExportTests {
  private static let start = Timestamp(microseconds: 1_795_435_445_000_000)
  private static let caseID = ShortHash.of([1])

  private func stamp(_ seconds: Double, _ analyst: RawText) -> Stamp {
    Stamp(
      at: Self.start.advanced(bySeconds: seconds), analyst: analyst, session: "s", context: "prod", tool: "mds/0.1.0",
      screen: .init(mode: "screen", columns: 80, rows: 24))
  }

  private var seen: Seen {
    let record = Record(tensors: [
      Tensor(name: "x", datatype: .fp64, shape: [1, 2], elements: .double([14.2, -1])),
      Tensor(name: "color", datatype: .bytes, shape: [1], elements: .bytes(["=cmd|' /C calc'!A0"])),
      Tensor(name: "pixels", datatype: .uint8, shape: [1, 2, 2], elements: .unsigned([0, 1, 2, 3])),
      Tensor(name: "pair", datatype: .fp32, shape: [1, 2], elements: .single([0.1, .nan])),
    ])
    return Seen(
      record: .inline(record),
      fields: [
        SeenField(name: "alcohol", tensor: 0, offset: 0), SeenField(name: "ash", tensor: 0, offset: 1),
        SeenField(name: "pixels", tensor: 2, offset: 0, count: 4), SeenField(name: "lost", tensor: 0, offset: .max),
      ],
      recordID: .of([2]), recordAt: Self.start, service: "http://s", model: ModelID("wine", version: "3"),
      output: SeenOutput(
        answer: .classes(
          [ClassScore(label: "red", probability: 0.75), ClassScore(label: "white", probability: 0.25)], chosen: 0),
        margin: 0.5),
      explanations: [
        SeenExplanation(explainer: ModelID("anchor"), method: "Anchor", isShown: false),
        SeenExplanation(
          explainer: ModelID("shap"), method: "Tree SHAP", hash: .of([3]), milliseconds: 90,
          top: [.init(name: "alcohol", value: "14.2", share: 0.5)]),
      ], queue: SeenQueue(id: "q", sampler: "uncertain", score: 0.8, propensity: 0.25))
  }

  private func events() throws -> [Event] {
    func draft(
      _ number: Int, _ payload: EventPayload, _ references: [(EventReference.Relation, Int)] = []
    ) -> EventDraft {
      EventDraft(
        eventID: id(number),
        body: EventBody(
          stamp: stamp(Double(number), "ana"), caseID: Self.caseID,
          references: references.map { EventReference($0.0, id($0.1)) }, payload: payload))
    }
    let body = { (verdict: Verdict, label: RawText?, note: RawText) in
      JudgementBody(
        Judgement(verdict: verdict, label: label, confidence: 4, reasons: ["a,b"], note: note),
        timing: .init(activeMilliseconds: 5000))
    }
    return try Chain.seal(
      [
        draft(1, .seen(seen)), draft(2, .judgement(body(.agree, nil, "-1+cmd")), [(.seen, 1)]),
        draft(
          3, .amend(Amendment(.judgement(body(.disagree, "white", "said \"no\"\r\nand left")))),
          [(.seen, 1), (.amends, 2)]),
        draft(4, .mark(MarkBody(Mark(kind: .spurious, target: "ash"), explainer: ModelID("shap")))),
        draft(5, .note("beside")), draft(6, .flag(FlagBody(isRaised: true))),
        draft(7, .judgement(JudgementBody(Judgement(verdict: .unsure), stage: .initial))),
        draft(8, .retract(Retraction()), [(.retracts, 7)]),
      ], stream: try #require(StreamID(hex: String(repeating: "0a", count: 16))), after: .empty)
  }

  private func id(_ number: Int) -> EventID {
    EventID(at: Self.start.advanced(bySeconds: Double(number)), random: UInt64(number))
  }

  private func export(_ options: Exporter.Options) throws -> (text: String, plan: ExportPlan) {
    let events = try events()
    var survey = ExportSurvey()
    for event in events { survey.add(event) }
    let plan = survey.plan()
    var bytes: [UInt8] = []
    var exporter = try Exporter(plan, options) { bytes += $0 }
    for event in events {
      try exporter.add(event) { id in events.first { $0.eventID == id } }
    }
    return (String(decoding: bytes, as: UTF8.self), plan)
  }

  private func rows(_ options: Exporter.Options = .init(format: .jsonl)) throws -> [JSON] {
    try export(options).text.split(separator: "\n").map { try JSON(parsing: String($0)) }
  }

  @Test("a row holds input, model, prediction, explanation, judgement and timing, typed")
  func row() throws {
    let row = try #require(try rows().dropFirst().first)
    let expected: [RawText: JSON] = [
      "event_id": .text(id(3).hex), "seq": 3, "kind": "amend", "state": "in_force", "replaces": .text(id(2).hex),
      "analyst": "ana", "model": "wine", "version": "3", "predicted": "red", "probability": 0.75, "margin": 0.5,
      "verdict": "disagree", "label": "white", "answer": "white", "confidence": 4, "reasons": ["a,b"],
      "note": "said \"no\"\r\nand left", "stage": "final", "assist": "explanation", "active_ms": 5000,
      "explanation_explainer": "shap", "explanation_method": "Tree SHAP", "queue": "q", "propensity": 0.25,
      "input.alcohol": 14.2, "input.ash": -1, "input.color": "=cmd|' /C calc'!A0", "input.pixels": [0, 1, 2, 3],
      "input.pair[0]": 0.1, "input.pair[1]": "NaN", "is_flagged": true, "notes": ["beside"], "version ": .null,
    ]
    for (name, value) in expected where name != "version " { #expect(row[name] == value, "\(name)") }
    #expect(row["marks"]?[0]?["target"] == "ash")
    #expect(row["input.lost"] == nil)
  }

  @Test("every judgement event has a row with its state, and only those in force if asked")
  func states() throws {
    #expect(try rows().map { $0["state"]?.string } == ["superseded", "in_force", "retracted"])
    #expect(try rows().map { $0["answer"]?.string } == ["red", "white", nil])
    #expect(try rows(.init(format: .jsonl, onlyInForce: true)).count == 1)
  }

  @Test("every row has every column, in order")
  func columns() throws {
    let (_, plan) = try export(.init(format: .csv))
    for row in try rows() { #expect(row.members?.map(\.key) == plan.columns.map(\.name)) }
    #expect(Set(plan.columns.map(\.name)).count == plan.columns.count)
  }

  @Test("without text no note goes along")
  func withoutText() throws {
    for row in try rows(.init(format: .jsonl, withText: false)) {
      #expect(row["note"] == .null && row["notes"] == .null)
    }
  }

  @Test("CSV quotes by RFC 4180 and disarms formulas, and numbers stay numbers")
  func csv() throws {
    let (text, plan) = try export(.init(format: .csv))
    let table = parse(text)
    #expect(table.count == 4)
    #expect(table.allSatisfy { $0.count == plan.columns.count })
    func cell(_ row: Int, _ name: RawText) throws -> String {
      table[row][try #require(plan.columns.firstIndex { $0.name == name })]
    }
    #expect(try cell(1, "note") == "'-1+cmd")
    #expect(try cell(2, "note") == "said \"no\"\r\nand left")
    #expect(try cell(1, "input.color") == "'=cmd|' /C calc'!A0")
    #expect(try cell(1, "input.ash") == "-1")
    #expect(try cell(1, "input.alcohol") == "14.2")
    #expect(try cell(1, "reasons") == #"["a,b"]"#)
    #expect(try cell(1, "input.pixels") == "[0,1,2,3]")
    #expect(try cell(3, "verdict") == "unsure")
    #expect(try cell(3, "model") == "")
    #expect(text.hasSuffix("\r\n"))
  }

  @Test("the whole log has one line an event, from which each hash can be worked out again")
  func log() throws {
    let lines = try rows(.init(format: .events))
    #expect(lines.count == 8)
    for line in lines {
      let body = try CanonicalJSON.bytes(of: try #require(line["body"]))
      #expect(Hash.of(body).hex == line["leaf"]?.string)
    }
  }

  @Test("the codebook says what every column is, and no name breaks its table")
  func codebook() throws {
    let columns = try export(.init(format: .csv)).plan.columns
    let codebook = Codebook(columns + [ExportColumn("input.a|`b\n", .text, "the record's value")])
    #expect(codebook.json.array?.count == columns.count + 1)
    for line in codebook.markdown.split(separator: "\n").suffix(columns.count + 1) {
      #expect(line.filter { $0 == "|" }.count == 4, "\(line)")
    }
    #expect(ExportColumn.fixed.allSatisfy { !$0.meaning.isEmpty })
  }

  /// A reader of RFC 4180 by its grammar.
  private func parse(_ text: String) -> [[String]] {
    var rows: [[String]] = [[]]
    var cell: [UInt8] = []
    var isQuoted = false
    let bytes = Array(text.utf8)
    var index = 0
    func end() -> String {
      defer { cell = [] }
      return String(decoding: cell, as: UTF8.self)
    }
    while index < bytes.count {
      let byte = bytes[index]
      if isQuoted {
        if byte == 0x22, index + 1 < bytes.count, bytes[index + 1] == 0x22 {
          cell.append(0x22)
          index += 1
        } else if byte == 0x22 {
          isQuoted = false
        } else {
          cell.append(byte)
        }
      } else if byte == 0x22 {
        isQuoted = true
      } else if byte == 0x2C {
        rows[rows.count - 1].append(end())
      } else if byte == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A {
        rows[rows.count - 1].append(end())
        rows.append([])
        index += 1
      } else {
        cell.append(byte)
      }
      index += 1
    }
    return rows.dropLast()
  }
}

@Suite("Cells of a CSV")
struct CellTests {
  @Test(
    "a text that a spreadsheet would run begins with an apostrophe",
    arguments: [
      ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "-1"), ("-1.5e-3", "-1.5e-3"), ("-1-1", "'-1-1"), ("@a", "'@a"),
      ("\ta", "'\ta"), ("＝a", "'＝a"), ("－1", "'－1"), ("a=1", "a=1"), ("", ""), ("-", "'-"), ("-.5", "'-.5"),
      ("'=1", "'=1"), ("a\u{0}b", "a\u{FFFD}b"),
    ])
  func formulas(text: String, expected: String) {
    #expect(String(decoding: CSV.safe(RawText(text)), as: UTF8.self) == expected)
  }
}
