/// A total over all cases from a sample drawn with unequal chances, Ŷ = Σ y_i/π_i (Horvitz & Thompson 1952).
///
/// The variance is that of independent draws, Σ(1−π_i)·(y_i/π_i)², which is cautious for systematic samples.
public struct HorvitzThompsonEstimate: Hashable, Sendable {
  /// Ŷ.
  public let total: Double
  /// v(Ŷ).
  public let variance: Double
  /// n, the cases that count.
  public let count: Int
  /// Cases without a known chance above 0.
  public let excluded: Int

  /// Nil when no case has a chance above 0.
  public init?(_ observations: some Sequence<HajekEstimate.Observation>) {
    let all = Array(observations)
    let usable = all.filter { $0.probability > 0 && $0.probability <= 1 && !$0.value.isNaN }
    guard !usable.isEmpty else { return nil }
    total = usable.reduce(0) { $0 + $1.value / $1.probability }
    variance = usable.reduce(0) { sum, observation in
      let expanded = observation.value / observation.probability
      return sum + (1 - observation.probability) * expanded * expanded
    }
    count = usable.count
    excluded = all.count - usable.count
  }

  /// Ŷ ± z·√v.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    let z = NormalDistribution.twoSidedQuantile(confidence: confidence)
    guard z.isFinite, z >= 0 else { return nil }
    let half = z * variance.squareRoot()
    return (total - half)...(total + half)
  }
}
