internal import Glibc

/// The two-sample Cramér–von Mises test, T = nm/(n+m)² Σ(F_reference − F_current)² over the pooled values
/// (Anderson 1962; scipy `cramervonmises_2samp`, alibi-detect `CVMDrift`): sensitive to many small gaps, where
/// Kolmogorov–Smirnov sees only the widest.
public struct CramerVonMisesTest: Hashable, Sendable {
  /// T.
  public let statistic: Double
  public let pValue: Double
  /// Whether the p-value counts interleavings one by one (neither sample above 20, as in scipy) or is the limit law's.
  public let isExact: Bool

  /// Nil when a sample has fewer than two values; ties share their mean rank.
  public init?(reference: SortedSample, current: SortedSample) {
    let n = reference.count
    let m = current.count
    guard n > 1, m > 1 else { return nil }
    let quadrupleU = Self.quadrupleU(reference.values, current.values)
    let k = n * m
    let total = n + m
    statistic = quadrupleU / (4 * Double(k) * Double(total)) - (4 * Double(k) - 1) / (6 * Double(total))
    isExact = max(n, m) <= 20
    pValue =
      isExact
      ? Self.exact(quadrupleU: Int(quadrupleU), n, m)
      : Self.asymptotic(statistic, Double(n), Double(m))
  }

  /// 4U, U = n Σ(rank(x_i) − i)² + m Σ(rank(y_j) − j)²; doubled mean ranks keep it whole.
  private static func quadrupleU(_ reference: [Double], _ current: [Double]) -> Double {
    var i = 0
    var j = 0
    var left = 0.0
    var right = 0.0
    while i < reference.count || j < current.count {
      let value = min(
        i < reference.count ? reference[i] : .infinity, j < current.count ? current[j] : .infinity)
      var iEnd = i
      var jEnd = j
      while iEnd < reference.count && reference[iEnd] == value { iEnd += 1 }
      while jEnd < current.count && current[jEnd] == value { jEnd += 1 }
      let doubledRank = Double(i + j + 1 + iEnd + jEnd)
      for index in i..<iEnd {
        let gap = doubledRank - 2 * Double(index + 1)
        left += gap * gap
      }
      for index in j..<jEnd {
        let gap = doubledRank - 2 * Double(index + 1)
        right += gap * gap
      }
      i = iEnd
      j = jEnd
    }
    return Double(reference.count) * left + Double(current.count) * right
  }

  /// The share of interleavings whose Σ(lcm·gap)² is as large (Xiao, Gordon & Yakovlev, J. Stat. Softw. 17(8), 2006).
  private static func exact(quadrupleU: Int, _ n: Int, _ m: Int) -> Double {
    let steps = n / LatticePaths.greatestCommonDivisor(n, m) * m
    let k = n * m
    let reached = steps * steps * (n + m) * (6 * quadrupleU - 4 * k * (4 * k - 1)) / (24 * k * k)
    // sums[j]: the ways to arrive at (i, j), as sorted pairs of Σ gap² and how many ways have it.
    var sums: [[(sum: Int, ways: Double)]] = Array(repeating: [], count: m + 1)
    for i in 0...n {
      for j in 0...m {
        let gap = i * (steps / n) - j * (steps / m)
        var merged = i == 0 && j == 0 ? [(sum: 0, ways: 1.0)] : sums[j]
        if j > 0 { merged = Self.merge(merged, sums[j - 1]) }
        sums[j] = merged.map { ($0.sum + gap * gap, $0.ways) }
      }
    }
    let all = sums[m].reduce(0) { $0 + $1.ways }
    return sums[m].reduce(0) { $1.sum >= reached ? $0 + $1.ways : $0 } / all
  }

  private static func merge(
    _ a: [(sum: Int, ways: Double)], _ b: [(sum: Int, ways: Double)]
  ) -> [(sum: Int, ways: Double)] {
    var merged: [(sum: Int, ways: Double)] = []
    merged.reserveCapacity(a.count + b.count)
    var i = 0
    var j = 0
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i].sum < b[j].sum) {
        merged.append(a[i])
        i += 1
      } else if i == a.count || b[j].sum < a[i].sum {
        merged.append(b[j])
        j += 1
      } else {
        merged.append((a[i].sum, a[i].ways + b[j].ways))
        i += 1
        j += 1
      }
    }
    return merged
  }

  /// The limit law at T brought to its mean 1/6 and variance 1/45 (Anderson 1962, eqs. 11, 14, 15).
  private static func asymptotic(_ statistic: Double, _ n: Double, _ m: Double) -> Double {
    let total = n + m
    let k = n * m
    let mean = (1 + 1 / total) / 6
    let spread = 4 * k * total - 3 * (n * n + m * m) - 2 * k
    let variance = (total + 1) * spread / (45 * total * total * 4 * k)
    let normalized = 1 / 6.0 + (statistic - mean) / (45 * variance).squareRoot()
    return normalized < 0.003 ? 1 : max(0, 1 - limit(normalized))
  }

  /// Σ_k Γ(k+½)/(Γ(k+1) π^{3/2} √x) · √(4k+1) e^{−q} K_¼(q), q = (4k+1)²/(16x) (Csörgő & Faraway 1996, eq. 1.3).
  private static func limit(_ x: Double) -> Double {
    var sum = 0.0
    for index in 0..<200 {
      let k = Double(index)
      let q = (4 * k + 1) * (4 * k + 1) / (16 * x)
      let ratio = exp(GammaFunction.logarithm(k + 0.5) - GammaFunction.logarithm(k + 1))
      let term = ratio / (pow(Double.pi, 1.5) * x.squareRoot()) * (4 * k + 1).squareRoot() * dampedBessel(q)
      sum += term
      if term < 1e-16 { break }
    }
    return min(1, sum)
  }

  /// e^{−q} K_¼(q) = ∫₀^∞ e^{−q(1+cosh t)} cosh(t/4) dt (DLMF 10.32.9); the trapezoidal rule converges at once here.
  private static func dampedBessel(_ q: Double) -> Double {
    let step = 0.1
    var sum = exp(-2 * q) / 2
    for index in 1..<400 {
      let t = Double(index) * step
      let term = exp(-q * (1 + cosh(t))) * cosh(t / 4)
      sum += term
      if term < sum * 1e-18 { break }
    }
    return sum * step
  }
}
