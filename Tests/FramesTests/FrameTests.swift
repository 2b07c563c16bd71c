import Frames
import SafeText
import Testing

@Suite("Frame")
struct FrameTests {
  @Test("holds what was written, cut at the limit and at the edge")
  func writes() {
    var frame = Frame(columns: 10, rows: 3)
    #expect(frame.write("models", row: 0, column: 1) == 6)
    #expect(frame.write("a long name", row: 1, column: 4) == 6)
    #expect(frame.write("a long name", row: 2, column: 0, limit: 4) == 4)
    #expect(frame.write("nowhere", row: 7, column: 0) == 0)
    #expect(frame.text == " models   \n    a lon…\na l…      ")
  }

  @Test("writes to an end")
  func writesToAnEnd() {
    var frame = Frame(columns: 8, rows: 2)
    frame.write("42.1", row: 0, endingAt: 7)
    frame.write("a long name", row: 1, endingAt: 4)
    #expect(frame.text == "   42.1 \na l…    ")
  }

  @Test("gives a wide character two cells, and never leaves half of one")
  func writesWide() {
    var frame = Frame(columns: 6, rows: 1)
    frame.write("日本", row: 0, column: 0)
    #expect(frame[0, 0].span == .wide)
    #expect(frame[0, 1].span == .continuation)
    #expect(frame.text == "日本  ")
    frame.write("x", row: 0, column: 1)
    #expect(frame.text == " x本  ")
    frame.write("本", row: 0, column: 1)
    #expect(frame.text == " 本   ")
    frame.write("語", row: 0, column: 2)
    #expect(frame.text == "  語  ")
  }

  @Test("puts marks on the character before them")
  func writesMarks() {
    var frame = Frame(columns: 4, rows: 1)
    frame.write(SafeText("e\u{301}日\u{302}"), row: 0, column: 0)
    #expect(frame[0, 0].marks == "\u{301}")
    #expect(frame[0, 1].marks == "\u{302}")
    #expect(frame.text == "e\u{301}日\u{302} ")
  }

  @Test("clips what starts left of the frame")
  func clipsLeft() {
    var frame = Frame(columns: 4, rows: 1)
    frame.write("abcdef", row: 0, column: -2)
    #expect(frame.text == "cdef")
  }

  @Test("survives any write anywhere", arguments: 0..<20)
  func survives(seed: Int) {
    var dice = SystemRandomNumberGenerator()
    let texts: [SafeText] = ["日本語", "abc", "e\u{301}x", "👍👍", ""]
    for _ in 0..<200 {
      var frame = Frame(columns: Int.random(in: 0..<7, using: &dice), rows: Int.random(in: 0..<4, using: &dice))
      for _ in 0..<10 {
        let row = Int.random(in: -2..<6, using: &dice)
        let column = Int.random(in: -9..<9, using: &dice)
        frame.write(texts[Int.random(in: 0..<5, using: &dice)], row: row, column: column)
        frame.write(texts[Int.random(in: 0..<5, using: &dice)], row: row, endingAt: column)
        frame.fill(Rect(row: row, column: column, rows: 2, columns: 3), with: "x")
        for row in 0..<frame.rows {
          for column in 0..<frame.columns where frame[row, column].span == .wide {
            #expect(frame[row, column + 1].span == .continuation)
          }
          let width = (0..<frame.columns).filter { frame[row, $0].span != .continuation }
            .reduce(0) { $0 + (frame[row, $1].span == .wide ? 2 : 1) }
          #expect(width == frame.columns)
        }
      }
    }
  }

  @Test("tells its styles as runs")
  func tellsStyles() {
    var frame = Frame(columns: 8, rows: 3)
    frame.write("ab", row: 0, column: 1, style: .dim)
    frame.write("cd", row: 2, column: 0, style: Style(role: .warn, bold: true))
    frame.write("ef", row: 2, column: 6, style: .reverse)
    #expect(frame.styles == "0  1..<3 dim\n2  0..<2 warn+bold  6..<8 reverse")
  }

  @Test("cuts styled text as plain text is cut", arguments: 0..<14)
  func cutsStyledText(cells: Int) {
    let text = StyledText("abc", .bold) + StyledText("", .dim) + StyledText("日本") + StyledText("xy", .warn)
    #expect(text.cut(to: cells).text == text.text.cut(to: cells))
  }

  @Test("colours signs only")
  func coloursSigns() {
    let text = StyledText(signs: "▲ drift  ● ok")
    #expect(text.text == "▲ drift  ● ok")
    #expect(text.spans.map(\.style) == [.warn, .plain, .ok, .plain])
  }

  @Test("rectangles split without losing a cell")
  func splits() {
    let rect = Rect(row: 1, column: 2, rows: 10, columns: 31)
    #expect(rect.split(top: 3).1 == Rect(row: 4, column: 2, rows: 7, columns: 31))
    #expect(rect.split(right: 5).1 == Rect(row: 1, column: 28, rows: 10, columns: 5))
    #expect(rect.split(left: 99).1.isEmpty)
    let parts = rect.columns([4, nil, nil, nil])
    #expect(parts.map(\.columns) == [4, 9, 9, 9])
    #expect(parts.last?.endColumn == rect.endColumn)
    #expect(rect.inset(rows: 6).rows == 0)
    #expect(rect.centered(rows: 4, columns: 99) == Rect(row: 4, column: 2, rows: 4, columns: 31))
  }
}
