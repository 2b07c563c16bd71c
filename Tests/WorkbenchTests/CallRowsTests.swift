import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// What stands in the few rows of the call: answers to choose from over all of them, the draft before what others say.
@Suite("The rows of the call")
struct CallRowsTests {
  private static let reasons: [RawText] = [
    "data wrong", "one-off value", "rule misses context", "label unclear", "two answers", "out of scope", "sarcasm",
    "not English", "other",
  ]

  private static func asked(_ keys: String, columns: Int, rows: Int, labels: [RawText] = []) throws -> Story {
    var content = try Income.content()
    content.guideline = Guideline(version: "v2", text: "", reasons: reasons)
    var story = CaseScreenTests.opened(content, columns: columns, rows: rows)
    if !labels.isEmpty { story.state.case?.editor?.labels = labels }
    story.press(keys)
    return story
  }

  @Test("nine reasons stand whole over the rows that are free, in the form as well", arguments: [(80, 24), (100, 40)])
  func reasons(_ columns: Int, _ rows: Int) throws {
    let story = try Self.asked("ar", columns: columns, rows: rows)
    for (index, reason) in Self.reasons.enumerated() {
      #expect(story.screen.contains("\(index + 1) \(reason.string)"), "\(story.screen)")
    }
  }

  @Test("where even those are short each keeps its digit and as much of its words as is fair")
  func fair() throws {
    let story = try Self.asked("ar", columns: 60, rows: 16)
    for digit in 1...9 { #expect(story.screen.contains("\(digit) "), "\(story.screen)") }
    #expect(story.screen.contains("9 other") && story.screen.contains("1 data "), "\(story.screen)")
  }

  @Test("labels too wrap, and of more than there is room for the selected one is in view")
  func labels() throws {
    let five: [RawText] = ["urgent", "complaint", "question about a bill", "praise", "something else"]
    let story = try Self.asked("d", columns: 60, rows: 16, labels: five)
    for label in five { #expect(story.screen.contains(label.string), "\(story.screen)") }
    let many = (1...60).map { RawText("label number \($0)") }
    var long = try Self.asked("d", columns: 80, rows: 24, labels: many)
    for _ in 0..<40 { long.press(.down) }
    guard case .label(let selected) = long.state.case?.editor?.mode else {
      Issue.record("no label is asked for")
      return
    }
    #expect(selected >= 39)
    #expect(long.screen.contains(many[selected].string), "\(long.screen)")
  }

  @Test("the draft stands whole, and what colleagues say in the row under it where both do not fit")
  func draft() throws {
    var story = CaseScreenTests.opened(try Income.content())
    story.press("d1c4r12")
    story.press(.enter)
    #expect(story.line(20).contains("disagree → <=50K   confidence 4/5   data wrong   one-off value"))
    #expect(story.line(21).contains("brent@las: agree 12:02Z"))
    // Marks have that row first; then the draft still has what it needs.
    story.press("+")
    #expect(story.line(20).contains("disagree → <=50K   confidence 4/5   data wrong   one-off value"))
    #expect(story.line(21).contains("capital_gain"))
  }
}
