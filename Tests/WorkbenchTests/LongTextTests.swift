import Domain
import Frames
import SafeText
import Testing

@testable import Workbench

@Suite("What is long")
struct LongTextTests {
  static let words = (1...300).map { "word\($0)" }.joined(separator: " ")

  /// The text of a dialog to its end, each line once.
  static func scrolled(_ story: Story) -> [String] {
    var story = story
    var pages = [story.screen]
    while pages.count < 200 {
      story.press(.pageDown)
      if story.screen == pages.last { break }
      pages.append(story.screen)
    }
    return pages
  }

  @Test("t tells a text to its end, on every terminal", arguments: [(80, 24), (60, 16), (200, 50)])
  func text(columns: Int, rows: Int) throws {
    for opened in [
      CaseScreenTests.opened(try Kinds.textContent(Self.words), columns: columns, rows: rows),
      RecordTests.queue(try Kinds.textContent(Self.words), columns: columns, rows: rows),
    ] {
      var story = opened
      story.press("t")
      let pages = Self.scrolled(story).joined()
      for number in [1, 40, 150, 299, 300] { #expect(pages.contains("word\(number)"), "\(columns): word\(number)") }
    }
  }

  @Test("the text of a case says how many of its words are on screen, and what shows them all")
  func panel() throws {
    let story = CaseScreenTests.opened(try Kinds.textContent(Self.words))
    let rule = try #require((0..<24).map(story.line).first { $0.contains("─ Text ") })
    #expect(rule.contains("of 300 words, t shows them all"))
    let shown = (1...300).count { story.screen.contains("word\($0) ") }
    #expect(rule.contains(" \(shown) of 300 words"))
    let short = CaseScreenTests.opened(try Kinds.textContent("please refund"))
    #expect(short.screen.contains(" 2 words "))
  }

  @Test("a text in the queue ends with a mark where there is more of it")
  func queue() throws {
    #expect(RecordTests.queue(try Kinds.textContent(Self.words)).screen.contains("…  t shows the whole record"))
  }

  @Test("a cell that is long goes on in the next line, and the columns after it stay")
  func table() {
    let outline = Outline(
      "Flips",
      [
        Outline.Section(
          "Flips", columns: ["FEATURE", "FROM", "TO", "P"],
          rows: [["occupation", Self.words.prefix(100) + "end", "Tech-support", ".55"], ["age", "39", "41", ".51"]])
      ])
    let lines = outline.wrapped(to: 60).map(\.text)
    #expect(lines.allSatisfy { SafeText($0).width <= 60 })
    #expect(lines[2].split(separator: " ") == ["FEATURE", "FROM", "TO", "P"])
    #expect(lines[3].contains("occupation") && lines[3].contains("Tech-support") && lines[3].hasSuffix(".55"))
    #expect(lines.contains { $0.contains("end") })
    #expect(lines.last?.contains(".51") == true)
  }

  @Test("columns that have no room beside the others stand below them, each row with its name")
  func columns() {
    let titles = ["NAME"] + (1...12).map { "class-\($0)" }
    let outline = Outline(
      "", [Outline.Section("", columns: titles, rows: [["age"] + (1...12).map { "0.\($0)" }])])
    let lines = outline.wrapped(to: 40).map(\.text)
    #expect(lines.allSatisfy { SafeText($0).width <= 40 })
    for title in titles { #expect(lines.contains { $0.contains(title) }, "\(title)") }
    #expect(lines.count { $0.contains("NAME") } == lines.count { $0.contains("age") })
    #expect(lines.count { $0.contains("NAME") } > 1)
  }

  @Test("a name that has no room is broken where it is joined, and a number never")
  func whole() {
    let outline = Outline(
      "",
      [
        Outline.Section(
          "", columns: ["NAME", "SHARE", "SAYS"],
          rows: [["income-classifier", "1,234,567.25", String(Self.words.prefix(80))], ["b", "2", ""]])
      ])
    let lines = outline.wrapped(to: 44).map(\.text)
    #expect(lines.allSatisfy { SafeText($0).width <= 44 })
    #expect(lines.contains { $0.contains("  income-  ") && $0.contains("1,234,567.25") })
    #expect(lines.contains { $0.contains("  classifier  ") })
  }

  @Test("where columns take two blocks no column stands alone in the second")
  func evenBlocks() {
    let titles = ["NAME"] + (1...6).map { "DRIFT-AT-0\($0):00" }
    let outline = Outline("", [Outline.Section("", columns: titles, rows: [["age"] + (1...6).map { "0.\($0)" }])])
    let heads = outline.wrapped(to: 90).map(\.text).filter { $0.contains("NAME") }
    #expect(heads.map { $0.split(separator: " ").count } == [4, 4])
  }

  @Test("a table is wrapped when it is opened and when the terminal is another, not with each key")
  func kept() throws {
    var story = CaseScreenTests.opened(try Income.content())
    story.press("t")
    let lines = try #require(story.state.wrapped)
    #expect(lines.width == 72 && !lines.lines.isEmpty)
    story.press("jj")
    #expect(story.state.wrapped?.lines == lines.lines)
    #expect(story.resized(60, 16).state.wrapped?.width == 52)
    story.press(.escape)
    #expect(story.state.wrapped == nil)
  }

  @Test("what is short is told as before")
  func short() {
    let outline = Outline(
      "Title", [Outline.Section("Part", lines: ["a line"], columns: ["A", "B"], rows: [["1", "2"]])])
    #expect(outline.wrapped(to: 40).map(\.text) == Array(outline.lines.dropFirst()))
  }
}
