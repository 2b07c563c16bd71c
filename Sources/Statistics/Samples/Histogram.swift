/// Counts of values in bins, with what fell outside kept apart.
public struct Histogram: Hashable, Sendable {
  public let edges: BinEdges
  /// One count per bin.
  public private(set) var counts: [Int]
  /// Values below the first edge.
  public private(set) var below = 0
  /// Values above the last edge.
  public private(set) var above = 0
  /// NaN seen.
  public private(set) var missing = 0

  public init(edges: BinEdges) {
    self.edges = edges
    counts = Array(repeating: 0, count: edges.count)
  }

  public init(_ values: some Sequence<Double>, edges: BinEdges) {
    self.init(edges: edges)
    for value in values { add(value) }
  }

  /// A histogram that came ready; nil when the counts do not fit the edges or one of them is negative.
  public init?(edges: BinEdges, counts: [Int], below: Int = 0, above: Int = 0, missing: Int = 0) {
    let all = counts + [below, above, missing]
    guard counts.count == edges.count, all.allSatisfy({ $0 >= 0 }) else { return nil }
    self.edges = edges
    self.counts = counts
    self.below = below
    self.above = above
    self.missing = missing
  }

  public mutating func add(_ value: Double) {
    if let bin = edges.bin(of: value) {
      counts[bin] += 1
    } else if value.isNaN {
      missing += 1
    } else if value < edges.values[0] {
      below += 1
    } else {
      above += 1
    }
  }

  /// Every number seen, outside ones included, missing ones not.
  public var total: Int { counts.reduce(0, +) + below + above }

  /// Each bin's share of `total`; zeros when nothing was seen.
  public var proportions: [Double] {
    let total = max(1, total)
    return counts.map { Double($0) / Double(total) }
  }

  /// The share of `total` that fell outside the edges.
  public var outside: Double { Double(below + above) / Double(max(1, total)) }
}
