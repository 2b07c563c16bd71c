internal import Glibc

/// Ascending edges of adjacent bins: [e₀, e₁), [e₁, e₂) … [eₖ₋₁, eₖ], the last one closed, as numpy bins.
public struct BinEdges: Hashable, Sendable {
  /// At least two, strictly ascending, without NaN; the outer ones may be infinite.
  public let values: [Double]

  /// Nil unless there are two or more values in strictly ascending order.
  public init?(_ values: [Double]) {
    guard values.count >= 2 else { return nil }
    for index in 1..<values.count where !(values[index - 1] < values[index]) { return nil }
    self.values = values
  }

  /// How many bins there are.
  public var count: Int { values.count - 1 }

  /// The bin that holds a value, nil outside the edges and for NaN.
  public func bin(of value: Double) -> Int? {
    guard let first = values.first, let last = values.last, value >= first, value <= last else { return nil }
    if value == last { return count - 1 }
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if values[middle] > value { high = middle } else { low = middle + 1 }
    }
    return low - 1
  }

  /// `count` bins of equal width over lower...upper; a range of one point is widened by ½ on each side, as numpy does.
  public static func equalWidth(count: Int, from lower: Double, through upper: Double) -> BinEdges? {
    guard count > 0, lower <= upper, lower.isFinite, upper.isFinite else { return nil }
    let from = lower == upper ? lower - 0.5 : lower
    let through = lower == upper ? upper + 0.5 : upper
    let width = (through - from) / Double(count)
    return BinEdges((0..<count).map { from + Double($0) * width } + [through])
  }

  /// Equal bins by Sturges' rule, ⌈log₂ n + 1⌉ of them (Sturges 1926; numpy `bins='sturges'`).
  public static func sturges(_ sample: SortedSample) -> BinEdges? {
    equalWidth(over: sample, bins: log2(Double(sample.count)) + 1)
  }

  /// Equal bins by Doane's rule, ⌈1 + log₂ n + log₂(1 + |g₁|/σ_g₁)⌉ (Doane 1976; numpy `bins='doane'`).
  public static func doane(_ sample: SortedSample) -> BinEdges? {
    let n = Double(sample.count)
    guard n > 2, let skewness = Moments(sample.values).skewness else { return equalWidth(over: sample, bins: 1) }
    let deviation = (6 * (n - 2) / ((n + 1) * (n + 3))).squareRoot()
    return equalWidth(over: sample, bins: 1 + log2(n) + log2(1 + abs(skewness) / deviation))
  }

  /// The sample's quantiles at 0, 1/k … 1, equal ones merged; with `open` the outer edges are ∓∞, so that later
  /// values never fall outside. Nil when the sample is empty or has a single value and the edges are not open.
  public static func quantiles(_ sample: SortedSample, count: Int, open: Bool = true) -> BinEdges? {
    guard count > 0, sample.count > 0 else { return nil }
    var edges: [Double] = []
    for index in 0...count {
      guard let edge = sample.quantile(Double(index) / Double(count)) else { continue }
      if edges.last.map({ $0 < edge }) ?? true { edges.append(edge) }
    }
    guard open else { return BinEdges(edges) }
    let inner = edges.dropFirst().dropLast()
    return BinEdges([-.infinity] + inner.filter(\.isFinite) + [.infinity])
  }

  private static func equalWidth(over sample: SortedSample, bins: Double) -> BinEdges? {
    guard let first = sample.values.first, let last = sample.values.last, first.isFinite, last.isFinite
    else { return nil }
    // numpy divides the range by a width; the same detour keeps the same rounding.
    let width = (last - first) / bins
    guard width.isFinite else { return nil }
    let count = width > 0 ? Int(((last - first) / width).rounded(.up)) : 1
    return equalWidth(count: max(1, count), from: first, through: last)
  }
}
