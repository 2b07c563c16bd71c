public import Domain
public import Statistics

/// By what cases are sorted into slices.
public enum SliceKind: String, Hashable, Sendable, CaseIterable, Codable {
  /// What the model said.
  case answer
  case version
  /// Who judged: each analyst's own answer is then what the model is held to.
  case analyst
  /// How much of the model's answer was on screen.
  case assistance
  /// How the case was picked: the sampler of its queue.
  case sampler
  /// Whether the inputs had drifted in the window on screen.
  case drift
  case outlier
  /// The week in which it was judged, by its Monday.
  case week
  /// What the record held, input by input: a case is in a slice of each. Only where the inputs were asked for.
  case input
}

/// Cases that have something in common, and how often the model was right on them.
public struct FeedbackSlice: Hashable, Sendable {
  /// What they have in common; empty where nobody told.
  public var name: RawText
  /// Cases on which analysts hold something for true.
  public var right: Proportion
  /// All the others.
  public var rest: Proportion
  /// The chance of a difference as large as this one to the rest where there is none, two-sided; nil under the least n.
  public var pValue: Double?
  /// Whether it differs when all slices are looked at together (Benjamini & Hochberg, 5 %).
  public var isDifferent = false
  /// The reason given most often for another answer than the model's.
  public var reason: RawText?

  public init(name: RawText, right: Proportion, rest: Proportion, reason: RawText? = nil) {
    self.name = name
    self.right = right
    self.rest = rest
    self.reason = reason
  }

  public var count: Int { right.trials }

  /// The share right here less the share right elsewhere.
  public var gap: Double? {
    guard let here = right.value, let elsewhere = rest.value else { return nil }
    return here - elsewhere
  }

  /// How much more often the model is wrong here than in all.
  public var lift: Double? {
    let wrong = right.trials - right.successes
    let all = right.trials + rest.trials
    let allWrong = all - right.successes - rest.successes
    guard right.trials > 0, allWrong > 0 else { return nil }
    return Double(wrong) / Double(right.trials) / (Double(allWrong) / Double(all))
  }

  /// Sorts out which slices of one kind differ from the rest; those under the least n, or with as little beside them,
  /// are not asked.
  static func compared(_ slices: [FeedbackSlice], smallest: Int) -> [FeedbackSlice] {
    var slices = slices
    for index in slices.indices where slices[index].count >= smallest && slices[index].rest.trials >= smallest {
      slices[index].pValue = test(slices[index])
    }
    let asked = slices.indices.filter { slices[$0].pValue != nil }
    let decision = Correction.benjaminiHochberg.decide(asked.map { slices[$0].pValue ?? 1 }, level: 0.05)
    for (place, index) in asked.enumerated() { slices[index].isDifferent = decision.isSignificant[place] }
    return slices
  }

  /// Exactly while the counts are small; the normal law where every cell expects five and the exact sum gets long.
  private static func test(_ slice: FeedbackSlice) -> Double? {
    let (a, n) = (slice.right.successes, slice.right.trials)
    let (c, m) = (slice.rest.successes, slice.rest.trials)
    let expected = Double(min(a + c, n + m - a - c)) * Double(min(n, m)) / Double(max(1, n + m))
    if expected >= 5, n + m > 2000 {
      return TwoProportionsTest(successes: a, of: n, against: c, of: m)?.pValue
    }
    return FisherExactTest(a, n - a, c, m - c)?.pValue
  }
}
