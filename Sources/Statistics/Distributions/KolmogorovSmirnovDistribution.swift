internal import Glibc

/// The two-sided Kolmogorov–Smirnov distance of one sample of n from the law it was drawn from (scipy's `kstwo`).
///
/// Which formula answers where follows Simard & L'Ecuyer, "Computing the two-sided Kolmogorov–Smirnov distribution",
/// J. Stat. Softw. 39(11), 2011.
public struct KolmogorovSmirnovDistribution: Hashable, Sendable {
  /// n ≥ 1.
  public let count: Int

  /// Nil when n is not positive.
  public init?(count: Int) {
    guard count > 0 else { return nil }
    self.count = count
  }

  /// P(Dₙ > x).
  public func survival(_ x: Double) -> Double {
    if x.isNaN { return .nan }
    if x >= 1 { return 0 }
    let n = Double(count)
    let scaled = n * x
    if scaled <= 0.5 { return 1 }
    if scaled <= 1 { return 1 - leastCumulative(2 * scaled - 1) }
    if scaled >= n - 1 { return 2 * pow(1 - x, n) }
    let square = scaled * x
    // In long samples the expansion is closer than the tail's limit until it has no digits left to subtract from 1.
    if count > 100_000, square < 8 { return clipped(1 - expandedCumulative(x)) }
    if x >= 0.5 || square >= (count <= 140 ? 4 : 2.2) {
      return square >= 370 ? 0 : clipped(2 * oneSidedSurvival(x))
    }
    if count <= 140 || (count <= 100_000 && n * pow(x, 1.5) <= 1.4) {
      return clipped(1 - matrixCumulative(x))
    }
    return clipped(1 - expandedCumulative(x))
  }

  /// The x with P(Dₙ > x) = p, for 0 < p < 1; nil outside.
  public func critical(atPValue p: Double) -> Double? {
    guard p > 0, p < 1 else { return nil }
    // The limit distribution is within a few per cent: a narrow bracket saves most of the work.
    let near = KolmogorovDistribution.critical(atPValue: p) / Double(count).squareRoot()
    var lower = max(0, near * 0.9)
    var upper = min(1, near * 1.05)
    if survival(lower) < p { lower = 0 }
    if survival(upper) > p { upper = 1 }
    for _ in 0..<60 where upper - lower > 1e-13 {
      let middle = (lower + upper) / 2
      if survival(middle) < p { upper = middle } else { lower = middle }
    }
    return (lower + upper) / 2
  }

  private func clipped(_ probability: Double) -> Double { min(1, max(0, probability)) }

  /// P(Dₙ ≤ x) = n!(2x − 1/n)ⁿ, for 1/2n ≤ x ≤ 1/n (Ruben & Gambino 1982); `width` is 2nx − 1.
  private func leastCumulative(_ width: Double) -> Double {
    let n = Double(count)
    return exp(GammaFunction.logarithm(n + 1) + n * log(width / n))
  }

  /// P(Dₙ⁺ > x) = x Σ_j C(n, j)(x + j/n)^{j−1}(1 − x − j/n)^{n−j} (Smirnov 1944; Birnbaum & Tingey 1951).
  private func oneSidedSurvival(_ x: Double) -> Double {
    let n = Double(count)
    if count > 100_000 {
      // The sum is long here and its limit good to four digits: e^{−(6nx+1)²/(18n)} (Maag & Dicaire 1971).
      let distance = 6 * n * x + 1
      return exp(-distance * distance / (18 * n))
    }
    let logFactorial = GammaFunction.logarithm(n + 1)
    var sum = 0.0
    for index in 0...Int(n * (1 - x)) {
      let j = Double(index)
      let rest = 1 - x - j / n
      if rest <= 0 { continue }
      let logBinomial = logFactorial - GammaFunction.logarithm(j + 1) - GammaFunction.logarithm(n - j + 1)
      sum += exp(logBinomial + (j - 1) * log(x + j / n) + (n - j) * log(rest))
    }
    return x * sum
  }

  /// P(Dₙ ≤ x) as (n!/nⁿ)·(Hⁿ)_{kk} (Durbin 1968; Marsaglia, Tsang & Wang 2003).
  private func matrixCumulative(_ x: Double) -> Double {
    let scaled = Double(count) * x
    let k = Int(scaled.rounded(.up))
    let matrix = DurbinMatrix(order: 2 * k - 1, remainder: Double(k) - scaled)
    return matrix.scaledPower(count, diagonal: k - 1)
  }
}
