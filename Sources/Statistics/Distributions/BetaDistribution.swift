internal import Glibc

/// The beta distribution, whose tail also gives binomial tails and the Clopper–Pearson interval (DLMF 8.17).
public struct BetaDistribution: Hashable, Sendable {
  /// α > 0.
  public let alpha: Double
  /// β > 0.
  public let beta: Double

  /// Nil unless both are positive and finite.
  public init?(alpha: Double, beta: Double) {
    guard alpha > 0, beta > 0, alpha.isFinite, beta.isFinite else { return nil }
    self.alpha = alpha
    self.beta = beta
  }

  /// α/(α+β).
  public var mean: Double { alpha / (alpha + beta) }

  /// αβ/((α+β)²(α+β+1)).
  public var variance: Double {
    let sum = alpha + beta
    return alpha * beta / (sum * sum * (sum + 1))
  }

  /// I_x(α, β), the regularized incomplete beta function.
  public func cumulative(_ x: Double) -> Double {
    Self.regularizedIncomplete(alpha, beta, x)
  }

  /// The x in 0...1 with I_x(α, β) = p; nil when p lies outside 0...1.
  public func quantile(_ p: Double) -> Double? {
    guard p >= 0, p <= 1 else { return nil }
    if p == 0 { return 0 }
    if p == 1 { return 1 }
    return RootSearch.bisect(from: 0, to: 1) { cumulative($0) >= p }
  }

  /// I_x(a, b) = x^a (1−x)^b / (a B(a, b)) · continued fraction (DLMF 8.17.22), with I_x(a, b) = 1 − I_{1−x}(b, a).
  static func regularizedIncomplete(_ a: Double, _ b: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x >= 1 { return 1 }
    let logBeta = GammaFunction.logarithm(a) + GammaFunction.logarithm(b) - GammaFunction.logarithm(a + b)
    let front = exp(a * log(x) + b * log1p(-x) - logBeta)
    if x < (a + 1) / (a + b + 2) { return front * continuedFraction(a, b, x) / a }
    return 1 - front * continuedFraction(b, a, 1 - x) / b
  }

  private static func continuedFraction(_ a: Double, _ b: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func bounded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / bounded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1..<10_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / bounded(1 + even * d)
      c = bounded(1 + even / c)
      fraction *= c * d
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / bounded(1 + odd * d)
      c = bounded(1 + odd / c)
      fraction *= c * d
      if abs(c * d - 1) < 1e-16 { break }
    }
    return fraction
  }
}
