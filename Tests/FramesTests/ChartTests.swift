import FrameTesting
import Frames
import SafeText
import Testing

@Suite("Charts")
struct ChartTests {
  /// The picture, its twin in blocks where it has braille, its twin in ASCII, and its numbers.
  private func tiers(_ frame: Frame, _ table: ChartTable) -> String {
    let blocks = frame.blocks() == frame ? [] : ["== blocks\n" + frame.blocks().text]
    let parts = ["== UTF-8\n" + frame.text] + blocks + ["== ASCII\n" + frame.asciiText]
    return (parts + ["== numbers\n" + table.lines.map(\.text).joined(separator: "\n")]).joined(separator: "\n\n")
  }

  private let waterfall = Waterfall(
    base: .init("base", amount: -0.83),
    steps: [
      .init("capital_gain", amount: 2.17), .init("marital", amount: -0.97), .init("education_num", amount: 0.51),
      .init("sex", amount: 0.22), .init("age", amount: 0.14), .init("workclass", amount: -0.12),
      .init("hours_per_week", amount: -0.1),
    ], total: "f(x)")

  @Test("a waterfall goes from the base to the sum, each bar from where the one before ended")
  func waterfallGolden() {
    var frame = Frame(columns: 72, rows: 9)
    waterfall.draw(on: &frame, in: frame.bounds)
    expectGolden(tiers(frame, waterfall.table), named: "waterfall")
    #expect(abs(waterfall.sums[7] - 1.02) < 1e-9)
  }

  @Test("what has no room in a waterfall is one step, and the sum stays")
  func waterfallRest() {
    let short = waterfall.fitting(rows: 5) { Numeral.count($0) + " others" }
    #expect(short.steps.map(\.label) == ["capital_gain", "marital", "5 others"])
    #expect(abs(short.sums[3] - waterfall.sums[7]) < 1e-9)
    let one = waterfall.fitting(rows: 1) { Numeral.count($0) + " others" }
    #expect(one.steps.map(\.label) == ["7 others"])
  }

  @Test("a waterfall of one place, of nothing, and of numbers that are none draws no step past its edge")
  func waterfallEdges() {
    let odd = Waterfall(
      base: .init("base", amount: 0), steps: [.init("a", amount: .nan), .init("b", amount: .infinity)], total: "f(x)")
    for columns in [0, 1, 20, 44, 45, 200] {
      var frame = Frame(columns: columns, rows: 3)
      odd.draw(on: &frame, in: frame.bounds)
      Waterfall(base: .init("base", amount: 0), steps: [], total: "f(x)").draw(on: &frame, in: frame.bounds)
      #expect(frame.cells.count == columns * 3)
    }
  }

  @Test("a calibration plot has the diagonal, each bin on its interval, and ▲ where what was said lies outside")
  func calibrationGolden() {
    let plot = CalibrationPlot([
      .init(said: 0.55, right: 0.67, interval: 0.61...0.73, isOff: true),
      .init(said: 0.7, right: 0.72, interval: 0.64...0.79, isOff: false),
      .init(said: 0.9, right: 0.81, interval: 0.76...0.86, isOff: true),
    ])
    var frame = Frame(columns: 40, rows: 12)
    plot.draw(on: &frame, in: frame.bounds)
    expectGolden(tiers(frame, plot.table), named: "calibration-plot")
    #expect(plot.start == 0.5 && CalibrationPlot([]).start == 0)
  }

  @Test("heat strips are darker by quarters of the largest value, and a missing value is no small one")
  func heatGolden() {
    let values = (0..<28).map { $0 == 9 ? nil : Double($0) / 27 }
    let strip = HeatStrip(
      [.init("age", values), .init("occupation", values.reversed()), .init("hours_per_week", [nil, 0, 0.1])], top: 1)
    var frame = Frame(columns: 44, rows: 3)
    strip.draw(on: &frame, in: frame.bounds, labelWidth: 14)
    expectGolden(tiers(frame, strip.table), named: "heat-strip")
    let asked: [Double?] = [nil, 0, 0.25, 0.5, 0.75, 1, 9, -1, Double.nan]
    let glyphs = asked.map { strip.glyph($0) }
    let wanted: [Unicode.Scalar] = ["·", "░", "▒", "▓", "█", "█", "█", "░", "·"]
    #expect(glyphs == wanted)
    #expect(HeatStrip([], top: 0).glyph(3) == "░")
    var low = Frame(columns: 12, rows: 2)
    HeatStrip(["a", "b", "c"].map { HeatStrip.Series($0, [1]) }, top: 1).draw(
      on: &low, in: low.bounds, labelWidth: 4)
    #expect(low.line(1).hasPrefix("2 more"))
  }

  @Test("where there is no braille a line is drawn in half blocks")
  func blocks() {
    let line = BrailleLine(
      [0, 0.2, 0.4, nil, 0.9, 1, 0.3, 0], range: 0...1, threshold: 0.5, labels: [.init(0, "0"), .init(1, "1")],
      ticks: [.init(0, "Mon 16"), .init(4, "Fri 20")])
    var frame = Frame(columns: 40, rows: 6)
    line.draw(on: &frame, in: frame.bounds)
    expectGolden(tiers(frame, line.table), named: "braille-line-tiers")
  }
}
