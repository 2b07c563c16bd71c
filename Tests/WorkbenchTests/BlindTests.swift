import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// Answering before the model: nothing of its answer is drawn until the first one is given, and both are kept.
@Suite("Blind review")
struct BlindTests {
  static func opened() throws -> Story { try ReviewScreenTests.opened(isBlind: true) }

  static func saved(_ effects: [Effect]) -> [Commit] { ReviewScreenTests.saved(effects) }

  @Test("no byte of answer, explanation, signal or others' word is drawn before the first answer")
  func hidden() throws {
    let story = try Self.opened()
    // The label's own key is on screen, the model's choice of it is not.
    let rows = (3...10).map { story.line($0) } + (13...16).map { story.line($0) }
    for text in [">50K", ".73", "+2.17", "drift", "outlier", "IForest", "brent@las", "precision", "uncertain"] {
      #expect(!rows.contains { $0.contains(text) }, "\(text) is drawn:\n\(story.screen)")
    }
    #expect(story.line(17).contains("d  1 <=50K  2 >50K   u unsure   x skip"))
  }

  @Test("agreeing and marking need an answer to look at: both say so and do nothing")
  func cannot() throws {
    var story = try Self.opened()
    #expect(story.press("a").isEmpty)
    #expect(story.toast == "· the answer is hidden   d and a digit give your label")
    #expect(story.press("!").isEmpty)
    #expect(story.toast == "· the explanation is hidden until you have answered")
    #expect(story.press("s").isEmpty)
    #expect(story.toast == "· nothing to save yet   d and a digit give your label")
    #expect(story.press(.enter).isEmpty)
    #expect(story.state.place == .review)
  }

  @Test("the first answer is saved as initial and blind, the second as final with assistance")
  func bothAnswers() throws {
    var story = try Self.opened()
    let first = try #require(Self.saved(story.press("d1c3s")).first)
    #expect(first.judgement == Judgement(verdict: .disagree, label: "<=50K", confidence: 3))
    #expect(first.stage == .initial)
    #expect(first.assistance == .blind)
    #expect(first.seenExplanations.isEmpty)
    #expect(first.window == nil)
    story.saves(Income.id(8841), sequence: 31, what: "disagree → <=50K", milliseconds: 9000)
    #expect(story.screen.contains("you    <=50K   confidence 3/5   saved #31, initial, blind"))
    #expect(story.screen.contains("model  >50K .73"))
    #expect(story.state.review.selected?.id == Income.id(8841))

    let second = try #require(Self.saved(story.press("as")).first)
    #expect(second.judgement == Judgement(verdict: .agree, confidence: 3))
    #expect(second.stage == .final)
    #expect(second.assistance == .explanation)
    #expect(second.seenExplanations == [0])
    story.saves(Income.id(8841), sequence: 33, what: "agree", milliseconds: 12_000)
    #expect(story.state.review.selected?.id == Income.id(8840))
    #expect(story.state.review.isBlindNow)
  }

  @Test("a label that is the model's is an agreement, though the analyst did not know it")
  func agrees() throws {
    var story = try Self.opened()
    let first = try #require(Self.saved(story.press("d2s")).first)
    #expect(first.judgement == Judgement(verdict: .agree, label: ">50K"))
    story.saves(Income.id(8841), sequence: 31, what: "agree → >50K", milliseconds: 9000)
    #expect(story.state.review.editor?.draft.judgement.verdict == .agree)
  }

  @Test("unsure is an answer too")
  func unsure() throws {
    var story = try Self.opened()
    #expect(Self.saved(story.press("us")).first?.judgement.verdict == .unsure)
  }

  @Test("v looks first: that is recorded with what came on screen, and the answer is no longer blind")
  func reveal() throws {
    var story = try Self.opened()
    story.wait(milliseconds: 4000)
    let effects = story.press("v")
    var timing = Stub.timing(first: 4200, active: 4200, on: "record")
    timing.views = [PaneTime(pane: "record", milliseconds: 4200)]
    #expect(
      effects == [
        .reveal(
          Reveal(
            caseID: Income.id(8841), shown: story.state.review.selected?.content.case,
            signature: Income.signature, seenExplanations: [0], queue: ReviewScreenTests.stamp(0.9),
            window: Income.window,
            timing: timing))
      ])
    #expect(story.screen.contains("model  >50K .73"))
    #expect(story.screen.contains("looked first, being saved"))
    story.happens(.review(.revealed(Income.id(8841), sequence: 40)))
    #expect(story.screen.contains("looked first, saved #40; what you answer now is not blind"))
    let commit = try #require(Self.saved(story.press("as")).first)
    #expect(commit.stage == .final)
    #expect(commit.assistance == .explanation)
    story.saves(Income.id(8841), sequence: 41, what: "agree", milliseconds: 9000)
    story.press("K")
    #expect(story.press("v").isEmpty)
    #expect(story.toast == "· the model's answer is on screen already")
  }

  @Test("what was seen stays seen: after an undo no second answer passes for a blind one")
  func undo() throws {
    var story = try Self.opened()
    story.press("d1s")
    story.saves(Income.id(8841), sequence: 31, what: "disagree → <=50K", milliseconds: 9000)
    #expect(story.press("z") == [.undo(isWanted: false)])
    story.happens(.undone(what: Message(.done, "undone #31 disagree → <=50K"), try Income.content()))
    #expect(story.screen.contains("model  >50K .73"))
    #expect(story.screen.contains("looked before; what you answer now is not blind"))
    #expect(!story.state.review.isBlindNow)
    #expect(story.press("Z") == [.redo(isWanted: false)])
    #expect(Self.saved(story.press("as")).first?.assistance == .explanation)
  }

  @Test("a case that was answered or looked at before a restart is not hidden again")
  func afterRestart() throws {
    var story = try Self.opened()
    var items = try ReviewScreenTests.items()
    items[0].wasRevealed = true
    items[1].content.own = GivenJudgement(
      analyst: "ana@las", at: Stub.now, judgement: Judgement(verdict: .agree, label: "<=50K"), stage: .initial,
      assistance: .blind, sequence: 7)
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(isBlind: true), items: items), ReviewScreenTests.pace, milliseconds: 0))
    #expect(story.state.review.order.isBlind)
    #expect(!story.state.review.isBlindNow)
    // When that was is not known here, and nothing of it is being saved.
    #expect(story.screen.contains("looked at before"))
    #expect(story.screen.contains("looked before; what you answer now is not blind"))
    story.press("J")
    story.rest()
    #expect(!story.state.review.isBlindNow)
    #expect(story.screen.contains("saved #7, initial, blind"))
    story.press("J")
    story.rest()
    #expect(story.state.review.isBlindNow)
  }

  @Test("from an opened case no key leads to one whose answer is hidden")
  func noWayRound() throws {
    var story = try Self.opened()
    story.press("v")
    #expect(story.press(.enter) == [.loadCase(Income.id(8841))])
    #expect(story.press("J").isEmpty)
    #expect(story.state.place == .case(Income.id(8841)))
    var other = try Self.opened()
    other.press("v")
    other.press(" ")
    other.press(" ")
    other.press("gga")
    // Marked but hidden cases get no verdict from somebody who has not seen them.
    #expect(Self.saved(other.press("A")).map(\.caseID) == [Income.id(8841)])
  }

  @Test("B shows the answers again; hidden once more they are no secret, and what is said of them is not blind")
  func off() throws {
    var story = try Self.opened()
    story.press("B")
    #expect(story.line(3).contains(">50K"))
    #expect(!story.state.review.isBlindNow)
    story.press("B")
    #expect(!story.state.review.isBlindNow)
    let commit = try #require(Self.saved(story.press("d1s")).first)
    #expect(commit.stage == .final && commit.assistance == .explanation)
  }

  @Test("B that shows the answers again leaves cases, marks and cursor as they are, and asks for no other queue")
  func offStays() throws {
    var story = try Self.opened()
    story.press("j ")
    let (marked, row) = (story.state.review.marked, story.state.review.rows.selected)
    #expect(!marked.isEmpty)
    #expect(!story.press("B").contains { if case .loadQueue = $0 { true } else { false } })
    #expect(story.state.review.marked == marked && story.state.review.rows.selected == row)
  }

  @Test("B draws another queue, of cases whose answer was not on screen")
  func drawnAnew() throws {
    var story = try ReviewScreenTests.opened()
    var order = QueueOrder(isBlind: true)
    order.without = Set(try ReviewScreenTests.items().map(\.id))
    #expect(story.press("B") == [.loadQueue(order)])
    #expect(story.toast == "· another queue, of cases whose answer was not on screen")
  }

  @Test("a queue that the researchers want answered blind is not opened by B")
  func theirs() throws {
    var story = try Self.opened()
    story.state.review.order.taken = TakenOrder(id: "1", name: "week48")
    #expect(story.press("B").isEmpty)
    #expect(story.toast == "· the researchers want this queue answered blind")
    #expect(story.state.review.isBlindNow)
  }

  @Test("a case of a researchers' blind queue is hidden everywhere, whatever is on the table, until it is answered")
  func hiddenEverywhere() throws {
    var story = try ReviewScreenTests.opened()
    story.state.review.queue = .idle
    story.happens(.blindCasesArrived([Income.id(8841)]))
    story.happens(.draftsArrived([Income.id(8841)], opens: true))
    #expect(story.toast.contains("its answer is hidden until you have given yours"))
    #expect(story.state.hiddenCases == [Income.id(8841)])
    var commit = Stub.commit(Income.id(8841))
    commit.stage = .initial
    story.happens(.committed(commit, sequence: 3, what: "agree", milliseconds: 1))
    #expect(story.state.hiddenCases.isEmpty)
  }

  @Test("after a queue of the researchers' one's own queues are as blind as they were")
  func afterTheirs() throws {
    var story = try ReviewScreenTests.opened()
    _ = App.openReview(&story.state, QueueOrder(isBlind: true, taken: TakenOrder(id: "1", name: "week48")), 0)
    #expect(story.state.review.order.isBlind)
    story.press("gm")
    story.happens(.models(.listed(.init(groups: Stub.groups, at: Stub.now))))
    story.press("r")
    #expect(story.state.place == .review)
    #expect(story.state.review.order.taken == nil)
    #expect(!story.state.review.order.isBlind)
  }

  @Test("a flag leaves a hidden case hidden, and is no first answer")
  func flag() throws {
    var story = try Self.opened()
    let commit = try #require(Self.saved(story.press("f")).first)
    #expect(commit.isFlag)
    story.saves(Income.id(8841), sequence: 23, what: "flag", milliseconds: 9000)
    #expect(story.state.review.isBlindNow)
    #expect(!story.screen.contains("model  >50K"))
  }

  @Test("no way but the queue's leads to a case whose answer is hidden: drafts, windows, reports, the outbox")
  func noOtherWay() throws {
    let hidden = "· its answer is hidden until you have given yours   gr goes to the queue"
    for arrives in [
      Action.draftsArrived([Income.id(8841)], opens: true), .windowCases([Income.id(8841)]),
      .feedbackCases([Income.id(8841)]),
    ] {
      var story = try Self.opened()
      switch arrives {
      case .windowCases: story.state.places.append(.drift(Income.model))
      case .feedbackCases: story.state.places.append(.feedback)
      default: break
      }
      story.happens(arrives)
      #expect(story.toast == hidden, "\(arrives)")
      if case .case = story.state.place { Issue.record("\(arrives) opened it") }
    }
    // Of several the first that may be seen, and its list has no other.
    var story = try Self.opened()
    story.press("v")
    story.happens(.draftsArrived([Income.id(8840), Income.id(8841)], opens: true))
    #expect(story.state.place == .case(Income.id(8841)))
    #expect(story.state.case?.siblings == [Income.id(8841)])
  }

  @Test("the guideline's question is asked, and its version stands beside it")
  func guideline() throws {
    var story = try Self.opened()
    var items = try ReviewScreenTests.items()
    for index in items.indices { items[index].content.guideline = InboxScreenTests.guideline }
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(isBlind: true), items: items), ReviewScreenTests.pace, milliseconds: 0))
    let line = (0..<24).map(story.line).first { $0.contains("Is the income over 50K?") }
    #expect(line?.contains("guideline g7, p reads") == true, "\(story.screen)")
    story.press("J")
    story.press("p")
    #expect(story.screen.contains("Count what is earned in a year before taxes."))
  }

  @Test("neither a mark, a jump nor the session before leads to a case whose answer is hidden")
  func noWayBack() throws {
    var story = CaseScreenTests.opened(try Income.content())
    story.press("ma")
    story.press("gm")
    story.happens(.blindCasesArrived([Income.id(8841)]))
    story.press("'a")
    #expect(story.state.place == .models)
    #expect(story.toast.contains("its answer is hidden until you have given yours"))
    story.press("[")
    #expect(story.state.place == .models)
    // The list of hidden cases comes after the screen that the session before had left.
    var opened = CaseScreenTests.opened(try Income.content())
    opened.happens(.blindCasesArrived([Income.id(8841)]))
    #expect(opened.state.place == .models)
  }

  @Test("a search by the answer does not find a hidden case, one by its record does")
  func searched() throws {
    var story = Story()
    story.happens(.blindCasesArrived([Income.id(8841)]))
    story.press("gs")
    story.press("bonus")
    let hits = SearchScreenTests.results.hits
    #expect(hits.contains { $0.id == Income.id(8841) && $0.match?.place.tellsAnswer == true })
    story.happens(.search(.arrived(SearchScreenTests.results, order: story.state.search.order)))
    #expect(story.state.search.hits.count == hits.count - 1)
    #expect(!story.state.search.hits.contains { $0.id == Income.id(8841) })
    var found = SearchScreenTests.results
    for index in found.hits.indices { found.hits[index].match?.place = .field }
    story.happens(.search(.arrived(found, order: story.state.search.order)))
    #expect(story.state.search.hits.count == hits.count)
    story.press(" label:x")
    story.happens(.search(.arrived(found, order: story.state.search.order)))
    #expect(!story.state.search.hits.contains { $0.id == Income.id(8841) })
  }

  @Test("a long record says that there is more of it than stands on screen, and the key that shows it")
  func longRecord() throws {
    let story = try Self.opened()
    #expect(story.screen.contains("…  t shows the whole record"))
  }

  @Test("where a verdict is saved with its own key, staying with one's first answer is saved as the last one")
  func stays() throws {
    var story = try Self.opened()
    story.state.savesOnVerdict = true
    #expect(Self.saved(story.press("d1")).map(\.stage) == [.initial])
    story.saves(Income.id(8841), sequence: 31, what: "disagree → <=50K", milliseconds: 9000)
    let rule = try #require((0..<24).map(story.line).first { $0.contains("Your answer now: final") })
    #expect(!rule.contains("saved #31") && rule.contains("s saves"))
    #expect(Self.saved(story.press("d1")).map(\.stage) == [.final])
    // On its way it is not asked for twice; where it failed it is.
    #expect(Self.saved(story.press("d1")).isEmpty)
    story.happens(.commitFailed(Problem("the disk is full")))
    #expect(Self.saved(story.press("d1")).map(\.stage) == [.final])
    story.saves(Income.id(8841), sequence: 33, what: "disagree → <=50K", milliseconds: 12_000)
    #expect(story.state.review.selected?.id == Income.id(8840))
  }

  @Test("marks wait for the second answer: they are said of an explanation that is not on screen before the first")
  func marksWait() throws {
    var story = try Self.opened()
    let mark = Mark(kind: .spurious, target: "capital_gain", explainer: ModelID("income-shap"))
    var items = try ReviewScreenTests.items()
    items[0].content.draft = Draft(caseID: Income.id(8841), marks: [mark])
    story.happens(.review(.ordered(QueueOrder(isBlind: true))))
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(isBlind: true), items: items), ReviewScreenTests.pace, milliseconds: 0))
    let first = try #require(Self.saved(story.press("d1s")).first)
    #expect(first.stage == .initial && first.marks.isEmpty)
    story.saves(Income.id(8841), sequence: 31, what: "disagree → <=50K", milliseconds: 9000)
    let second = try #require(Self.saved(story.press("as")).first)
    #expect(second.stage == .final && second.marks == [mark])
  }

  @Test("a case that the analyst asked for is one whose answer was on screen")
  func askedFor() throws {
    var story = try ReviewScreenTests.opened()
    let answer = InferScreen.Answer(
      prediction: Income.prediction(), caseID: Income.id(77), number: 77, at: Stub.now)
    story.happens(.answered(answer, order: 1, opens: false))
    guard case .loadQueue(let order) = story.press("B").first else {
      Issue.record("no other queue was drawn")
      return
    }
    #expect(order.without.contains(Income.id(77)))
  }

  @Test("B draws again when it shows the answers again, and an empty blind queue says what waits elsewhere")
  func backAgain() throws {
    var story = try Self.opened()
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: story.state.review.order, items: []), ReviewScreenTests.pace, milliseconds: 1000))
    #expect(story.screen.contains("Nothing waits here blind: no case whose answer you have not seen."))
    #expect(story.screen.contains("B shows those whose answer you have seen"))
    let effects = story.press("B")
    #expect(
      effects.contains { if case .loadQueue(let order) = $0 { !order.isBlind && order.without.isEmpty } else { false } }
    )
  }
}
