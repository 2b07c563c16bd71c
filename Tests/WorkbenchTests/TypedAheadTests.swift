import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("Keys that are typed ahead")
struct TypedAheadTests {
  private static func commits(_ effects: [Effect]) -> [Commit] { ReviewScreenTests.saved(effects) }

  @Test("a line that brings several at once judges one case after the other, as each is saved")
  func burst() throws {
    var story = try ReviewScreenTests.opened()
    let first = Self.commits(story.press("asdn"))
    #expect(first.map(\.caseID) == [Income.id(8841)])
    #expect(story.toast == "· saving: 2 keys typed ahead, Esc drops them")
    story.press(.escape)
    #expect(story.toast == "· dropped: 2 keys typed ahead")
    story.press("usasc2")
    let second = Self.commits(story.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 9000))
    #expect(second.map(\.caseID) == [Income.id(8840)])
    #expect(second.map(\.judgement.verdict) == [.unsure])
    let third = Self.commits(story.saves(Income.id(8840), sequence: 13, what: "unsure", milliseconds: 9010))
    #expect(third.map(\.judgement.verdict) == [.agree])
    let last = try #require(third.first).caseID
    #expect(last != Income.id(8840))
    story.saves(last, sequence: 14, what: "agree", milliseconds: 9020)
    #expect(story.state.review.editor?.draft.caseID != last)
    #expect(story.state.review.editor?.draft.judgement == Judgement(confidence: 2))
  }

  @Test("what is pasted and what is written come to the next case as they were typed")
  func words() throws {
    var story = try ReviewScreenTests.opened()
    story.press("asn")
    story.happens(.pasted("payslip"))
    story.press(" 2")
    #expect(story.state.review.editor?.draft.caseID == Income.id(8841))
    story.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 9000)
    #expect(story.state.review.editor?.draft.caseID == Income.id(8840))
    #expect(story.state.review.editor?.draft.judgement.note.string.hasSuffix("payslip 2") == true)
  }

  @Test("on cases' own screens they wait until the next case is there")
  func ownScreen() throws {
    var story = CaseScreenTests.opened(try Income.content(), siblings: [Income.id(8841), Income.id(8842)])
    story.press("asu")
    story.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 9000)
    #expect(story.state.place == .case(Income.id(8842)))
    #expect(story.state.case?.content.isLoading == true)
    story.press("s")
    #expect(story.toast.hasPrefix("· opening the next case: 2 keys typed ahead"))
    let next = try Income.content(number: 8842)
    let effects = story.happens(.caseArrived(next, milliseconds: 9100))
    #expect(Self.commits(effects).map(\.caseID) == [Income.id(8842)])
    #expect(Self.commits(effects).map(\.judgement.verdict) == [.unsure])
  }

  @Test("a save that fails takes none of them for its own case")
  func failing() throws {
    var story = try ReviewScreenTests.opened()
    story.press("asd1")
    #expect(story.happens(.commitFailed(Problem("the disk is full"))).isEmpty)
    #expect(story.toast.contains("the disk is full; dropped: 2 keys typed ahead"))
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .agree))
    story.press("u")
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .unsure))
  }

  @Test("a disk that does not answer shuts nobody in")
  func stuck() throws {
    var story = try ReviewScreenTests.opened()
    story.press("as")
    #expect(story.press(.control("L")) == [.redraw])
    #expect(story.press(.control("C")) == [.quit])
    story.press("ag")
    story.press(.escape, .escape)
    #expect(story.state.place != .review)
    story.press("gl")
    #expect(story.state.place == .log)
  }
}
