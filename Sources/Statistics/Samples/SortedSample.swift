/// Numbers in ascending order with the missing ones counted apart: an empirical distribution.
public struct SortedSample: Hashable, Sendable {
  /// Ascending, without NaN; infinities stay.
  public let values: [Double]
  /// How many NaN were left out.
  public let missing: Int

  public init(_ values: some Sequence<Double>) {
    var kept: [Double] = []
    var missing = 0
    for value in values {
      if value.isNaN { missing += 1 } else { kept.append(value) }
    }
    kept.sort()
    self.values = kept
    self.missing = missing
  }

  /// How many numbers there are, missing ones apart.
  public var count: Int { values.count }

  /// How many values are ≤ x.
  public func count(through x: Double) -> Int { partition { $0 > x } }

  /// How many values are < x.
  public func count(below x: Double) -> Int { partition { $0 >= x } }

  /// F(x), the share of values ≤ x; NaN for an empty sample.
  public func fraction(through x: Double) -> Double { Double(count(through: x)) / Double(count) }

  /// The quantile at p in 0...1 by linear interpolation of order statistics, numpy's default (Hyndman & Fan type 7).
  ///
  /// Nil for an empty sample or p outside 0...1.
  public func quantile(_ p: Double) -> Double? {
    guard let first = values.first, p >= 0, p <= 1 else { return nil }
    let position = Double(count - 1) * p
    let below = Int(position)
    guard below + 1 < count else { return values.last ?? first }
    let fraction = position - Double(below)
    if fraction == 0 || values[below] == values[below + 1] { return values[below] }
    return values[below] + (values[below + 1] - values[below]) * fraction
  }

  /// The middle value, or the mean of the middle two.
  public var median: Double? { quantile(0.5) }

  /// How many different values there are.
  public var distinct: Int {
    var distinct = values.isEmpty ? 0 : 1
    for index in values.indices.dropFirst() where values[index] != values[index - 1] { distinct += 1 }
    return distinct
  }

  /// The first index whose value satisfies a predicate that stays true once it is.
  private func partition(_ isBeyond: (Double) -> Bool) -> Int {
    var low = 0
    var high = values.count
    while low < high {
      let middle = (low + high) / 2
      if isBeyond(values[middle]) { high = middle } else { low = middle + 1 }
    }
    return low
  }
}
