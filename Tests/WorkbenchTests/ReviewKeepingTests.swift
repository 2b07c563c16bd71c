import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// Nothing that an analyst began or said is lost on the way through the queue.
@Suite("What is begun and said in the queue")
struct ReviewKeepingTests {
  @Test("A saves the case on the table as it stands; a label goes along where the other's model has it, else it waits")
  func markedWithLabel() throws {
    var story = try ReviewScreenTests.opened()
    story.press("    gg")
    #expect(story.state.review.marked.count == 4)
    story.press("d1n")
    story.press("why I think so")
    story.press(.enter)
    story.press("!")
    let commits = ReviewScreenTests.saved(story.press("A"))
    let onTable = try #require(commits.first)
    #expect(onTable.judgement == Judgement(verdict: .disagree, label: "<=50K", note: "why I think so"))
    #expect(onTable.marks == [Mark(kind: .spurious, target: "capital_gain", explainer: ModelID("income-shap"))])
    #expect(onTable.timing.activeMilliseconds != nil)
    // The other's own answer is that label: to name it is to agree. The text's and the picture's model have no such label.
    #expect(commits.map(\.caseID) == [Income.id(8841), Income.id(8840)])
    #expect(commits[1].judgement == Judgement(verdict: .agree, note: "ask brent"))
    for commit in commits { story.saves(commit.caseID, sequence: 9, what: "disagree", milliseconds: 9000) }
    #expect(story.state.review.marked.count == 2)
    #expect(story.toast.hasPrefix("● saved 2 of 4 marked, last #9; 2 stay: hidden, or no such label"))
    story.press("gg")
    story.rest()
    story.press("d1")
    #expect(ReviewScreenTests.saved(story.press("A")).isEmpty)
    #expect(story.toast == "· no marked case can have it: hidden, or its model has no such label")
  }

  /// Saves the verdict of the case on the table.
  private static func save(_ keys: String, _ sequence: Int, in story: inout Story) throws -> Commit {
    let commit = try #require(ReviewScreenTests.saved(story.press(keys)).first)
    story.saves(commit.caseID, sequence: sequence, what: "disagree", milliseconds: 9000)
    story.rest()
    return commit
  }

  @Test("a mark on a case that has a judgement is seen, and says what stands; A takes none of its reasons along")
  func markedAgain() throws {
    var story = try ReviewScreenTests.opened()
    let first = try Self.save("d1r1" + "\u{1B}" + "s", 9, in: &story)
    #expect(first.judgement.reasons.count == 1)
    story.press("gg")
    story.rest()
    story.press(" ")
    #expect(story.frame.text.contains("[x]"))
    #expect(story.toast.hasPrefix("· marked, and judged before: disagree"), "\(story.toast)")
    story.rest()
    story.press("u")
    let given = ReviewScreenTests.saved(story.press("A"))
    #expect(given.map(\.caseID) == [first.caseID])
    #expect(given.first?.judgement.verdict == .unsure && given.first?.judgement.reasons == [])
    story.saves(first.caseID, sequence: 12, what: "unsure", milliseconds: 9000)
    #expect(story.toast.hasPrefix("● saved 1 of 1 marked, #12; this one, unmarked, is not saved"), "\(story.toast)")
  }

  @Test("the last of a queue goes on to the first that was passed over, and where none was says that it is done")
  func end() throws {
    var story = try ReviewScreenTests.opened()
    let ids = story.state.review.ordered.map(\.id)
    story.press("G")
    story.rest()
    #expect(try Self.save("us", 9, in: &story).caseID == ids.last)
    #expect(story.state.review.selected?.id == ids.first)
    for (place, id) in ids.dropLast().enumerated() {
      #expect(!story.toast.contains("done"))
      #expect(try Self.save("us", 10 + place, in: &story).caseID == id)
    }
    let done = "● saved #\(8 + ids.count) disagree, the queue is done: R brings the next   z undo"
    #expect(story.toast == done, "\(story.toast)")
  }

  @Test("J and K go on in the order that is shown, however it is sorted") func sorted() throws {
    var story = try ReviewScreenTests.opened()
    // The last item of the queue is not the last row, and the first not the first.
    let rows = { story.state.review.rows }
    let last = rows().count - 1
    while rows().row(of: last) == last {
      story.press("b")
      try #require(story.state.review.sort != .queue)
    }
    let place = try #require(rows().row(of: last))
    story.press("gg\(place == 0 ? "" : "\(place)j")")
    story.rest()
    story.press("J")
    #expect(story.state.review.rows.selection == place + 1)
  }

  @Test("the queue takes up a window that was compared since it was composed, and says of a case what its screen says")
  func comparedSince() throws {
    var story = try ReviewScreenTests.opened()
    let model = try Income.content().case.model
    let item = try #require(story.state.review.items.first { $0.content.case.model == model })
    func window() -> Window? { story.state.review.items.first { $0.id == item.id }?.content.window }
    ReviewScreen.replace(&story.state.review, item.id) { $0.window = nil }
    var compared = Income.window
    compared.from = item.content.case.at.advanced(bySeconds: -60)
    compared.to = item.content.case.at.advanced(bySeconds: 60)
    var content = DriftScreen.Content(model: item.content.case.model, windows: [compared], reference: nil)
    content.baseline = DriftBaseline(from: compared.from, to: compared.to)
    ReviewScreen.take(&story.state.review, content)
    #expect(window() == nil, "against other cases it says nothing of the reference")
    content.baseline = nil
    ReviewScreen.take(&story.state.review, content)
    #expect(window() == compared)
    // A wider one takes no narrower one's place.
    var wider = compared
    wider.to = compared.to.advanced(bySeconds: 3600)
    content.windows = [wider]
    ReviewScreen.take(&story.state.review, content)
    #expect(window() == compared)
    var shown = item.content
    shown.window = wider
    ReviewScreen.takeWindow(&story.state.review, of: shown)
    #expect(window() == wider)
  }

  @Test("f flags the case without touching the draft, and the case stays as far as it was")
  func flag() throws {
    var story = try ReviewScreenTests.opened()
    story.press("a")
    let commit = try #require(ReviewScreenTests.saved(story.press("f")).first)
    #expect(commit.isFlag)
    #expect(commit.judgement.isEmpty)
    story.saves(Income.id(8841), sequence: 13, what: "flag", milliseconds: 9000)
    #expect(story.toast == "● saved #13 flag   z undo")
    #expect(story.state.review.editor?.draft.judgement.verdict == .agree)
    #expect(story.state.review.editor?.isSaved == false)
    #expect(story.state.review.selected?.id == Income.id(8841))
    #expect(!story.line(3).contains("✓"))
    #expect(story.line(1).contains("Queue 6"))
    // The flag stands in the list and over the call, and the same key takes it down.
    #expect(story.line(3).hasPrefix("▌![ ] 8841"), "\(story.line(3))")
    #expect(story.screen.contains("Your call   ! flagged"), "\(story.screen)")
    let down = try #require(ReviewScreenTests.saved(story.press("f")).first)
    #expect(commit.flag == true && down.flag == false)
    story.saves(Income.id(8841), sequence: 14, what: "flag down", milliseconds: 9500)
    #expect(!story.line(3).contains("!") && !story.screen.contains("! flagged"))
  }

  @Test("a digit that answers nothing leaves the question, and says which do")
  func wrongDigit() throws {
    var story = try ReviewScreenTests.opened()
    for (keys, said) in [
      ("d9", "no label has this digit: 1, 2"), ("c9", "1 to 5 say how sure you are"),
      ("x5", "1 skips it for you, 2 for others as well"), ("r9", "1 to 4 are the reasons"),
    ] {
      story.press(keys)
      #expect(story.toast == "· " + said, "\(keys)")
      #expect(story.state.review.editor?.isAsking == true)
      story.press(.escape)
    }
  }

  @Test("what was begun on a case is on the table again when one comes back to it")
  func begunStays() throws {
    var story = try ReviewScreenTests.opened()
    story.press("d1n")
    story.press("patient history says low")
    story.press(.enter)
    story.press("!")
    let begun = story.state.review.editor?.draft
    story.press("J")
    story.rest()
    #expect(story.state.review.editor?.draft.judgement == Judgement(note: "ask brent"))
    story.press("K")
    story.rest()
    #expect(story.state.review.editor?.draft == begun)
    let kept = story.press("c4").compactMap { if case .saveDraft(let draft) = $0 { draft } else { nil } }
    #expect(kept.last?.judgement.note == "patient history says low")
  }

  @Test("a case that one goes back to is read again: what was said of it in the queue meanwhile is what stands there")
  func backToTheCase() throws {
    var story = try ReviewScreenTests.opened()
    story.press(.enter)
    story.happens(.caseArrived(try Income.content(), milliseconds: 2000))
    story.press("d1q")
    #expect(story.state.place == .review)
    story.press("us")
    story.saves(Income.id(8841), sequence: 14, what: "unsure", milliseconds: 9000)
    #expect(story.press("[") == [.loadCase(Income.id(8841))])
    #expect(story.state.case?.editor == nil)
    var content = try Income.content()
    content.own = GivenJudgement(
      analyst: "ana@las", at: Stub.now, judgement: Judgement(verdict: .unsure), stage: .final,
      assistance: .explanation, sequence: 14)
    story.happens(.caseArrived(content, milliseconds: 9500))
    #expect(story.state.case?.editor?.saved == 14 && story.state.case?.editor?.draft.judgement.verdict == .unsure)
    // Another screen between changes nothing of the case: nothing is read for it.
    story.press("gl")
    #expect(story.press("q") == [])
  }

  @Test("what was saved is on the table when one comes back to it, and a change of mind begins from it")
  func savedStays() throws {
    var story = try ReviewScreenTests.opened()
    story.press("d1n")
    story.press("my reason")
    story.press(.enter)
    story.press("!s")
    story.saves(Income.id(8841), sequence: 12, what: "disagree → <=50K", milliseconds: 9000)
    story.press("K")
    story.rest()
    #expect(story.state.review.editor?.saved == 12)
    #expect(story.state.review.editor?.isSaved == true)
    let again = try #require(ReviewScreenTests.saved(story.press("c4s")).last)
    #expect(again.judgement == Judgement(verdict: .disagree, label: "<=50K", confidence: 4, note: "my reason"))
    #expect(again.marks == [Mark(kind: .spurious, target: "capital_gain", explainer: ModelID("income-shap"))])
  }

  @Test("what is said of a marked case while its save is on its way is not lost with it")
  func saidMeanwhile() throws {
    var story = try ReviewScreenTests.opened()
    let id = story.state.review.items[2].id
    story.press("JJ gg")
    story.press("aA")
    story.press("JJ")
    story.rest()
    #expect(story.state.review.editor?.draft.caseID == id)
    story.press("c4")
    story.press("J")
    story.rest()
    let later = Draft(caseID: id, judgement: Judgement(confidence: 4))
    let effects = story.saves(id, sequence: 12, what: "agree", milliseconds: 9000)
    #expect(effects.contains(.saveDraft(later)))
    story.press("K")
    story.rest()
    #expect(story.state.review.editor?.draft.judgement == later.judgement)
    #expect(story.state.review.editor?.isSaved == false)
  }

  @Test("a key that picks no label is the command that it is")
  func afterLabel() throws {
    var story = try ReviewScreenTests.opened()
    story.press("dn")
    story.press("why")
    story.press(.enter)
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .disagree, note: "why"))
    #expect(ReviewScreenTests.saved(story.press("ds")).first?.judgement.verdict == .disagree)
  }

  @Test("marks alone are no judgement: the case waits on, and words for it stay a draft")
  func marksAlone() throws {
    var story = try ReviewScreenTests.opened()
    story.press("!n")
    story.press("hm")
    story.press(.enter)
    let commit = try #require(ReviewScreenTests.saved(story.press("s")).first)
    #expect(commit.judgement.verdict == nil && commit.marks.count == 1)
    story.saves(Income.id(8841), sequence: 12, what: "marks", milliseconds: 9000)
    #expect(story.line(1).contains("Queue 6"))
    #expect(story.state.review.editor?.draft.judgement.note == "hm")
    #expect(story.state.review.editor?.isSaved == false)
  }

  @Test("what was begun on the case's own screen is on the queue's table")
  func begunOnCase() throws {
    var story = try ReviewScreenTests.opened()
    story.press("a")
    story.press(.enter)
    story.happens(.caseArrived(try Income.content(), milliseconds: 8000))
    story.press("un")
    story.press("half a thought")
    story.press(.enter)
    story.press("q")
    #expect(story.state.place == .review)
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .unsure, note: "half a thought"))
    story.press("J")
    story.rest()
    story.press("K")
    story.rest()
    #expect(story.state.review.editor?.draft.judgement.note == "half a thought")
  }

  @Test("an undo leaves what was begun and not saved")
  func undoKeepsDraft() throws {
    var story = try ReviewScreenTests.opened()
    story.press("c4")
    var content = try Income.content()
    content.draft = Draft(caseID: Income.id(8841), judgement: Judgement(confidence: 4))
    story.happens(.undone(what: Message(.done, "undone #31 agree", hint: Hint(.redo, "redo")), content))
    #expect(story.state.review.editor?.draft.judgement == Judgement(confidence: 4))
    #expect(story.state.review.editor?.isSaved == false)
  }

  @Test("on a terminal too small to show a case nothing is said of it")
  func tooSmall() throws {
    var story = try ReviewScreenTests.opened(columns: 20, rows: 5)
    story.press("as")
    story.happens(.pasted("x"))
    #expect(story.effects.allSatisfy { if case .commit = $0 { false } else { true } })
    #expect(story.state.review.editor?.draft.judgement.isEmpty == true)
    #expect(story.press(.control("C")) == [.quit])
  }

  @Test(
    "a queue that came while words were written comes when they are, whatever ended them, with what was begun since")
  func heldQueue() throws {
    var story = try ReviewScreenTests.opened()
    story.press("c")
    let newer = ReviewScreen.Queue(order: QueueOrder(), items: Array(try ReviewScreenTests.items().dropLast()))
    story.happens(.queueArrived(newer, ReviewScreenTests.pace, milliseconds: 2000))
    #expect(story.state.review.items.count == 6 && story.state.review.held != nil)
    // A key that is no answer ends the question and is the command that it is.
    story.press("a")
    #expect(story.state.review.editor?.isAsking == false)
    #expect(story.state.review.items.count == 5 && story.state.review.held == nil)

    story.press("n")
    story.happens(.queueArrived(newer, ReviewScreenTests.pace, milliseconds: 3000))
    var flagged = try Income.content(number: 8790, probability: 0.77, hours: 80)
    flagged.draft = Draft(caseID: flagged.case.id, judgement: Judgement(note: "begun since"))
    var other = try Income.content()
    other.draft = Draft(caseID: other.case.id, judgement: Judgement(note: "begun since"))
    story.happens(.review(.refreshed(other)))
    story.press(.enter)
    #expect(story.state.review.held == nil)
    #expect(story.state.review.items.first { $0.id == other.case.id }?.content.draft == other.draft)
  }
}
