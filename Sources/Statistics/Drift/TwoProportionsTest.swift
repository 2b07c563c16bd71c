/// Whether two shares differ: z = (p₁−p₂)/√(P(1−P)(1/n₁+1/n₂)), P pooled (what Evidently asks of binary features).
public struct TwoProportionsTest: Hashable, Sendable {
  public let statistic: Double
  /// Two-sided, from the normal law.
  public let pValue: Double

  /// Nil when a total is not positive; shares that are both 0 or both 1 give z 0.
  public init?(successes: Int, of trials: Int, against otherSuccesses: Int, of otherTrials: Int) {
    guard trials > 0, otherTrials > 0 else { return nil }
    let n1 = Double(trials)
    let n2 = Double(otherTrials)
    let pooled = Double(successes + otherSuccesses) / (n1 + n2)
    let spread = (pooled * (1 - pooled) * (1 / n1 + 1 / n2)).squareRoot()
    let gap = Double(successes) / n1 - Double(otherSuccesses) / n2
    statistic = spread > 0 ? gap / spread : 0
    pValue = NormalDistribution.twoSided(statistic)
  }
}
