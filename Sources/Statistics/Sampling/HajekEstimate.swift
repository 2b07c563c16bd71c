/// A mean or share of all cases from a sample drawn with unequal chances, as from a queue ordered by priority.
///
/// ŷ = Σ(y_i/π_i)/Σ(1/π_i) (Hájek 1971), with the variance of unequal-probability sampling of fixed size without joint
/// chances, v = n/(n−1) · Σ(1−π_i)·((y_i−ŷ)/π_i)² / N̂² (Hájek 1964; Särndal et al. 1992, §5.7).
public struct HajekEstimate: Hashable, Sendable {
  /// One sampled case.
  public struct Observation: Hashable, Sendable {
    public var value: Double
    /// π, the chance with which the case was drawn, in 0...1.
    public var probability: Double

    public init(value: Double, probability: Double) {
      self.value = value
      self.probability = probability
    }

    /// A case that is right (1) or wrong (0).
    public init(isCorrect: Bool, probability: Double) {
      self.init(value: isCorrect ? 1 : 0, probability: probability)
    }
  }

  /// ŷ.
  public let mean: Double
  /// v(ŷ); nil for a single case.
  public let variance: Double?
  /// n, the cases that count.
  public let count: Int
  /// Cases without a known chance above 0: they stand only for themselves and are left out.
  public let excluded: Int
  /// N̂ = Σ1/π, how many cases the sample speaks for.
  public let estimatedPopulation: Double
  /// (Σw)²/Σw², w = 1/π (Kish 1965): how many evenly drawn cases would tell as much.
  public let effectiveCount: Double

  /// Nil when no case has a chance above 0.
  public init?(_ observations: some Sequence<Observation>) {
    let all = Array(observations)
    let usable = all.filter { $0.probability > 0 && $0.probability <= 1 && !$0.value.isNaN }
    guard !usable.isEmpty else { return nil }
    let weights = usable.map { 1 / $0.probability }
    let total = weights.reduce(0, +)
    let squares = weights.reduce(0) { $0 + $1 * $1 }
    let mean = zip(usable, weights).reduce(0) { $0 + $1.0.value * $1.1 } / total
    let n = Double(usable.count)
    let spread = zip(usable, weights).reduce(0) { sum, entry in
      let residual = (entry.0.value - mean) * entry.1
      return sum + (1 - entry.0.probability) * residual * residual
    }
    self.mean = mean
    variance = usable.count > 1 ? n / (n - 1) * spread / (total * total) : nil
    count = usable.count
    excluded = all.count - usable.count
    estimatedPopulation = total
    effectiveCount = total * total / squares
  }

  /// √v.
  public var standardError: Double? { variance?.squareRoot() }

  /// ŷ ± z·√v; nil without a variance.
  public func interval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    let z = NormalDistribution.twoSidedQuantile(confidence: confidence)
    guard let error = standardError, z.isFinite, z >= 0 else { return nil }
    return (mean - z * error)...(mean + z * error)
  }

  /// For shares: Wilson's interval with the effective count, which stays in 0...1 and has width at 0 and 1.
  public func shareInterval(confidence: Double = 0.95) -> ClosedRange<Double>? {
    // Weighted sums of ones can come out as 1 + 2e−16.
    Proportion.wilson(share: min(1, max(0, mean)), trials: effectiveCount, confidence: confidence)
  }
}
