import Domain
import Feedback
import Testing

@Suite("A decision between judges")
struct DecisionTests {
  private static let caseID = ShortHash.of([1])

  private func decision(_ label: RawText, by name: RawText, at seconds: Double, isPublished: Bool = false) -> Decision {
    Decision(
      Adjudication(caseID: Self.caseID, label: label, by: name), at: Sample.start.advanced(bySeconds: seconds),
      isPublished: isPublished)
  }

  private func standing(
    _ name: RawText, _ judgement: Judgement, stage: JudgementStage = .final, at seconds: Double
  ) -> Standing {
    let body = JudgementBody(judgement, stage: stage)
    return Standing(
      caseID: Self.caseID, analyst: name, subject: .judgement(stage), statement: .judgement(body),
      eventID: EventID(at: Sample.start, random: UInt64(seconds)), hash: Hash.of([UInt8(seconds)]),
      stream: Sample.streamID(1), seq: Int(seconds), at: Sample.start.advanced(bySeconds: seconds))
  }

  private let view = JudgedView(model: ModelID("wine"), answer: "red", opposite: "white")

  private func judges(_ standing: [Standing], own: Set<RawText> = ["ana"]) -> Judges {
    Judges(standing, view: view, own: own, analyst: "ana")
  }

  @Test("counts where it is the newest, whoever made it; of two at one moment the researchers' does")
  func newest() {
    let old = decision("red", by: "lab", at: 1, isPublished: true)
    let new = decision("white", by: "ana", at: 2)
    #expect(Decision.inForce([old, new]) == new && Decision.inForce([new, old]) == new)
    let same = decision("red", by: "a", at: 2, isPublished: true)
    #expect(Decision.inForce([same, new]) == same && Decision.inForce([new, same]) == same)
    let other = decision("rose", by: "brent", at: 2)
    #expect(Decision.inForce([other, new]) == other && Decision.inForce([new, other]) == other)
    #expect(Decision.inForce([]) == nil)
  }

  @Test("is for judges who hold different things for true: each has the last word once, and unsure is no stand")
  func differing() {
    let agree = standing("ana", Judgement(verdict: .agree), at: 1)
    let unsure = standing("carla", Judgement(verdict: .unsure), at: 2)
    let against = standing("brent", Judgement(verdict: .disagree), at: 3)
    #expect(!judges([agree, unsure]).differ && !judges([]).differ)
    let apart = judges([agree, unsure, against])
    #expect(apart.differ)
    #expect(apart.judges.map(\.analyst) == ["ana", "brent"])
    #expect(apart.judges.map(\.stand) == [.label("red"), .label("white")])
    #expect(
      apart.judges.map(\.reference) == [agree, against].map { EventReference(.adjudicates, $0.eventID, hash: $0.hash) })
    // Each is for or against the answer that was on their screen.
    let views = [agree.eventID: JudgedView(model: ModelID("wine"), answer: "white", opposite: "red")]
    let other = Judges([agree, against], views: views, view: view, own: ["ana"], analyst: "ana")
    #expect(!other.differ && other.judges.map(\.stand) == [.label("white"), .label("white")])
    // A first answer is not the last word.
    let first = standing("ana", Judgement(label: "white"), stage: .initial, at: 0)
    #expect(judges([first, agree, against]).judges == apart.judges)
    // What was said under the name of before enrolment is one's own.
    let former = standing("unix:ana@desk", Judgement(verdict: .disagree), at: 0)
    #expect(!judges([former, agree], own: ["ana", "unix:ana@desk"]).differ)
    #expect(judges([former, agree]).differ)
  }

  @Test("stands beside the judgements, can be changed and taken back, the same for every order of the events")
  func folds() throws {
    let first = EventDraft(
      eventID: EventID(at: Sample.start, random: 1),
      body: EventBody(
        stamp: Stamp(at: Sample.start, analyst: "ana"), caseID: Self.caseID,
        payload: .judgement(JudgementBody(Judgement(verdict: .agree)))))
    let decided = EventDraft(
      eventID: EventID(at: Sample.start, random: 2),
      body: EventBody(
        stamp: Stamp(at: Sample.start.advanced(bySeconds: 1), analyst: "ana"), caseID: Self.caseID,
        references: [EventReference(.adjudicates, first.eventID)],
        payload: .adjudicate(DecisionBody(label: "white", note: "seen the contract"))))
    let changed = EventDraft(
      eventID: EventID(at: Sample.start, random: 3),
      body: EventBody(
        stamp: Stamp(at: Sample.start.advanced(bySeconds: 2), analyst: "ana"), caseID: Self.caseID,
        references: [EventReference(.amends, decided.eventID)],
        payload: .amend(Amendment(.decision(DecisionBody(label: "red"))))))
    let events = try Chain.seal([first, decided, changed], stream: Sample.streamID(1), after: .empty)
    let standing = Fold.standing(events)
    #expect(standing.map(\.subject) == [.decision, .judgement(.final)])
    #expect(standing[0].statement == .decision(DecisionBody(label: "red")))
    #expect(Decision(standing[0])?.content.by == "ana" && Decision(standing[1]) == nil)
    #expect(Fold.standing(events.reversed()) == standing)
    let history = UndoHistory(events)
    #expect(history.nextUndo?.text == "#3 decision red")
    let undo = try #require(
      history.nextUndo?.undo(
        stamp: Stamp(at: Sample.start, analyst: "ana"), eventIDs: [EventID(at: Sample.start, random: 4)]))
    let last = try #require(events.last)
    let after =
      events + (try Chain.seal(undo, stream: Sample.streamID(1), after: Chain.Head(seq: last.seq, hash: last.hash)))
    #expect(Fold.standing(after).first?.statement == .decision(DecisionBody(label: "white", note: "seen the contract")))
  }

  @Test("says either a label or a number", arguments: ["{}", #"{"label":"a","value":1}"#]) func form(text: String)
    throws
  {
    let json = try JSON(parsing: text)
    #expect(throws: EventBodyError.self) { try DecisionBody(json: json) }
  }
}
