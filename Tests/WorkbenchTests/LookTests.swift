import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("A look at a case")
struct LookTests {
  private func looks(_ effects: [Effect]) -> [Look] {
    effects.compactMap { if case .looked(let look) = $0 { look } else { nil } }
  }

  private func look(_ number: Int, _ panes: (RawText, Int)...) -> Look {
    Look(caseID: Income.id(number), panes: panes.map { PaneTime(pane: $0.0, milliseconds: $0.1) })
  }

  @Test("of five seconds is told when the next case takes its place, and one of less is not")
  func paging() throws {
    var story = try ReviewScreenTests.opened()
    story.wait(milliseconds: 4800)
    #expect(looks(story.press("J") + story.rest()) == [])
    story.wait(milliseconds: 9000)
    #expect(looks(story.press("J") + story.rest()) == [look(8840, ("case", 9100))])
  }

  @Test("tells the record alone and the whole case apart, where the answer was looked at first")
  func panes() throws {
    var story = try ReviewScreenTests.opened(isBlind: true)
    story.wait(milliseconds: 20_000)
    story.press("v")
    story.wait(milliseconds: 7000)
    #expect(looks(story.press("J") + story.rest()) == [look(8841, ("record", 20_200), ("case", 7100))])
  }

  @Test("is none where a judgement is made: that says itself how long it took")
  func judged() throws {
    var story = try ReviewScreenTests.opened()
    story.wait(milliseconds: 9000)
    story.press("as")
    let effects = story.saves(Income.id(8841), sequence: 7, what: "agree", milliseconds: 11_000)
    #expect(looks(effects) == [])
    #expect(story.state.review.selected?.id == Income.id(8840))
    // A judgement that stands from before is one as well.
    story.wait(milliseconds: 9000)
    #expect(looks(story.press("K") + story.rest()).map(\.caseID) == [Income.id(8840)])
  }

  @Test("counts the time on another screen for nothing, and is told once, at the end")
  func elsewhere() throws {
    var story = try ReviewScreenTests.opened()
    story.wait(milliseconds: 5900)
    #expect(looks(story.press("gm")) == [])
    story.wait(milliseconds: 25_000)
    #expect(looks(story.press("gr")) == [])
    story.wait(milliseconds: 1000)
    #expect(looks(story.press("gm")) == [])
    #expect(story.state.looks(at: 90_000) == [look(8841, ("case", 5900 + 200 + 1000 + 200))])
  }

  @Test("is told of the case that lies open when the workbench is left, also on its own screen")
  func left() throws {
    var story = try ReviewScreenTests.opened()
    story.press(.enter)
    story.happens(.caseArrived(try Income.content(), milliseconds: 1200))
    story.wait(milliseconds: 8000)
    story.press(.control("C"))
    #expect(story.state.looks(at: 9200) == [look(8841, (try #require(story.state.case?.pane), 8000))])
  }
}
