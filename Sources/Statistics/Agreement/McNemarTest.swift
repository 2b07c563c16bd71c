/// Whether two models differ on the same reviewed cases, from the cases that only one of them got right (McNemar 1947).
public struct McNemarTest: Hashable, Sendable {
  /// b, the cases that only the first got right.
  public let onlyFirst: Int
  /// c, the cases that only the second got right.
  public let onlySecond: Int

  /// Nil when a count is negative.
  public init?(onlyFirst: Int, onlySecond: Int) {
    guard onlyFirst >= 0, onlySecond >= 0 else { return nil }
    self.onlyFirst = onlyFirst
    self.onlySecond = onlySecond
  }

  /// The exact two-sided p-value, 2·P(X ≤ min(b, c)) for X ~ Binomial(b + c, ½), at most 1.
  public var exactPValue: Double {
    let tail = BinomialDistribution(trials: onlyFirst + onlySecond, probability: 0.5)?
      .cumulative(min(onlyFirst, onlySecond))
    return min(1, 2 * (tail ?? 1))
  }

  /// The χ² approximation with continuity correction, (|b−c|−1)²/(b+c); 1 when both are 0.
  public var approximatePValue: Double {
    guard onlyFirst + onlySecond > 0 else { return 1 }
    let gap = Double(max(0, abs(onlyFirst - onlySecond) - 1))
    let statistic = gap * gap / Double(onlyFirst + onlySecond)
    return ChiSquaredDistribution(degreesOfFreedom: 1)?.survival(statistic) ?? 1
  }
}
