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

  /// What of the observations the estimate needs, for samples that are too large to keep.
  public struct Sums: Hashable, Sendable {
    /// Cases that count, and those without a known chance above 0.
    public private(set) var count = 0
    public private(set) var excluded = 0
    /// The first value: the others are taken from it, so that large ones keep their digits.
    var origin = 0.0
    /// Σw, Σw², Σwy, w = 1/π.
    var weights = 0.0
    var squares = 0.0
    var values = 0.0
    /// Σ(1−π)w²yᵏ for k = 0, 1, 2: from them the spread about any mean.
    var spread = [0.0, 0, 0]

    public init() {}

    /// Counts one sampled case.
    public mutating func add(_ observation: Observation) {
      let chance = observation.probability
      guard chance > 0, chance <= 1, !observation.value.isNaN else {
        excluded += 1
        return
      }
      if count == 0 { origin = observation.value }
      let value = observation.value - origin
      let weight = 1 / chance
      count += 1
      weights += weight
      squares += weight * weight
      values += weight * value
      let share = (1 - chance) * weight * weight
      spread[0] += share
      spread[1] += share * value
      spread[2] += share * value * value
    }
  }

  /// Nil when no case has a chance above 0.
  public init?(_ observations: some Sequence<Observation>) {
    var sums = Sums()
    for observation in observations { sums.add(observation) }
    self.init(sums)
  }

  /// Nil when no case has a chance above 0.
  public init?(_ sums: Sums) {
    guard sums.count > 0 else { return nil }
    let mean = sums.values / sums.weights
    let n = Double(sums.count)
    // The last digits of a difference: a spread of nothing must not come out below 0.
    let spread = max(0, sums.spread[2] - 2 * mean * sums.spread[1] + mean * mean * sums.spread[0])
    self.mean = sums.origin + mean
    variance = sums.count > 1 ? n / (n - 1) * spread / (sums.weights * sums.weights) : nil
    count = sums.count
    excluded = sums.excluded
    estimatedPopulation = sums.weights
    effectiveCount = sums.weights * sums.weights / sums.squares
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
