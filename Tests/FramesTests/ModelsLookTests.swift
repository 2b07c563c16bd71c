import FrameTesting
import Frames
import SafeText
import Testing

/// The models screen, drawn with the widgets alone.
struct ModelsPicture {
  struct Row {
    var name: SafeText
    var version: Int
    var state: SafeText
    var rate: Double?
    var latency: Int?
    var errors: Double?
    var drift: [Double?]?
  }

  static func rising(_ last: Double) -> [Double?] { (0..<10).map { last * (0.3 + 0.7 * Double($0) / 9) } }

  static let rows: [Row] = [
    Row(
      name: "income-classifier", version: 3, state: "● Ready", rate: 42.1, latency: 38, errors: 0.02,
      drift: [0, 1, 2, 1, 3, 3, 3, 3, 3, 3].map { $0 == 0 ? 0 : $0 == 1 ? 1.0 / 12 : $0 == 2 ? 2.0 / 12 : 0.25 }),
    Row(
      name: "churn-gbdt", version: 7, state: "● Ready", rate: 118, latency: 12, errors: 0, drift: rising(0.2)),
    Row(name: "wine", version: 2, state: "● Ready", rate: 0.4, latency: 9, errors: 0, drift: rising(0.08)),
    Row(
      name: "toxicity-bert", version: 12, state: "▲ Degraded", rate: 7.9, latency: 912, errors: 1.4, drift: rising(0)),
    Row(name: "digits", version: 1, state: "● Ready", rate: 3.2, latency: 61, errors: 0.1, drift: rising(0)),
    Row(name: "intent", version: 3, state: "● Ready", rate: 22.5, latency: 77, errors: 0.01, drift: rising(0)),
    Row(name: "fraud-pipeline", version: 5, state: "● Ready", rate: 64.7, latency: 143, errors: 0.05, drift: rising(0)),
    Row(name: "embed-minilm", version: 2, state: "● Ready", rate: 201.3, latency: 21, errors: 0, drift: rising(0)),
    Row(name: "asr-small", version: 1, state: "● Ready", rate: 1.1, latency: 640, errors: 0.3),
    Row(name: "route-ab", version: 8, state: "● Ready", rate: 42, latency: 40, errors: 0.02),
    Row(name: "triage-rules", version: 2, state: "● Ready", rate: 9.7, latency: 4, errors: 0),
    Row(name: "loan-tabular", version: 4, state: "◐ Loading"),
    Row(name: "ner-transformer", version: 9, state: "✗ Failed", errors: 100),
    Row(name: "ocr-crnn", version: 3, state: "○ Stopped"),
  ]

  static let table = Table([
    .init("NAME", width: 19), .init("VER", width: 6, .right, gap: 0), .init("STATE", width: 12, gap: 3),
    .init("REQ/S", width: 6, .right, gap: 0, priority: 1), .init("P95 ms", width: 6, .right),
    .init("ERR%", width: 5, .right, gap: 1, priority: 2), .init("DRIFT 60 h", width: 14, priority: 3),
  ])

  /// Rates keep their zero: they are no shares of one.
  static func rate(_ value: Double?, places: Int) -> SafeText {
    guard let value else { return Numeral.absent }
    return (value < 1 ? "0" : "") + Numeral.decimal(value, places: places)
  }

  static func cells(_ row: Int) -> [StyledText] {
    let row = rows[row]
    let drift: SafeText =
      row.drift.map { Sparkline($0).text + " " + Numeral.decimal($0.last ?? nil) } ?? "·            ·"
    return [
      StyledText(row.name), StyledText("v" + Numeral.count(row.version)), StyledText(signs: row.state),
      StyledText(rate(row.rate, places: 1)), StyledText(Numeral.count(row.latency)),
      StyledText(row.errors == 100 ? "100.0" : rate(row.errors, places: 2)), StyledText(drift),
    ]
  }

  static func draw(selection: Int = 0) -> Frame {
    var frame = Frame(columns: 80, rows: 24)
    Header(crumbs: ["prod", "Models"], user: "ana@las", link: "● online", outbox: 3, clock: "12:04Z").draw(on: &frame)
    Rule("Models 14", right: "sort: drift ↓", isFocused: true).draw(on: &frame, row: 1)
    let rect = Rect(row: 2, column: 0, rows: 15, columns: 80)
    table.draw(on: &frame, in: rect, count: rows.count, cursor: ListCursor(selection: selection), cells: cells)
    Rule("income-classifier v3", right: "mlserver · xgboost · V2").draw(on: &frame, row: 18)
    frame.write("in  12 features FP64 [−1,12]      explain  tree-shap, anchors", row: 19, column: 1)
    frame.write(
      StyledText(signs: "out label INT64 · proba FP64[2]   detect   TabularDrift ▲ drift · IForest ● ok"), row: 20,
      column: 1)
    frame.write("you agree 41 · disagree 9         queue    17 waiting, oldest 3 d", row: 21, column: 1)
    Toast("▲ income-classifier  3 of 12 features drifted, 06–12Z", hint: "d drift").draw(on: &frame)
    Footer(
      [
        .init("⏎", "open"), .init("i", "infer"), .init("d", "drift"), .init("r", "review"), .init("/", "filter"),
        .init("?", "help"),
      ], right: Numeral.count(selection + 1) + "/14"
    ).draw(on: &frame)
    return frame
  }
}

@Suite("The models screen as designed")
struct ModelsLookTests {
  @Test("is what the widgets draw")
  func widgets() throws {
    let frame = ModelsPicture.draw()
    for (drawn, designed) in zip(frame.text.split(separator: "\n"), try look("models")) {
      #expect(drawn == designed)
    }
    expectGolden(frame, named: "models")
  }

  @Test("has its ASCII twin")
  func ascii() throws {
    let drawn = ModelsPicture.draw().asciiText.split(separator: "\n")
    for (drawn, designed) in zip(drawn, try look("ascii")) { #expect(drawn == designed) }
    #expect(drawn.allSatisfy { $0.utf8.count == 80 && $0.utf8.allSatisfy { $0 < 0x7F } })
  }

  @Test(
    "has a twin of ASCII for each designed screen, as wide as it",
    arguments: [
      "models", "models-120", "infer", "case", "case-120", "case-wine", "case-text", "case-digit", "drift", "drift-120",
      "review", "outbox", "feedback", "trace", "palette", "help", "problem", "first-run",
    ])
  func everyScreenHasATwin(name: String) throws {
    let rows = try look(name)
    var frame = Frame(columns: rows[0].unicodeScalars.count, rows: rows.count)
    for (index, row) in rows.enumerated() {
      // Braille blanks apart, the designs hold only what a frame can hold.
      frame.write(SafeText(row), row: index, column: 0)
    }
    #expect(frame.text == rows.joined(separator: "\n"))
    let ascii = frame.ascii()
    #expect(ascii.columns == frame.columns)
    #expect(ascii.text.utf8.allSatisfy { $0 < 0x7F })
    #expect(!ascii.text.contains("?") || frame.text.contains("?"))
  }
}
