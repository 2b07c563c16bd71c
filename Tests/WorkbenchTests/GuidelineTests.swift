import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// A guideline that researchers publish while their analysts work.
@Suite("A new guideline")
struct GuidelineTests {
  private static let next = Guideline(version: "g8", text: "Look twice.", reasons: ["shipper unknown", "late papers"])

  @Test("is asked for when something came from the researchers")
  func asked() throws {
    var story = try ReviewScreenTests.opened()
    #expect(story.happens(.inboxChanged) == [.loadGuidelines])
  }

  @Test("is in force at once for the case on the table and all others, is said, and stands with what is saved")
  func inForce() throws {
    var story = try ReviewScreenTests.opened()
    story.press("a")
    story.happens(.guidelinesArrived(GuidelinesInForce([Self.next])))
    #expect(story.toast == "· the guideline g8 is in force from now on   p reads it")
    #expect(story.state.review.items.allSatisfy { $0.content.guideline == Self.next })
    #expect(story.state.review.editor?.reasons == Self.next.reasons)
    story.press("r1")
    story.press(.enter)
    let commit = try #require(ReviewScreenTests.saved(story.press("s")).first)
    #expect(commit.guideline == "g8" && commit.judgement.verdict == .agree)
    #expect(commit.judgement.reasons == ["shipper unknown"])
  }

  @Test("that comes while reasons are picked ends that, and keeps in sight what was picked")
  func whilePicking() throws {
    var story = try ReviewScreenTests.opened()
    story.press("ar1")
    let picked = try #require(story.state.review.editor?.draft.judgement.reasons.first)
    story.happens(.guidelinesArrived(GuidelinesInForce([Self.next])))
    #expect(story.state.review.editor?.isAsking == false)
    #expect(story.state.review.editor?.reasons == Self.next.reasons + [picked])
    story.press("r3")
    #expect(story.state.review.editor?.draft.judgement.reasons.isEmpty == true)
  }

  @Test("that a case's own screen read first is in force in the queue as well")
  func outdated() throws {
    var story = try ReviewScreenTests.opened()
    let item = try #require(story.state.review.selected)
    story.press(.enter)
    let effects = story.happens(.caseArrived(item.content.judged(by: Self.next), milliseconds: 10))
    #expect(effects.contains(.loadGuidelines))
    story.happens(.guidelinesArrived(GuidelinesInForce()))
    #expect(story.state.case?.content.value?.guideline == nil)
    #expect(story.toast == "· the guideline g8 is withdrawn")
    #expect(story.state.case?.editor?.reasons == JudgementEditor.standardReasons)
  }
}
