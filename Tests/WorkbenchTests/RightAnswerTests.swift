import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

/// What an analyst holds for right in place of the model's answer, and of which class a mark is said.
@Suite("What is right, and of which class")
struct RightAnswerTests {
  static func number(_ value: Double = 17.25) throws -> CaseContent {
    var content = try Income.content(explanations: [], record: nil)
    content.signature = nil
    content.canExplain = false
    content.case.prediction = Prediction(model: Income.model, answer: .value(value), outputs: [])
    return content
  }

  @Test("d on a number asks for the number that is right, and takes nothing else for it")
  func aNumber() throws {
    var story = CaseScreenTests.opened(try Self.number())
    story.press("d")
    #expect(story.screen.contains("right number?"))
    story.press("seven")
    story.press(.enter)
    #expect(story.state.case?.editor?.isAsking == true && story.screen.contains("a number, as 17.5"))
    story.press(.control("U"))
    story.press("19.5")
    story.press(.enter)
    #expect(story.screen.contains("disagree → 19.5"))
    let commit = try #require(ReviewScreenTests.saved(story.press("s")).first)
    #expect(commit.judgement == Judgement(verdict: .disagree, value: 19.5))
    // Whoever changes their mind of it goes on from it, or takes it back.
    story.saves(commit.caseID, sequence: 12, what: "disagree → 19.5", milliseconds: 9000)
    story.press("d")
    #expect(story.screen.contains("19.5"))
    story.press(.control("U"))
    story.press(.enter)
    #expect(story.state.case?.editor?.draft.judgement == Judgement(verdict: .disagree))
    story.press("d17.25")
    story.press(.enter)
    #expect(story.state.case?.editor?.draft.judgement == Judgement(verdict: .agree))
    story.press("d3")
    story.press(.enter)
    story.press("u")
    #expect(story.state.case?.editor?.draft.judgement == Judgement(verdict: .unsure))
  }

  @Test("blind, the number is the answer: without one there is nothing to save")
  func blindNumber() throws {
    var story = try ReviewScreenTests.opened(isBlind: true)
    var content = try Self.number()
    content.case.id = Income.id(77)
    let item = ReviewScreen.Item(content: content, stamp: ReviewScreenTests.stamp(1), why: "sample")
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(isBlind: true), items: [item]), ReviewScreenTests.pace, milliseconds: 0))
    #expect(story.screen.contains("d gives your number") && !story.screen.contains("17.25"))
    story.press("d")
    story.press(.enter)
    #expect(story.press("s").isEmpty)
    story.press("d17.25")
    story.press(.enter)
    let commit = try #require(ReviewScreenTests.saved(story.press("s")).first)
    #expect(commit.judgement == Judgement(verdict: .agree, value: 17.25) && commit.stage == .initial)
  }

  @Test("A gives a number to the marked cases that were answered with one")
  func numbersToMarked() throws {
    var story = try ReviewScreenTests.opened()
    var other = try Self.number(19.5)
    other.case.id = Income.id(8842)
    let contents = [try Self.number(), other, try Income.content(number: 8843)]
    let items = contents.map { ReviewScreen.Item(content: $0, stamp: ReviewScreenTests.stamp(1), why: "sample") }
    story.happens(
      .queueArrived(
        ReviewScreen.Queue(order: QueueOrder(), items: items), ReviewScreenTests.pace, milliseconds: 0))
    story.press("   ggd19.5")
    story.press(.enter)
    let commits = ReviewScreenTests.saved(story.press("A"))
    #expect(commits.map(\.judgement) == [Judgement(verdict: .disagree, value: 19.5), Judgement(verdict: .agree)])
  }

  @Test("the model's own label, named under d, goes along as that label: to marked cases and to the next one")
  func namedLabel() throws {
    var story = try ReviewScreenTests.opened()
    story.press("  gg")
    story.rest()
    #expect(story.state.review.selected?.content.case.prediction.label == ">50K")
    story.press("d2")
    #expect(story.state.review.editor?.draft.judgement == Judgement(verdict: .agree))
    let commits = ReviewScreenTests.saved(story.press("A"))
    #expect(commits.map(\.judgement.verdict) == [.agree, .disagree])
    #expect(commits.map(\.judgement.label) == [nil, ">50K"])
    var alone = try ReviewScreenTests.opened()
    alone.press("d2s")
    alone.saves(Income.id(8841), sequence: 12, what: "agree", milliseconds: 9000)
    alone.press(".")
    #expect(alone.state.review.editor?.draft.judgement.verdict == .disagree)
    #expect(alone.state.review.editor?.draft.judgement.label == ">50K")
    // An agreement that names no label says of each that the model is right.
    var plain = try ReviewScreenTests.opened()
    plain.press("  gga")
    #expect(ReviewScreenTests.saved(plain.press("A")).map(\.judgement.verdict) == [.agree, .agree])
  }

  @Test("a mark is said of the class whose shares are on screen, stands on its rows alone, and each class has its own")
  func classOfAMark() throws {
    var story = CaseScreenTests.opened(try Kinds.wineContent())
    let explainer = ModelID("wine-shap")
    story.press("l~")
    let feature = try #require(story.state.case?.target?.name)
    let first = Mark(kind: .wrongSign, target: feature, explainer: explainer, label: "class_2")
    #expect(story.state.case?.editor?.draft.marks == [first])
    #expect(story.screen.contains("\(feature.string) ~ wrong sign for class_2"))
    let marked = (5..<12).map(story.line).filter { $0.hasSuffix(" ~") || $0.contains(" ~ ") }
    #expect(marked.count == 1)
    story.press("h")
    #expect((5..<12).map(story.line).allSatisfy { !$0.contains("~") })
    while story.state.case?.target?.name != feature { story.press("j") }
    story.press("=")
    let second = Mark(kind: .agrees, target: feature, explainer: explainer, label: "class_1")
    #expect(story.state.case?.editor?.draft.marks == [first, second])
    story.press("=")
    #expect(story.state.case?.editor?.draft.marks == [first])
    // In the queue a mark is on the answer's own shares.
    var queue = try ReviewScreenTests.opened()
    queue.press("JJJJ!")
    #expect(queue.state.review.editor?.draft.marks.map(\.label) == ["class_1"])
  }

  @Test("a mark on a word that a text has twice is on that one alone; one of before, which did not say, is on both")
  func wordTwice() throws {
    var content = try Kinds.textContent("refund the fee of the card")
    let explainer = ModelID("intent-shap")
    var story = CaseScreenTests.opened(content)
    func signs(_ story: Story) -> [String] {
      story.screen.split(separator: "\n").map(String.init).filter { $0.contains("the (") && $0.contains(" of 2) ") }
        .map { String($0.suffix(1)) }
    }
    let second = Explanation.Part("the", occurrence: .init(2, of: 2))
    while story.state.case?.target != second { story.press("j") }
    story.press("!")
    let mark = Mark(kind: .spurious, target: "the", occurrence: .init(2, of: 2), explainer: explainer)
    #expect(story.state.case?.editor?.draft.marks == [mark])
    #expect(signs(story).filter { $0 == "!" }.count == 1)
    #expect(story.screen.contains("the (2nd of 2) ! spurious"))
    while story.state.case?.target != Explanation.Part("the", occurrence: .init(1, of: 2)) { story.press("k") }
    story.press("=")
    #expect(story.state.case?.editor?.draft.marks.map(\.kind) == [.spurious, .agrees])
    story.press("=")
    #expect(story.state.case?.editor?.draft.marks == [mark])
    content.ownMarks = [Mark(kind: .spurious, target: "the", explainer: explainer)]
    story = CaseScreenTests.opened(content)
    #expect(signs(story).filter { $0 == "!" }.count == 2)
    while story.state.case?.target != second { story.press("j") }
    story.press("+")
    #expect(story.state.case?.editor?.draft.marks.map(\.occurrence) == [.init(2, of: 2)])
  }

  @Test("no hexadecimal is a number, as in the form")
  func hexadecimal() throws {
    var story = CaseScreenTests.opened(try Self.number())
    story.press("d0x10")
    #expect(story.screen.contains("a number, as 17.5"))
    story.press(.enter)
    #expect(story.state.case?.editor?.isAsking == true)
  }
}
