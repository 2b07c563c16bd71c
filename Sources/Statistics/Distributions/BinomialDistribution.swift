/// The number of successes in n independent trials of probability p.
public struct BinomialDistribution: Hashable, Sendable {
  /// n ≥ 0.
  public let trials: Int
  /// p in 0...1.
  public let probability: Double

  /// Nil when n is negative or p lies outside 0...1.
  public init?(trials: Int, probability: Double) {
    guard trials >= 0, probability >= 0, probability <= 1 else { return nil }
    self.trials = trials
    self.probability = probability
  }

  /// P(X ≤ k) = I_{1−p}(n − k, k + 1) (DLMF 8.17.5).
  public func cumulative(_ successes: Int) -> Double {
    if successes < 0 { return 0 }
    if successes >= trials { return 1 }
    let remaining = Double(trials - successes)
    return BetaDistribution.regularizedIncomplete(remaining, Double(successes) + 1, 1 - probability)
  }

  /// P(X ≥ k) = I_p(k, n − k + 1).
  public func atLeast(_ successes: Int) -> Double {
    if successes <= 0 { return 1 }
    if successes > trials { return 0 }
    return BetaDistribution.regularizedIncomplete(Double(successes), Double(trials - successes) + 1, probability)
  }
}
