internal import Glibc

/// How far one discrete distribution lies from another; both are shares over the same bins and each sums to 1.
///
/// 0·ln 0 is 0. Arguments of different lengths answer NaN.
public enum Divergence {
  /// Σ(p−q)·ln(p/q), the population stability index (Jeffreys' divergence). Infinite when only one side is 0.
  public static func populationStability(_ p: [Double], _ q: [Double]) -> Double {
    total(p, q) { p, q in p == q ? 0 : (p - q) * log(p / q) }
  }

  /// Σp·ln(p/q) in nats (Kullback & Leibler 1951). Infinite where q is 0 and p is not.
  public static func kullbackLeibler(_ p: [Double], _ q: [Double]) -> Double {
    total(p, q) { p, q in p == 0 ? 0 : p * log(p / q) }
  }

  /// √(½KL(p‖m) + ½KL(q‖m)), m = (p+q)/2 (Endres & Schindelin 2003; scipy `jensenshannon`).
  ///
  /// With `base2` in 0...1 (NannyML), else in nats, 0...√ln 2 (scipy, Evidently): always say which.
  public static func jensenShannonDistance(_ p: [Double], _ q: [Double], base2: Bool = false) -> Double {
    let nats = total(p, q) { p, q in
      let m = (p + q) / 2
      return ((p == 0 ? 0 : p * log(p / m)) + (q == 0 ? 0 : q * log(q / m))) / 2
    }
    // Equal arguments can sum to −1e−17.
    return (max(0, nats) / (base2 ? log(2) : 1)).squareRoot()
  }

  /// √(1 − Σ√(pq)), in 0...1 (Hellinger 1909).
  public static func hellinger(_ p: [Double], _ q: [Double]) -> Double {
    max(0, 1 - total(p, q) { ($0 * $1).squareRoot() }).squareRoot()
  }

  /// ½Σ|p−q|, in 0...1.
  public static func totalVariation(_ p: [Double], _ q: [Double]) -> Double {
    total(p, q) { abs($0 - $1) } / 2
  }

  /// max|p−q|, in 0...1 (NannyML's L-infinity).
  public static func largestGap(_ p: [Double], _ q: [Double]) -> Double {
    guard p.count == q.count else { return .nan }
    return zip(p, q).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// Shares with each 0 replaced, so that ratios stay finite; the rest keep their values, so that the sum exceeds 1.
  ///
  /// The substitute is Evidently's: 0.0001, or the least share/10⁶ when that is at most 0.0001.
  public static func withoutZeros(_ shares: [Double]) -> [Double] {
    guard let least = shares.filter({ $0 > 0 }).min() else { return shares }
    let substitute = least <= 0.0001 ? least / 1_000_000 : 0.0001
    return shares.map { $0 == 0 ? substitute : $0 }
  }

  /// Counts as shares of their sum; zeros when that is 0.
  public static func shares(_ counts: [Int]) -> [Double] {
    let total = Double(max(1, counts.reduce(0, +)))
    return counts.map { Double($0) / total }
  }

  /// The PSI that two samples of n and m from one law exceed with probability p: χ²_{B−1}(p)·(1/n + 1/m)
  /// (Yurdakul 2018); the folklore 0.1 and 0.25 ignore n and bins. Nil for fewer than two bins or empty samples.
  public static func populationStabilityThreshold(
    atPValue p: Double, bins: Int, referenceCount n: Int, currentCount m: Int
  ) -> Double? {
    guard n > 0, m > 0 else { return nil }
    let critical = ChiSquaredDistribution(degreesOfFreedom: Double(bins - 1))?.critical(atPValue: p)
    return critical.map { $0 * (1 / Double(n) + 1 / Double(m)) }
  }

  private static func total(_ p: [Double], _ q: [Double], _ term: (Double, Double) -> Double) -> Double {
    guard p.count == q.count else { return .nan }
    var sum = 0.0
    for (p, q) in zip(p, q) { sum += term(p, q) }
    return sum
  }
}
