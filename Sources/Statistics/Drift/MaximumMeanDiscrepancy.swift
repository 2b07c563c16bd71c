internal import Glibc

/// MMD², how far whole rows of two samples lie apart under the kernel e^{−‖x−y‖²/2σ²} (Gretton et al. 2012;
/// alibi-detect `MMDDrift`): the only one here that sees drift in how features go together.
public struct MaximumMeanDiscrepancy: Hashable, Sendable {
  /// The unbiased estimate; it may be negative.
  public let squared: Double
  /// σ of the kernel.
  public let bandwidth: Double
  private let kernel: [Double]
  private let referenceCount: Int
  private let count: Int

  /// Rows of equal length. Without a bandwidth, alibi-detect's median heuristic over the reference decides.
  ///
  /// Needs memory for (n+m)² numbers. Nil when a side has fewer than two rows, rows are ragged, or σ would be 0.
  public init?(reference: [[Double]], current: [[Double]], bandwidth: Double? = nil) {
    let rows = reference + current
    guard reference.count > 1, current.count > 1, let width = rows.first?.count else { return nil }
    guard rows.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else { return nil }
    guard let sigma = bandwidth ?? Self.medianBandwidth(reference), sigma > 0, sigma.isFinite else { return nil }
    count = rows.count
    referenceCount = reference.count
    self.bandwidth = sigma
    var kernel = Array(repeating: 1.0, count: rows.count * rows.count)
    for i in rows.indices {
      for j in 0..<i {
        let value = exp(-Self.squaredDistance(rows[i], rows[j]) / (2 * sigma * sigma))
        kernel[i * rows.count + j] = value
        kernel[j * rows.count + i] = value
      }
    }
    self.kernel = kernel
    squared = Self.estimate(kernel, order: Array(rows.indices), referenceCount: reference.count)
  }

  /// The share of random regroupings of all rows whose MMD² is as large; nil without permutations.
  public func pValue(permutations: Int, using generator: inout some RandomNumberGenerator) -> Double? {
    guard permutations > 0 else { return nil }
    var order = Array(0..<count)
    var reached = 0
    for _ in 0..<permutations {
      order.shuffle(using: &generator)
      if Self.estimate(kernel, order: order, referenceCount: referenceCount) >= squared { reached += 1 }
    }
    return Double(reached) / Double(permutations)
  }

  /// √(½·median of the squared distances between different rows), the lower of two middle ones.
  public static func medianBandwidth(_ rows: [[Double]]) -> Double? {
    var distances: [Double] = []
    for i in rows.indices {
      for j in 0..<i { distances.append(squaredDistance(rows[i], rows[j])) }
    }
    guard !distances.isEmpty else { return nil }
    distances.sort()
    return (distances[(distances.count - 1) / 2] / 2).squareRoot()
  }

  /// ΣK_xx/(n(n−1)) + ΣK_yy/(m(m−1)) − 2·mean K_xy, each without its diagonal.
  private static func estimate(_ kernel: [Double], order: [Int], referenceCount n: Int) -> Double {
    let count = order.count
    var within = 0.0
    var withinCurrent = 0.0
    var between = 0.0
    for i in 0..<count {
      for j in 0..<i {
        let value = kernel[order[i] * count + order[j]]
        if i < n {
          within += value
        } else if j >= n {
          withinCurrent += value
        } else {
          between += value
        }
      }
    }
    let first = Double(n)
    let second = Double(count - n)
    return 2 * within / (first * (first - 1)) + 2 * withinCurrent / (second * (second - 1))
      - 2 * between / (first * second)
  }

  private static func squaredDistance(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  }
}
