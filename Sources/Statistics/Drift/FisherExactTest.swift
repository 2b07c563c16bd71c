internal import Glibc

/// Fisher's exact test of a 2×2 table with fixed margins (Fisher 1935; scipy `fisher_exact`, alibi-detect `FETDrift`).
public struct FisherExactTest: Hashable, Sendable {
  /// ad/(bc), the sample's odds ratio: infinite when only bc is 0, NaN when a margin is empty.
  public let oddsRatio: Double
  /// The chance of a table at most as likely as this one.
  public let pValue: Double

  /// The table [[a, b], [c, d]]; nil when a count is negative.
  public init?(_ a: Int, _ b: Int, _ c: Int, _ d: Int) {
    guard min(a, b, c, d) >= 0 else { return nil }
    let row = a + b
    let column = a + c
    let total = row + c + d
    guard row > 0, column > 0, row < total, column < total else {
      oddsRatio = .nan
      pValue = 1
      return
    }
    oddsRatio = Double(a) * Double(d) / (Double(b) * Double(c))
    let all = GammaFunction.logBinomial(Double(total), Double(column))
    func likelihood(_ x: Int) -> Double {
      let first = GammaFunction.logBinomial(Double(row), Double(x))
      return exp(first + GammaFunction.logBinomial(Double(total - row), Double(column - x)) - all)
    }
    // Tables as likely as this one must not fall out by rounding.
    let limit = likelihood(a) * (1 + 1e-7)
    var sum = 0.0
    for x in max(0, row + column - total)...min(row, column) {
      let chance = likelihood(x)
      if chance <= limit { sum += chance }
    }
    pValue = min(1, sum)
  }
}
