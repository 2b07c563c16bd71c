import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// What stands in the few rows of the call: the draft before what others say.
@Suite("The rows of the call")
struct CallRowsTests {
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
