/// The χ² distribution with k degrees of freedom (DLMF 8.2, Abramowitz & Stegun 26.4).
public struct ChiSquaredDistribution: Hashable, Sendable {
  /// k > 0.
  public let degreesOfFreedom: Double

  /// Nil unless k is positive and finite.
  public init?(degreesOfFreedom: Double) {
    guard degreesOfFreedom > 0, degreesOfFreedom.isFinite else { return nil }
    self.degreesOfFreedom = degreesOfFreedom
  }

  /// P(X ≤ x) = P(k/2, x/2), the regularized lower incomplete gamma function.
  public func cumulative(_ x: Double) -> Double {
    GammaFunction.regularizedLower(degreesOfFreedom / 2, x / 2)
  }

  /// P(X > x) = Q(k/2, x/2): the p-value of a χ² statistic.
  public func survival(_ x: Double) -> Double {
    GammaFunction.regularizedUpper(degreesOfFreedom / 2, x / 2)
  }

  /// The x with P(X > x) = p: the critical value of a test at level p, 0 < p ≤ 1. Nil outside.
  public func critical(atPValue p: Double) -> Double? {
    guard p > 0, p <= 1 else { return nil }
    if p == 1 { return 0 }
    var upper = degreesOfFreedom + 10
    while survival(upper) > p { upper *= 2 }
    return RootSearch.bisect(from: 0, to: upper) { survival($0) < p }
  }
}
