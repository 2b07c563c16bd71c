public import Domain
public import Statistics

/// What judgements say of a model together, by the definitions of the field; every number with its n.
public struct FeedbackReport: Hashable, Sendable {
  public var query: FeedbackQuery
  /// Under this n no share, rate or coefficient is to be shown.
  public var smallest: Int
  /// Cases with at least one judgement, and each analyst's last words on them.
  public var cases = 0
  public var judgements = 0
  /// Last words by verdict.
  public var verdicts: [Verdict: Int] = [:]
  /// When the first and the newest of these was said.
  public var first: Timestamp?
  public var last: Timestamp?
  /// Cases by model and version, also of models that were not asked for.
  public var models: [ModelID: Int] = [:]
  public var analysts: [Work] = []
  public var gaps = Gaps()

  /// Cases whose truth is the model's answer, of those with a truth: what was decided, else the analysts' majority.
  public var accuracy: Proportion?
  /// Those of them whose truth is a decision.
  public var adjudicated = 0
  /// The same by the answers alone that were given before the model's was on screen: nothing led them.
  public var blindAccuracy: Proportion?
  /// Last words of analysts who had answered before they saw the model's answer, of all.
  public var blind: Proportion?
  /// What accuracy all cases have, from those that were drawn with a known probability.
  public var weightedAccuracy: HajekEstimate?
  /// Rows are the truth, columns the model.
  public var confusion = ConfusionMatrix<RawText>()
  /// The probability of the model's answer against whether it is true.
  public var calibration = ReliabilityDiagram()
  public var agreement = AnalystAgreement()
  /// How analysts took the model's advice, where they answered before and after it.
  public var reliance = Reliance()
  /// By how much their own confidence rose from the first answer to the last, in steps of five, and of how many.
  public var confidenceShift: (mean: Double, count: Int)? {
    shifted > 0 ? (Double(shift) / Double(shifted), shifted) : nil
  }
  public var times = DecisionTimes()
  /// Why analysts gave another answer than the model's.
  public var reasons: [RawText: Int] = [:]
  /// Right and decided cases of each day that has any, oldest first; a day is UTC and begins a case's newest word.
  public var days: [Day] = []
  public var slices: [SliceKind: [FeedbackSlice]] = [:]
  /// Versions of a model on the records that both answered, those with the most records first.
  public var comparisons: [AnswerComparison] = []
  /// Where the values of inputs are cut; nil where they were not asked for.
  public internal(set) var inputSlices: InputSlices?

  var shift = 0
  var shifted = 0

  /// A day's cases.
  public struct Day: Hashable, Sendable {
    public var start: Timestamp
    public var right: Proportion

    public init(start: Timestamp, right: Proportion) {
      self.start = start
      self.right = right
    }
  }

  /// What one analyst did.
  public struct Work: Hashable, Sendable {
    public var name: RawText
    /// Cases judged.
    public var count: Int
    public var times: DecisionTimes

    public init(name: RawText, count: Int, times: DecisionTimes = DecisionTimes()) {
      self.name = name
      self.count = count
      self.times = times
    }
  }

  /// What is not in the numbers, and why.
  public struct Gaps: Hashable, Sendable {
    /// Judgements whose text was redacted: whatever they said.
    public var withoutBody = 0
    /// Judgements of cases that nobody kept a view of: not even the model is known.
    public var withoutView = 0
    /// Cases without a truth: analysts differ without a majority.
    public var ties = 0
    /// Cases that everybody left open, as unsure or skipped, and those of which it is known only that an answer which the
    /// model gives no more is wrong.
    public var open = 0
    /// Cases to which the model gave no answer that a signature explains.
    public var withoutAnswer = 0
    /// Wrong answers whose right label nobody named: they count in the accuracy, not in the confusion.
    public var unnamed = 0
    /// Cases whose answer is a number: they count in the accuracy, not in confusion and agreement.
    public var numbers = 0
    /// Cases with a truth whose answer came without a probability.
    public var withoutProbability = 0
    /// Cases with a truth that came from no queue: no chance is known with which they were drawn.
    public var notDrawn = 0
    /// Last words beside which the analyst said something else on another device; the newest counts.
    public var alternatives = 0

    public init() {}
  }

  public init(query: FeedbackQuery = FeedbackQuery(), smallest: Int = FeedbackReport.smallestCount) {
    self.query = query
    self.smallest = smallest
  }

  /// Under twenty cases an interval spans a third of all shares and an order of slices is chance.
  public static let smallestCount = 20

  /// The largest distance of what was said from what was right, among the bins with enough cases: where others are far off
  /// the mean of all bins may be larger.
  public var largestGap: Double? {
    calibration.bins.filter { shows($0.count) }.compactMap { $0.gap.map(abs) }.max()
  }

  /// Whether what so many cases say is to be shown.
  public func shows(_ count: Int) -> Bool { count >= max(1, smallest) }
}
