import Frames
import SafeText
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

  @Test("a key's word takes the room after it, and what stands in columns stays there")
  func keys() {
    var frame = Frame(columns: 60, rows: 2)
    frame.write("⏎       open        ⇥       panel       S-⇥     panel before", row: 0, column: 0)
    frame.write("a-⇥     no key      S-⇥x    nor this", row: 1, column: 0)
    let ascii = frame.ascii()
    #expect(ascii.line(0) == "RET     open        TAB     panel       S-TAB   panel before")
    #expect(ascii.line(1).hasPrefix("a->     no key      S->x    nor this"))
    #expect(Frame.asciiWidth(of: "⏎ S-⇥ ≥") == 12)
    // Not `2.40 > .35`, which would say that one is the larger.
    var shift = Frame(columns: 20, rows: 1)
    shift.write("2.40 → .35  → right", row: 0, column: 0)
    #expect(shift.ascii().line(0) == "2.40 ->.35  > right ")
  }
}
