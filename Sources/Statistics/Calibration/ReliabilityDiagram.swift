/// Stated confidence against observed correctness, bin by bin, with the calibration errors that sum it up.
public struct ReliabilityDiagram: Hashable, Sendable {
  /// One bin (lower, upper]; the first also holds 0.
  public struct Bin: Hashable, Sendable {
    public let lower: Double
    public let upper: Double
    public internal(set) var count = 0
    public internal(set) var correct = 0
    var confidenceSum = 0.0

    /// The mean stated confidence, nil when empty.
    public var confidence: Double? { count > 0 ? confidenceSum / Double(count) : nil }
    /// The share that was correct, nil when empty.
    public var accuracy: Double? { count > 0 ? Double(correct) / Double(count) : nil }
    /// accuracy − confidence: below 0 the model claims too much.
    public var gap: Double? { count > 0 ? (Double(correct) - confidenceSum) / Double(count) : nil }
    /// For the interval of the accuracy.
    public var proportion: Proportion? { Proportion(correct, of: count) }
  }

  public private(set) var bins: [Bin]
  /// Answers counted: confidence within 0...1.
  public private(set) var count = 0
  private var squares = 0.0

  /// Σ over answers of (confidence − correct)²/n: the Brier score of the confidence; nil when empty.
  public var brier: Double? { count > 0 ? squares / Double(count) : nil }

  /// Bins of equal width, (0, 1/M], (1/M, 2/M] …, for answers to come.
  public init(bins count: Int = 5) {
    let size = max(1, count)
    bins = (0..<size).map { Bin(lower: Double($0) / Double(size), upper: Double($0 + 1) / Double(size)) }
  }

  /// Bins of equal width, (0, 1/M], (1/M, 2/M] …; confidences outside 0...1 are left out.
  public init(confidences: [Double], correct: [Bool], bins count: Int = 5) {
    self.init(bins: count)
    for (confidence, isCorrect) in zip(confidences, correct) { add(confidence: confidence, isCorrect: isCorrect) }
  }

  /// Counts an answer; one whose confidence is outside 0...1 is left out.
  public mutating func add(confidence: Double, isCorrect: Bool) {
    guard confidence >= 0, confidence <= 1, let last = bins.indices.last else { return }
    let index = bins.firstIndex { confidence <= $0.upper } ?? last
    bins[index].count += 1
    bins[index].confidenceSum += confidence
    if isCorrect { bins[index].correct += 1 }
    let gap = confidence - (isCorrect ? 1 : 0)
    squares += gap * gap
    count += 1
  }

  /// Bins of equal counts, as evenly as they go, the first ones larger; ties stay in the order given.
  public init(equalMass confidences: [Double], correct: [Bool], bins count: Int = 5) {
    let pairs = zip(confidences, correct).filter { $0.0 >= 0 && $0.0 <= 1 }
    let order = pairs.indices.sorted { (pairs[$0].0, $0) < (pairs[$1].0, $1) }
    let size = max(1, count)
    var bins: [Bin] = []
    var start = 0
    for index in 0..<size {
      let length = order.count / size + (index < order.count % size ? 1 : 0)
      let members = order[start..<start + length].map { pairs[$0] }
      start += length
      guard let first = members.first, let last = members.last else { continue }
      var bin = Bin(lower: first.0, upper: last.0)
      bin.count = members.count
      bin.correct = members.count { $0.1 }
      bin.confidenceSum = members.reduce(0) { $0 + $1.0 }
      bins.append(bin)
    }
    self.bins = bins
    self.count = pairs.count
    squares = pairs.reduce(0) { $0 + ($1.0 - ($1.1 ? 1 : 0)) * ($1.0 - ($1.1 ? 1 : 0)) }
  }

  /// ECE = Σ (n_b/N)·|acc_b − conf_b| (Naeini et al. 2015; Guo et al. 2017, arXiv 1706.04599); nil when empty.
  ///
  /// It depends on the bins and means little for few answers: state both.
  public var expectedError: Double? {
    guard count > 0 else { return nil }
    return bins.reduce(0) { $0 + Double($1.count) / Double(count) * abs($1.gap ?? 0) }
  }

  /// MCE, the largest |acc_b − conf_b|; nil when empty.
  public var maximumError: Double? { bins.compactMap { $0.gap.map(abs) }.max() }

  /// mean accuracy − mean confidence over all answers: below 0 the model claims too much; nil when empty.
  public var bias: Double? {
    guard count > 0 else { return nil }
    return bins.reduce(0) { $0 + Double($1.correct) - $1.confidenceSum } / Double(count)
  }
}
