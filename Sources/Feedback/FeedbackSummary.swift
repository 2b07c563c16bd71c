public import Domain
public import Statistics

/// A case with the model's answer and what analysts said of it.
public struct JudgedCase: Hashable, Sendable {
  public var caseID: ShortHash
  public var model: ModelID
  public var at: Timestamp
  /// What the model said; empty where it gave no label.
  public var answer: RawText
  /// The probability of that label.
  public var probability: Double?
  public var judgements: [Opinion]

  /// One analyst's judgement in force.
  public struct Opinion: Hashable, Sendable {
    public var analyst: RawText
    public var at: Timestamp
    public var body: JudgementBody
    /// The probability with which the case came before the analyst; nil where nobody drew it.
    public var propensity: Double?

    public init(analyst: RawText, at: Timestamp, body: JudgementBody, propensity: Double? = nil) {
      self.analyst = analyst
      self.at = at
      self.body = body
      self.propensity = propensity
    }
  }

  public init(
    caseID: ShortHash, model: ModelID, at: Timestamp, answer: RawText, probability: Double?, judgements: [Opinion]
  ) {
    self.caseID = caseID
    self.model = model
    self.at = at
    self.answer = answer
    self.probability = probability
    self.judgements = judgements
  }

  /// What an analyst holds for true: the label named, the model's where they agree; nil where they did not say.
  public func label(_ body: JudgementBody) -> RawText? {
    switch body.judgement.verdict {
    case .agree: answer.isEmpty ? nil : answer
    case .disagree, nil: body.judgement.label
    case .unsure, .skip: nil
    }
  }

  /// Each analyst's last word: the final judgement where there is one.
  var lastWords: [Opinion] {
    Dictionary(grouping: judgements, by: \.analyst).sorted { $0.key < $1.key }.compactMap { _, opinions in
      opinions.first { $0.body.stage == .final } ?? opinions.first
    }
  }

  /// What the analysts hold for true by majority; a tie is no truth.
  public var truth: RawText? { MajorityVote.winner(lastWords.compactMap { label($0.body) }) }
}

/// What the judgements of some cases say together, by the definitions of the field.
public struct FeedbackSummary: Hashable, Sendable {
  /// Cases with at least one judgement.
  public var cases = 0
  /// Last words by verdict.
  public var verdicts: [Verdict: Int] = [:]
  /// Cases whose majority is the model's answer, of those with a majority.
  public var accuracy: Proportion?
  /// Rows are the analysts' majority, columns the model.
  public var confusion = ConfusionMatrix<RawText>()
  /// Agreement among analysts over the labels.
  public var alpha: KrippendorffAlpha?
  public var gwet: GwetAC1?
  /// What accuracy all cases have, from those that were drawn with a known probability.
  public var weightedAccuracy: HajekEstimate?
  /// How analysts took the model's advice, where they answered before and after it.
  public var reliance = Reliance()

  public init(_ cases: [JudgedCase]) {
    let judged = cases.filter { !$0.judgements.isEmpty }
    self.cases = judged.count
    var right = 0
    var decided = 0
    var drawn: [HajekEstimate.Observation] = []
    for item in judged {
      for opinion in item.lastWords {
        if let verdict = opinion.body.judgement.verdict { verdicts[verdict, default: 0] += 1 }
      }
      addReliance(of: item)
      guard let truth = item.truth, !item.answer.isEmpty else { continue }
      decided += 1
      if truth == item.answer { right += 1 }
      confusion.add(truth: truth, model: item.answer)
      if let chance = item.lastWords.compactMap(\.propensity).first {
        drawn.append(.init(isCorrect: truth == item.answer, probability: chance))
      }
    }
    accuracy = Proportion(right, of: decided)
    let units = judged.map { item in item.lastWords.compactMap { item.label($0.body) } }
    alpha = KrippendorffAlpha(nominal: units)
    gwet = GwetAC1(units)
    weightedAccuracy = HajekEstimate(drawn)
  }

  private mutating func addReliance(of item: JudgedCase) {
    for (_, opinions) in Dictionary(grouping: item.judgements, by: \.analyst) {
      guard let first = opinions.first(where: { $0.body.stage == .initial }).flatMap({ item.label($0.body) }),
        let last = opinions.first(where: { $0.body.stage == .final }).flatMap({ item.label($0.body) })
      else { continue }
      // The analyst's own last word is no truth for judging that analyst: only others' majority is.
      let others = item.lastWords.filter { opinion in opinion.analyst != opinions.first?.analyst }
      let truth = MajorityVote.winner(others.compactMap { item.label($0.body) })
      reliance.add(Reliance.Observation(initial: first, model: item.answer, final: last, truth: truth))
    }
  }
}

/// How fast an analyst judges.
public struct ReviewPace: Hashable, Sendable {
  /// Judgements since the day began, by verdict.
  public var today: [Verdict: Int] = [:]
  /// Judgements an hour over the hours of today with any.
  public var perHour: Double?
  /// Median active seconds a judgement.
  public var medianSeconds: Double?
  /// Active seconds of the newest judgements, oldest first.
  public var recent: [Double] = []

  /// From an analyst's judgements in force in any order; days are UTC.
  public init(_ judgements: [JudgedCase.Opinion], now: Timestamp, recentCount: Int = 30) {
    let day = now.aligned(toSeconds: 86_400)
    let ordered = judgements.sorted { $0.at < $1.at }
    let today = ordered.filter { $0.at >= day && $0.at <= now }
    for opinion in today {
      if let verdict = opinion.body.judgement.verdict { self.today[verdict, default: 0] += 1 }
    }
    let hours = Set(today.map { $0.at.aligned(toSeconds: 3600) })
    if !hours.isEmpty { perHour = Double(today.count) / Double(hours.count) }
    let seconds = ordered.compactMap { $0.body.timing.activeMilliseconds.map { Double($0) / 1000 } }
    let sorted = seconds.sorted()
    if !sorted.isEmpty { medianSeconds = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2 }
    recent = Array(seconds.suffix(recentCount))
  }
}
