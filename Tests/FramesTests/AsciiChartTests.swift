import Frames
import Testing

@Suite("Charts without UTF-8")
struct AsciiChartTests {
  @Test("the limit, what is measured and low, and what is absent are different signs")
  func signs() {
    let chart = BrailleLine(
      [0, 0, nil, nil, 0.2, 0.2, 0, 0], range: 0...0.3, threshold: 0.25, dotsPerValue: 4)
    var frame = Frame(columns: 24, rows: 4)
    chart.draw(on: &frame, in: frame.bounds)
    let lines = (0..<4).map { frame.ascii().line($0) }
    #expect(lines[0].contains("~~~~"))
    #expect(lines[3].hasPrefix("      ____. . "))
    let data = Set(lines[1].filter { $0 != " " })
    #expect(!data.isEmpty && !data.contains("~") && !data.contains("."))
  }
}
