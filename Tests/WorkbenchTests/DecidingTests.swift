import Domain
import Feedback
import Frames
import Testing

@testable import Workbench

@Suite("Deciding between judges")
struct DecidingTests {
  /// A case that two see differently.
  static func content(_ labels: [RawText] = ["<=50K", ">50K"]) throws -> CaseContent {
    var content = try Income.content()
    content.judges = zip(["ana@las", "brent@las"], labels).enumerated().map { index, judge in
      Judges.Judge(
        analyst: judge.0, stand: .label(judge.1),
        reference: EventReference(.adjudicates, EventID(at: Stub.now, random: UInt64(index)), hash: .zero))
    }
    return content
  }

  static func asking(columns: Int = 80, rows: Int = 24) throws -> Story {
    var story = CaseScreenTests.opened(try content(), columns: columns, rows: rows)
    story.press("D")
    return story
  }

  @Test("asks what is right and why, and saves it as one event") func asks() throws {
    var story = try Self.asking()
    #expect(story.screen.contains("What is right?") && story.footer.contains("1–9 right"))
    let effects = story.press("2one-off bonus") + story.press(.enter)
    let decision = DecisionBody(label: ">50K", note: "one-off bonus")
    #expect(effects == [.decide(DecisionOrder(caseID: Income.id(8841), decision: decision))])
    #expect(story.state.case?.deciding == nil)
    var decided = try Self.content()
    decided.decision = decision.adjudication(of: Income.id(8841), by: "ana@las")
    story.happens(.decided(sequence: 12, what: "decided → >50K", decided))
    #expect(story.toast.contains("saved #12 decided → >50K"))
    #expect(story.screen.contains("decided: >50K"))
  }

  @Test("is left by Esc at every step, and nothing is saved; the judgement in the making stays") func leaving() throws {
    var story = CaseScreenTests.opened(try Self.content())
    story.press("a")
    let before = story.state.case?.editor?.draft
    for keys in ["D", "D1", "D1why"] {
      #expect(story.press(keys) + story.press(.escape) == [])
      #expect(story.state.case?.deciding == nil && story.state.case?.editor?.draft == before)
    }
  }

  @Test("says that there is nothing to decide where judges agree") func agreed() throws {
    var story = CaseScreenTests.opened(try Self.content([">50K", ">50K"]))
    story.press("D")
    #expect(story.toast.contains("nothing to decide: no two judges differ"))
    #expect(story.state.case?.deciding == nil)
  }

  @Test("asks for a number where the answer is one, and takes nothing else for it") func number() throws {
    var content = try Self.content(["1.5", "2"])
    content.case.prediction = Prediction(model: Income.model, answer: .value(1.5), outputs: [])
    var story = CaseScreenTests.opened(content)
    story.press("D")
    #expect(story.screen.contains("ana@las 1.5"))
    #expect(story.press("two") + story.press(.enter) == [])
    story.press(.control("U"))
    let effects = story.press("1.75") + story.press(.enter, .enter)
    #expect(
      effects == [.decide(DecisionOrder(caseID: Income.id(8841), decision: DecisionBody(value: 1.75)))])
  }

  @Test("where labels are digits a digit is the label, whatever the order of the list") func digits() throws {
    var content = try Self.content(["7", "3"])
    let scores = (0..<10).map { ClassScore(label: RawText("\($0)"), probability: 0.1) }
    content.signature = nil
    content.case.prediction = Prediction(model: Income.model, answer: .classes(scores, chosen: 3), outputs: [])
    var story = CaseScreenTests.opened(content)
    story.press("D3")
    guard case .note(let decision, _) = story.state.case?.deciding?.step else {
      Issue.record("no label was taken")
      return
    }
    #expect(decision.label == "3")
  }
}
