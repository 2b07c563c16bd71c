/// k successes in n trials, and what they allow to be said of the true share.
public struct Proportion: Hashable, Sendable {
  public let successes: Int
  public let trials: Int

  /// Nil unless 0 ≤ successes ≤ trials.
  public init?(_ successes: Int, of trials: Int) {
    guard successes >= 0, trials >= successes else { return nil }
    self.successes = successes
    self.trials = trials
  }

  /// k/n, nil for no trials: a missing share is not 0.
  public var value: Double? { trials > 0 ? Double(successes) / Double(trials) : nil }

  /// Wilson's score interval, centre (p̂ + z²/2n)/(1 + z²/n) (Wilson 1927); nil for no trials.
  public func wilson(confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard let share = value else { return nil }
    return Self.wilson(share: share, trials: Double(trials), confidence: confidence)
  }

  /// Wilson's interval for a share with an effective, perhaps fractional, number of trials, as of weighted data.
  public static func wilson(share: Double, trials n: Double, confidence: Double = 0.95) -> ClosedRange<Double>? {
    let z = NormalDistribution.twoSidedQuantile(confidence: confidence)
    guard n > 0, share >= 0, share <= 1, z.isFinite, z >= 0 else { return nil }
    let denominator = 1 + z * z / n
    let centre = (share + z * z / (2 * n)) / denominator
    let half = z / denominator * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot()
    // At the ends the exact bound is 0 or 1; rounding would leave 1e−17 beside it.
    let lower = share == 0 ? 0 : max(0, centre - half)
    let upper = share == 1 ? 1 : min(1, centre + half)
    return lower...max(lower, upper)
  }

  /// The exact interval of Clopper & Pearson (1934) from beta quantiles, never narrower than stated; nil for no trials.
  public func clopperPearson(confidence: Double = 0.95) -> ClosedRange<Double>? {
    guard trials > 0, confidence >= 0, confidence < 1 else { return nil }
    let tail = (1 - confidence) / 2
    let k = Double(successes)
    let n = Double(trials)
    let lower = BetaDistribution(alpha: k, beta: n - k + 1)?.quantile(tail) ?? 0
    let upper = BetaDistribution(alpha: k + 1, beta: n - k)?.quantile(1 - tail) ?? 1
    return lower...max(lower, upper)
  }
}
