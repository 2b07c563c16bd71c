public import Domain
internal import Statistics

/// A case with what analysts said of it, and what each of them saw.
public struct JudgedCase: Hashable, Sendable {
  public var caseID: ShortHash
  public var judgements: [Opinion]
  /// What was decided of the case, by researchers or by what is known since; nil where nothing was.
  public var decision: Stand?

  /// One analyst's judgement in force.
  public struct Opinion: Hashable, Sendable {
    public var analyst: RawText
    public var at: Timestamp
    public var body: JudgementBody
    /// What the analyst saw; nil where nobody kept it.
    public var view: JudgedView?
    /// Whether the analyst said something else on another device and has not chosen between the two.
    public var hasAlternatives: Bool

    public init(
      analyst: RawText, at: Timestamp, body: JudgementBody, view: JudgedView? = nil, hasAlternatives: Bool = false
    ) {
      self.analyst = analyst
      self.at = at
      self.body = body
      self.view = view
      self.hasAlternatives = hasAlternatives
    }

    /// What the analyst holds for true; nil where they did not say, or nobody knows what they agreed with.
    public var stand: Stand? { body.stand(on: view?.answer, opposite: view?.opposite) }

    /// Whether the model's answer was not on screen yet.
    var isBlind: Bool { body.assistance == .blind || body.stage == .initial }
  }

  public init(caseID: ShortHash, judgements: [Opinion], decision: Stand? = nil) {
    self.caseID = caseID
    self.judgements = judgements
    self.decision = decision
  }

  /// Each analyst's last word, by name: the final judgement where there is one, the newest of two.
  public var lastWords: [Opinion] { words { $0.stage == .final } }

  /// Each analyst's answer from before the model's was shown; nobody's who saw it first.
  public var blindWords: [Opinion] {
    JudgedCase(caseID: caseID, judgements: judgements.filter(\.isBlind)).words { $0.stage == .initial }
  }

  private func words(_ isPreferred: (JudgementBody) -> Bool) -> [Opinion] {
    // Almost every case has one judgement.
    if judgements.count == 1 { return judgements }
    var words: [Opinion] = []
    for opinion in judgements {
      guard let place = words.firstIndex(where: { $0.analyst == opinion.analyst }) else {
        words.append(opinion)
        continue
      }
      let (old, new) = (isPreferred(words[place].body), isPreferred(opinion.body))
      if new == old ? opinion.at > words[place].at : new { words[place] = opinion }
    }
    return words.sorted { $0.analyst < $1.analyst }
  }

  /// What the model said: as the newest of those saw it who judged.
  public var view: JudgedView? { judgements.filter { $0.view != nil }.max { $0.at < $1.at }?.view }

  /// What was decided; else what these hold for true by majority. A tie is no truth, but where the model's answer is wrong
  /// to all of them it is known that it is.
  func truth(_ words: [Opinion]) -> Stand? {
    if let decision { return decision }
    if words.count == 1 { return words[0].stand }
    let stands = words.compactMap(\.stand)
    if let winner = MajorityVote.winner(stands) { return winner }
    guard !stands.isEmpty, let answer = view?.answer, !answer.isEmpty else { return nil }
    return stands.allSatisfy { Stand.label(answer).isRight(by: $0) == false } ? .notAnswer(answer) : nil
  }
}

extension JudgementBody {
  /// What the analyst holds for true of a model's answer, also where they did not name it: the answer where they agree, and
  /// of two classes the other one where they do not. nil where they did not say, or nobody knows what they agreed with.
  public func stand(on answer: RawText?, opposite: RawText?) -> Stand? {
    switch judgement.verdict {
    case .unsure, .skip: return nil
    case .agree:
      guard let label = judgement.label ?? answer, !label.isEmpty else { return nil }
      return .label(label)
    case .disagree, nil:
      if let label = judgement.label { return .label(label) }
      if let value = judgement.value { return .label(RawText(Decimal.shortest(value))) }
      guard judgement.verdict == .disagree, let answer, !answer.isEmpty else { return nil }
      if let opposite, !opposite.isEmpty { return .label(opposite) }
      return .notAnswer(answer)
    }
  }
}

/// What somebody holds for true of a case.
public enum Stand: Hashable, Sendable {
  case label(RawText)
  /// Not this answer; what is right was not said.
  case notAnswer(RawText)

  /// Whether this is right where that is true; nil where it does not tell: "not this" says nothing of another answer.
  func isRight(by truth: Stand) -> Bool? {
    switch (self, truth) {
    case (.label(let label), .label(let right)): label == right
    case (.notAnswer(let wrong), .notAnswer(let other)): wrong == other ? true : nil
    case (.label(let label), .notAnswer(let wrong)), (.notAnswer(let wrong), .label(let label)):
      label == wrong ? false : nil
    }
  }

  /// The label, where one was named.
  public var label: RawText? {
    if case .label(let label) = self { label } else { nil }
  }
}
