/// The equally likely ways in which two samples of n and m without ties can interleave, each a path from (0, 0) to
/// (n, m): what the exact two-sample Kolmogorov–Smirnov test counts (Hodges 1958).
struct LatticePaths {
  private let n: Int
  private let m: Int
  /// lcm(n, m): distances are whole multiples of 1/steps.
  let steps: Int

  /// Both positive.
  init(_ n: Int, _ m: Int) {
    self.n = max(n, m)
    self.m = min(n, m)
    steps = n / Self.greatestCommonDivisor(n, m) * m
  }

  /// The share of paths that get as far as `distance`/steps from the diagonal: P(D ≥ distance/steps).
  func shareReaching(_ distance: Int) -> Double {
    if distance <= 0 { return 1 }
    if distance > steps { return 0 }
    return n == m ? shareInSquare(distance) : shareInRectangle(distance)
  }

  /// 2·(C(2n, n−h) − C(2n, n−2h) + …)/C(2n, n), nested so that nothing cancels (Gnedenko & Korolyuk 1951).
  private func shareInSquare(_ distance: Int) -> Double {
    var sum = 0.0
    for k in stride(from: n / distance, through: 0, by: -1) {
      var ratio = 1.0
      for j in 0..<distance {
        ratio *= Double(n - k * distance - j) / Double(n + k * distance + j + 1)
      }
      sum = ratio * (1 - sum)
    }
    return min(1, max(0, 2 * sum))
  }

  /// q(i, j) = 1 on cells as far out as that, else i/(i+j)·q(i−1, j) + j/(i+j)·q(i, j−1): the chance that a path which
  /// passes (i, j) has been out there, built of sums of positive terms only. O(n·m·D) cells.
  private func shareInRectangle(_ distance: Int) -> Double {
    let rise = steps / n
    let run = steps / m
    // row[j] is q(i, j); cells outside the band keep 1.
    var row = Array(repeating: 1.0, count: m + 1)
    for i in 0...n {
      // The band of row i: |i·rise − j·run| < distance.
      let centre = i * rise
      let low = max(0, (centre - distance) / run - 1)
      let high = min(m, (centre + distance) / run + 1)
      for j in low...max(low, high) where j <= m {
        if abs(centre - j * run) >= distance {
          row[j] = 1
        } else if i == 0 || j == 0 {
          row[j] = 0
        } else {
          let total = Double(i + j)
          row[j] = (Double(i) * row[j] + Double(j) * row[j - 1]) / total
        }
      }
    }
    return row[m]
  }

  static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}
