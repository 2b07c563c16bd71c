import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// A case lies on the queue's table and on its own screen: what is said on one is what stands on the other.
@Suite("The queue and the case's own screen")
struct TwoTablesTests {
  /// The queue's first case, opened from it.
  static func opened() throws -> Story {
    var story = try ReviewScreenTests.opened()
    story.press(.enter)
    story.happens(.caseArrived(try Income.content(), milliseconds: 2000))
    return story
  }

  private func drafts(_ effects: [Effect]) -> [Draft] {
    effects.compactMap { if case .saveDraft(let draft) = $0 { draft } else { nil } }
  }

  @Test("a judgement saved on the case's own screen is what stands in the queue, and nothing is begun by it")
  func savedOnCase() throws {
    var story = try Self.opened()
    story.press("as")
    let effects = story.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 3000)
    #expect(drafts(effects).isEmpty)
    #expect(story.state.place == .case(Income.id(8840)))
    story.press("q")
    #expect(story.state.review.selected?.id == Income.id(8841))
    #expect(story.state.review.editor?.isSaved == true && story.state.review.editor?.saved == 12)
    #expect(story.state.review.selected?.content.draft == nil)
    #expect(story.state.review.selected?.content.own?.sequence == 12)
    #expect(story.line(1).contains("Queue 5") && story.screen.contains("saved #12"))
  }

  @Test("what was begun in the queue and said otherwise on the case's own screen is saved as it was said last")
  func changedOnCase() throws {
    var story = try ReviewScreenTests.opened()
    story.press("d")
    story.press(.escape)
    story.press("c4")
    var content = try Income.content()
    content.draft = story.state.review.editor?.draft
    story.press(.enter)
    story.happens(.caseArrived(content, milliseconds: 2000))
    story.press("d1n")
    story.press("note")
    story.press(.enter)
    story.press("s")
    #expect(drafts(story.saves(Income.id(8841), sequence: 12, what: "disagree", milliseconds: 3000)).isEmpty)
    story.press("q")
    let judgement = Judgement(verdict: .disagree, label: "<=50K", confidence: 4, note: "note")
    #expect(story.state.review.editor?.draft.judgement == judgement)
    #expect(story.state.review.editor?.isSaved == true)
    let again = try #require(ReviewScreenTests.saved(story.press("s")).last)
    #expect(again.judgement == judgement)
  }

  @Test("what is begun on the case's own screen is on the queue's table where one went on from there to the next case")
  func begunAndWentOn() throws {
    var story = try Self.opened()
    story.press("uJ")
    #expect(story.state.place == .case(Income.id(8840)))
    story.press("q")
    #expect(story.state.review.editor?.draft.judgement.verdict == .unsure)
    #expect(story.state.review.editor?.isSaved == false)
  }

  @Test("a case that was opened before its save in the queue is done is read again when it is")
  func openedMeanwhile() throws {
    var story = try ReviewScreenTests.opened()
    story.press("J gg")
    story.press("aA")
    story.press("J")
    story.press(.enter)
    let effects = story.saves(Income.id(8840), sequence: 12, what: "agree", milliseconds: 3000)
    #expect(effects.contains(.loadCase(Income.id(8840))))
  }

  @Test("a case that was judged in the queue is read again by whichever way one comes back to it")
  func backByAnotherWay() throws {
    var story = try Self.opened()
    story.press("maq")
    story.press("us")
    story.saves(Income.id(8841), sequence: 12, what: "unsure", milliseconds: 3000)
    story.press("gl")
    #expect(story.press("'a") == [.loadCase(Income.id(8841))])
  }

  @Test("a judgement on a case that was opened from the queue keeps how the case came into it, and so does the next")
  func stamped() throws {
    var story = try Self.opened()
    #expect(ReviewScreenTests.saved(story.press("as")).first?.queue == ReviewScreenTests.stamp(0.9))
    story.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 3000)
    story.happens(
      .caseArrived(try Income.content(number: 8840, probability: 0.48, hours: 2), milliseconds: 4000))
    #expect(ReviewScreenTests.saved(story.press("us")).first?.queue == ReviewScreenTests.stamp(0.8))
    // One that was opened from anywhere else came from no queue.
    var other = CaseScreenTests.opened(try Income.content())
    #expect(ReviewScreenTests.saved(other.press("as")).first?.queue == nil)
  }

  @Test("a draft that says nothing any more is no draft")
  func emptied() throws {
    var story = try Self.opened()
    #expect(drafts(story.press("!")).count == 1)
    #expect(story.press("!") == [.discardDraft(Income.id(8841))])
    story.press("n")
    story.press("a")
    #expect(story.press(.backspace) == [.discardDraft(Income.id(8841))])
    story.press(.enter)
    story.press("q")
    #expect(story.state.review.selected?.content.draft == nil)
    // Nor does one that was kept come back after it was emptied.
    story.press("J")
    story.rest()
    #expect(story.state.review.editor?.draft.judgement.note == "ask brent")
    story.press("n")
    story.press(.control("U"))
    story.press(.enter)
    story.press("K")
    story.rest()
    story.press("J")
    story.rest()
    #expect(story.state.review.editor?.draft.isEmpty == true)
  }

  @Test("a draft that was kept before and is changed is kept as of now")
  func keptAnew() throws {
    var content = try Income.content()
    content.draft = Draft(
      caseID: Income.id(8841), judgement: Judgement(verdict: .unsure), savedAt: Stub.now.advanced(bySeconds: -600))
    var story = CaseScreenTests.opened(content)
    #expect(story.screen.contains("draft kept "))
    let draft = try #require(drafts(story.press("c3")).last)
    #expect(draft.savedAt == nil && draft.judgement == Judgement(verdict: .unsure, confidence: 3))
    #expect(!story.screen.contains("draft kept "))
  }

  @Test("an undo and a redo leave the queue as the ledger is, blind or not", arguments: [false, true])
  func undoneAndRedone(isBlind: Bool) throws {
    var story = try ReviewScreenTests.opened(isBlind: isBlind)
    var content = try Income.content()
    func own(_ stage: JudgementStage, _ sequence: Int) -> GivenJudgement {
      GivenJudgement(
        analyst: "ana@las", at: Stub.now, judgement: Judgement(verdict: .disagree, label: "<=50K"), stage: stage,
        assistance: stage == .initial ? .blind : .explanation, sequence: sequence)
    }
    if isBlind {
      story.press("d1s")
      story.saves(Income.id(8841), sequence: 11, what: "disagree", milliseconds: 3000)
    }
    story.press("d1s")
    story.saves(Income.id(8841), sequence: 12, what: "disagree", milliseconds: 4000)
    #expect(story.line(1).contains("Queue 5"))
    content.own = isBlind ? own(.initial, 11) : nil
    story.happens(.undone(what: Message(.done, "undone #12"), content))
    #expect(story.line(1).contains("Queue 6"))
    if isBlind {
      content.own = nil
      story.happens(.undone(what: Message(.done, "undone #11"), content))
      content.own = own(.initial, 14)
      story.happens(.undone(what: Message(.done, "redone as #14"), content))
    }
    content.own = own(.final, 15)
    story.happens(.undone(what: Message(.done, "redone as #15"), content))
    #expect(story.line(1).contains("Queue 5"))
    #expect(story.line(3).contains("✓"))
  }
}
