import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// What comes back from the ledger and the network while somebody types takes no key and no word.
@Suite("Whoever types")
struct ArrivalTests {
  private static let words = "looks odd, as I said"

  @Test("a note goes on writing it when a queue arrives; the queue comes on screen when the note is written")
  func queueDuringNote() throws {
    var story = try ReviewScreenTests.opened()
    story.press("n")
    story.press("looks odd")
    let queue = try #require(story.state.review.queue.value)
    let other = ReviewScreen.Queue(order: queue.order, items: Array(queue.items.dropFirst(2)))
    story.happens(.queueArrived(other, story.state.review.pace, milliseconds: 9000))
    story.press(", as I said")
    #expect(story.state.review.editor?.draft.caseID == Income.id(8841))
    #expect(story.state.review.editor?.draft.judgement.note.string == Self.words)
    #expect(story.state.review.items.count == 6)
    story.press(.enter)
    #expect(story.state.review.items.count == 4)
    #expect(story.state.review.marked.isEmpty && story.state.review.sort == .queue)
  }

  @Test("a note goes on writing it when an undo comes true, on the Case screen too")
  func undoDuringNote() throws {
    let content = try Income.content()
    for story in [try ReviewScreenTests.opened(), CaseScreenTests.opened(content)] {
      var story = story
      story.press("zn")
      story.press("looks odd")
      story.happens(.undone(what: Message(.done, "undone"), content))
      story.press(", as I said")
      #expect(story.state.editor?.draft.judgement.note.string == Self.words)
      #expect(story.state.editor?.isAsking == true)
    }
  }

  @Test("a note goes on writing it when its case is read again, and the time that it is looked at goes on")
  func readAgainDuringNote() throws {
    let content = try Income.content()
    var story = CaseScreenTests.opened(content)
    let shownAt = story.state.case?.editor?.attention.timing(at: 70_000).shownAt
    story.press("jj")
    let row = story.state.case?.rows.selection
    story.press("Rn")
    story.press("looks odd")
    story.happens(.caseArrived(content, milliseconds: 60_000))
    story.press(", as I said")
    #expect(story.state.case?.editor?.draft.judgement.note.string == Self.words)
    #expect(story.state.case?.editor?.attention.timing(at: 70_000).shownAt == shownAt)
    #expect(story.state.case?.rows.selection == row)
    story.happens(.draftsArrived([Income.id(8840)], opens: true))
    #expect(story.state.place == .case(Income.id(8841)))
  }

  @Test("the next input goes on with it when the answer to X comes; r opens its case")
  func answerDuringEditing() {
    var story = InferScreenTests.opened()
    story.press("X")
    story.press(.enter)
    #expect(story.state.infer?.isAsking == true)
    guard case .answered(let answer, _, _) = InferScreenTests.answer(story) else { return }
    story.happens(.answered(answer, order: story.state.infer?.order ?? 0, opens: true))
    #expect(story.state.place == .infer(Income.model))
    #expect(story.toast.contains("answered   r opens the case"))
    story.press("7")
    #expect(story.state.infer?.isAsking == true)
    story.press(.escape)
    #expect(story.press("r").contains(.loadCase(answer.caseID)))
  }

  @Test("an answer to the researchers finds the words again after Esc, and they are kept as they are typed")
  func inboxAnswer() {
    var story = InboxScreenTests.opened()
    story.press("n")
    let kept = story.press("at the foot of page 2")
    #expect(kept.last == .keepAnswer(item: "a1", text: "at the foot of page 2"))
    story.press(.escape)
    #expect(story.screen.contains("begun, not saved  at the foot of page 2"))
    story.press("n")
    #expect(story.press(.enter) == [.answer(item: "a1", text: "at the foot of page 2")])
    // Not saved: the words are there still, until the item says them.
    story.press("n")
    #expect(story.state.inbox.answering?.input.text == "at the foot of page 2")
    story.press(.escape)
    var items = InboxScreenTests.items
    items[0].answer = "at the foot of page 2"
    story.happens(.inbox(.arrived(items)))
    #expect(!story.screen.contains("begun, not saved"))
    items[0].answer = ""
    items[0].begun = "from the session before"
    story.happens(.inbox(.arrived(items)))
    #expect(story.screen.contains("begun, not saved  from the session before"))
  }

  @Test("why a decision is right finds the words again after Esc")
  func decidingWords() throws {
    var story = try DecidingTests.asking()
    story.press("2one-off bonus")
    story.press(.escape)
    story.press("D2")
    #expect(story.screen.contains("one-off bonus"))
  }

  @Test("a form as JSON with a mistake in it opens the same text again")
  func brokenJSON() {
    var story = InferScreenTests.opened()
    story.press("e")
    story.happens(.infer(.edited("{\"age\": 51,,}")))
    #expect(story.press("e") == [.edit("{\"age\": 51,,}")])
    story.happens(.infer(.edited("{\"age\": 52}")))
    #expect(story.state.infer?.entries[0].value == .integer(52))
    #expect(story.press("e") != [.edit("{\"age\": 51,,}")])
  }

  @Test("another model's form is not filled by a file that was opened for the one before")
  func fileOfAnotherModel() {
    var story = InferScreenTests.opened()
    let before = story.state.infer?.entries
    let rows: [[RawText]] = [["17", "Private"]]
    story.happens(.infer(.read(.init(name: "a.csv", texts: rows, for: ModelID("wine", version: "1")))))
    story.happens(.infer(.isLong(path: "a.csv", for: ModelID("wine", version: "1"))))
    #expect(story.state.infer?.entries == before)
    #expect(story.state.infer?.scoring == nil)
  }

  @Test("of a queue comes back to it as it was left; R draws another, and the cursor stays on its case")
  func returns() throws {
    var story = try ReviewScreenTests.opened()
    story.press("J")
    story.rest()
    story.press("gm")
    #expect(!story.press("gr").contains { if case .loadQueue = $0 { true } else { false } })
    #expect(story.state.review.selected?.id == Income.id(8840))
    #expect(story.press("R").contains { if case .loadQueue = $0 { true } else { false } })
    let queue = try #require(story.state.review.queue.value)
    let other = ReviewScreen.Queue(order: queue.order, items: queue.items.reversed())
    story.happens(.queueArrived(other, story.state.review.pace, milliseconds: 9000))
    #expect(story.state.review.selected?.id == Income.id(8840))
  }

  @Test("sees in the header that the service is lost as soon as a request finds none, and that it is back")
  func lost() {
    var story = InferScreenTests.opened()
    let order = story.press("x").isEmpty ? 0 : story.state.infer?.order ?? 0
    story.happens(.infer(.refused(Trouble.service, order: order)))
    #expect(Trouble.service.kind == .unreachable)
    #expect(story.line(0).contains("✗ service since"))
    story.press("x")
    story.happens(InferScreenTests.answer(story))
    #expect(story.line(0).contains("● online"))
  }

  @Test("hears nothing of a request that they stopped, though it failed before the stop was known") func stopped() {
    var story = InferScreenTests.opened()
    story.press("x")
    let order = story.state.infer?.order ?? 0
    story.press(.escape)
    let before = story.screen
    story.happens(.infer(.refused(Trouble.service, order: order)))
    #expect(story.screen == before && story.state.toast == nil && story.state.lastProblem == nil)
    story.press("gl")
    #expect(!story.screen.contains(Trouble.service.summary))
  }

  @Test("reads which model the numbers of Feedback are of, while another one's are counted and when they cannot be")
  func feedbackCrumb() throws {
    var story = FeedbackScreenTests.opened()
    let before = story.line(0)
    var other = story.state.feedback.order
    other.model = "wine"
    story.state.feedback.order = other
    story.state.feedback.content.load()
    #expect(story.line(0) == before)
    story.happens(.feedback(.failed(Trouble.service)))
    #expect(story.line(0).prefix(60) == before.prefix(60))
  }
}
