public import Domain
internal import Feedback
internal import Ledger
public import Workbench

/// What researchers say of cases and models, read once for many cases.
struct ResearchersWord: Sendable {
  private(set) var guidelines = GuidelinesInForce()
  private var decisions: [ShortHash: Decision] = [:]
  private var questions: [ShortHash: [Question]] = [:]

  init(_ ledger: Ledger, context: RawText) throws(LedgerError) {
    // What cannot be read says nothing here; the inbox shows it as unreadable.
    for item in try ledger.inForce(context: context) {
      switch item.kind {
      case InboxKind.guideline.text:
        if let guideline = try? item.decoded(Guideline.self) { guidelines.add(guideline) }
      case InboxKind.adjudication.text:
        if let decision = try? item.decoded(Adjudication.self) {
          decisions[decision.caseID] = Decision(decision, at: item.publishedAt, isPublished: true)
        }
      case InboxKind.question.text where item.answeredAt == nil:
        if let question = try? item.decoded(Question.self), let id = question.caseID {
          questions[id, default: []].append(question)
        }
      default: break
      }
    }
  }

  /// The decision that counts: theirs, or a newer one of an analyst's among what stands on the case.
  func decision(on id: ShortHash, beside standing: [Standing]) -> Adjudication? {
    Decision.inForce(standing.compactMap { Decision($0) } + [decisions[id]].compactMap(\.self))?.content
  }
  func questions(about id: ShortHash) -> [Question] { questions[id] ?? [] }
}

extension Workspace {
  /// What the researchers published and nothing took the place of, what waits for the analyst first, the newest first.
  public func inbox() async throws(Problem) -> [InboxScreen.Item] {
    let name = contextName
    let blind = try await blindCases()
    let items = try await onLedger { ledger throws(LedgerError) in
      let taken = Dictionary(
        try ledger.takenQueues(context: name).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      let answers = try ledger.answers(context: name)
      var items: [InboxScreen.Item] = []
      for item in try ledger.inForce(context: name) {
        let content = try Self.content(of: item, taken[item.id], blind, in: ledger)
        items.append(
          InboxScreen.Item(
            id: item.id, kind: item.kind, name: item.name, content: content, publishedAt: item.publishedAt,
            answeredAt: item.answeredAt, answer: answers[item.id] ?? "", begun: try ledger.keptAnswer(to: item.id)))
      }
      return items
    }
    let newest = Array(items.reversed())
    return newest.filter(\.waits) + newest.filter { !$0.waits }
  }

  private static func content(
    of item: InboxItem, _ taken: TakenQueue?, _ blind: Set<ShortHash>, in ledger: Ledger
  ) throws(LedgerError) -> InboxScreen.Content {
    guard let kind = InboxKind(rawValue: item.kind.string) else {
      return .unreadable("a later version of mds knows what this is")
    }
    func caseName(_ id: ShortHash?) throws(LedgerError) -> RawText? {
      guard let id, let found = try ledger.case(id) else { return nil }
      return RawText(found.name)
    }
    do {
      switch kind {
      case .catalogue: return .catalogue(bytes: item.body.count)
      case .guideline: return .guideline(try item.decoded())
      case .queue:
        let state = taken.map {
          InboxScreen.Taken(cases: $0.cases, judged: $0.judged, isWhole: $0.finishedAt != nil)
        }
        return .queue(try item.decoded(), state)
      case .question:
        let question: Question = try item.decoded()
        return .question(question, caseName: try caseName(question.caseID))
      case .adjudication:
        var decision: Adjudication = try item.decoded()
        // What is true of a case that waits for a blind answer would be no help to it.
        if blind.contains(decision.caseID) {
          (decision.label, decision.value) = ("hidden", nil)
          decision.note = "What was decided is here once you have answered the case."
        }
        return .adjudication(decision, caseName: try caseName(decision.caseID))
      }
    } catch let error as EventBodyError {
      return .unreadable(error.reason)
    } catch let error as LedgerError {
      throw error
    } catch {
      return .unreadable("\(error)")
    }
  }

  /// Saves the answer to a question of the researchers'; on the disk when this returns. The event's number in its stream.
  @discardableResult
  public func answer(_ id: RawText, _ text: RawText) async throws(Problem) -> Int {
    guard !text.trimmed.isEmpty else {
      throw Problem("The answer is empty.", advice: "Say it in a sentence.", kind: .invalidInput)
    }
    try Words.check(text, as: "answer")
    let found = try await onLedger { ledger throws(LedgerError) in try ledger.inboxItem(id) }
    guard let found, found.kind == InboxKind.question.text else {
      throw Problem(
        "No question of the researchers' has the identity \(id.string).", advice: "mds inbox lists them.",
        kind: .invalidInput)
    }
    let body = EventBody(
      stamp: stamp(), caseID: (try? found.decoded(Question.self))?.caseID, payload: .answer(item: id, text: text))
    return try await onStream { ledger, stream throws(LedgerError) in
      let sequence = try ledger.answer(id, with: body, in: stream)?.seq ?? 0
      try ledger.keepAnswer("", to: id)
      return sequence
    }
  }
}
