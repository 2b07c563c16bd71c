public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// Saves what the analyst decided of a case that judges see differently, naming each judgement that it decides
  /// between; on the disk when this returns. The event's number.
  @discardableResult
  public func decide(_ order: DecisionOrder) async throws(Problem) -> Int {
    try Words.check(order.decision.note, as: "reason")
    guard let current = try await self.case(order.caseID) else { throw Problem("The case is not in this ledger") }
    let (stamp, analyst) = (stamp(), stream.analyst)
    @Sendable func judges(_ ledger: Ledger) throws(LedgerError) -> Judges {
      let standing = try ledger.standing(of: order.caseID)
      return Judges(
        standing, views: try ledger.withEvents { try $0.views(behind: standing) }, view: JudgedView(current),
        own: try ledger.analysts(), analyst: analyst)
    }
    return try await onStream { ledger, _ throws(LedgerError) -> Result<Int, Problem>? in
      let judges = try judges(ledger)
      return judges.differ ? nil : .failure(Self.nothingToDecide(judges))
    } else: { ledger, stream throws(LedgerError) in
      let judges = try judges(ledger)
      guard judges.differ else { return .failure(Self.nothingToDecide(judges)) }
      let submission = Submission(
        caseID: order.caseID, statements: [.decision(order.decision)], isOfDraft: false,
        judgements: judges.judges.map(\.reference))
      return .success(try ledger.save(submission, to: stream, stamp: stamp).seq)
    }.get()
  }

  private static func nothingToDecide(_ judges: Judges) -> Problem {
    let said = judges.judges.map { "\($0.analyst.string): \($0.stand.label?.string ?? "not the model's")" }
    return Problem(
      "There is nothing to decide: no two judges of this case differ.",
      advice: "A decision is for cases on which two hold different things for true; mds sync brings colleagues' words.",
      detail: said.joined(separator: ", "), kind: .invalidInput)
  }

  /// The same for a case by its name, with a label of the model's or of one of the judges', or a number.
  public func decide(caseNamed name: String, label: RawText?, value: Double?, note: RawText) async throws(Problem)
    -> Int
  {
    let found = try await self.case(named: name)
    let content = try await content(of: found)
    let decision = DecisionBody(label: label, value: value, note: note)
    if let problem = Self.mismatch(of: decision, with: found.prediction) { throw problem }
    if let label {
      let known = Deciding.labels(of: content)
      guard known.contains(label) else {
        throw Problem(
          "\(label.string) is no label of \(found.model.name.string).",
          advice: "One of: \(known.prefix(20).map(\.string).joined(separator: ", ")).", kind: .invalidInput)
      }
    }
    return try await decide(DecisionOrder(caseID: found.id, decision: decision))
  }

  /// Why a decision cannot be the right answer where the model answers so; nil where it can.
  static func mismatch(of decision: DecisionBody, with prediction: Prediction) -> Problem? {
    let model = prediction.model.name.string
    return switch prediction.answer {
    case .classes where decision.value != nil:
      Problem(
        "\(model) answers with a label, not with a number.", advice: "--label says which is right.", kind: .invalidInput
      )
    case .value where decision.label != nil:
      Problem(
        "\(model) answers with a number, not with a label.", advice: "--value says what is right.", kind: .invalidInput)
    case .classes, .value, .opaque: nil
    }
  }
}
