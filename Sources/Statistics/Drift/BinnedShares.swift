/// Reference and current shares over the same bins: what a divergence compares.
public struct BinnedShares: Hashable, Sendable {
  public var reference: [Double]
  public var current: [Double]
  public var referenceCount: Int
  public var currentCount: Int

  /// How many bins there are.
  public var count: Int { reference.count }

  /// Shares of counts per category.
  public init(reference: [Int], current: [Int]) {
    self.reference = Divergence.shares(reference)
    self.current = Divergence.shares(current)
    referenceCount = reference.reduce(0, +)
    currentCount = current.reduce(0, +)
  }

  /// Shares over a histogram's bins; what either side has outside them goes to one more bin, NannyML's leftover.
  public init(reference: Histogram, current: Histogram) {
    self.init(
      reference: reference.counts + [reference.below + reference.above],
      current: current.counts + [current.below + current.above])
    if self.reference.last == 0 && self.current.last == 0 {
      self.reference.removeLast()
      self.current.removeLast()
    }
  }

  /// Evidently's bins: Sturges' rule over both samples when the reference has more than 20 different values, else one bin
  /// per value. Nil for empty samples.
  public static func evidently(reference: SortedSample, current: SortedSample) -> BinnedShares? {
    guard reference.count > 0, current.count > 0 else { return nil }
    if reference.distinct <= 20 {
      let counts = CategoryCounts(reference: reference.values, current: current.values)
      return BinnedShares(reference: counts.reference, current: counts.current)
    }
    return BinEdges.sturges(SortedSample(reference.values + current.values)).map { edges in
      BinnedShares(
        reference: Histogram(reference.values, edges: edges), current: Histogram(current.values, edges: edges))
    }
  }

  /// PSI, with empty bins filled as Evidently fills them so that it stays finite.
  public var populationStability: Double {
    Divergence.populationStability(Divergence.withoutZeros(reference), Divergence.withoutZeros(current))
  }
}
