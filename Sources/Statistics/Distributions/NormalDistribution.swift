internal import Glibc

/// The standard normal distribution.
public enum NormalDistribution {
  /// Φ(z) = ½ erfc(−z/√2).
  public static func cumulative(_ z: Double) -> Double {
    0.5 * erfc(-z / 2.0.squareRoot())
  }

  /// 1 − Φ(z), accurate in the upper tail.
  public static func survival(_ z: Double) -> Double {
    0.5 * erfc(z / 2.0.squareRoot())
  }

  /// P(|Z| ≥ |z|): the p-value of a two-sided z test.
  public static func twoSided(_ z: Double) -> Double {
    erfc(abs(z) / 2.0.squareRoot())
  }

  /// Φ⁻¹(p): −∞ at 0, +∞ at 1, NaN outside.
  public static func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    if p == 0 { return -.infinity }
    if p == 1 { return .infinity }
    if p > 0.5 { return -quantile(1 - p) }
    return RootSearch.bisect(from: -40, to: 0) { cumulative($0) >= p }
  }

  /// The z with P(|Z| ≤ z) = `confidence`, as 1.96 for 0.95; NaN outside 0...1.
  public static func twoSidedQuantile(confidence: Double) -> Double {
    guard confidence >= 0, confidence <= 1 else { return .nan }
    return -quantile((1 - confidence) / 2)
  }
}
