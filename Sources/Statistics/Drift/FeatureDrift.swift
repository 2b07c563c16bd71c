/// One feature's drift with everything a reader needs to judge the number.
public struct FeatureDrift: Hashable, Sendable {
  public var method: DriftMethod
  /// The test statistic or distance; nil when it could not be computed.
  public var statistic: Double?
  /// Where the statistic must lie when a binned reference leaves it open.
  public var bounds: ClosedRange<Double>?
  /// Nil for distances. With a binned reference, the p-value of the lower bound: the true one is not greater.
  public var pValue: Double?
  /// χ²'s effect size; p-values shrink with n, this does not.
  public var cramersV: Double?
  /// What the p-value or the distance was compared with, after correction.
  public var threshold: Double?
  /// How many bins or categories were compared; nil where values were compared as they are.
  public var bins: Int?
  public var referenceCount: Int
  public var currentCount: Int
  public var verdict: DriftVerdict

  public init(
    method: DriftMethod, statistic: Double? = nil, bounds: ClosedRange<Double>? = nil, pValue: Double? = nil,
    cramersV: Double? = nil, threshold: Double? = nil, bins: Int? = nil, referenceCount: Int, currentCount: Int,
    verdict: DriftVerdict = .unavailable
  ) {
    self.method = method
    self.statistic = statistic
    self.bounds = bounds
    self.pValue = pValue
    self.cramersV = cramersV
    self.threshold = threshold
    self.bins = bins
    self.referenceCount = referenceCount
    self.currentCount = currentCount
    self.verdict = verdict
  }

  /// The statistic at which this feature would reach `threshold` (of a p-value, the critical statistic; of a distance,
  /// itself): a chart's limit line. Nil where there is none.
  public var criticalStatistic: Double? {
    guard let threshold else { return nil }
    switch method {
    case .kolmogorovSmirnov(let method):
      return KolmogorovSmirnovTest.criticalDistance(
        atPValue: threshold, referenceCount: referenceCount, currentCount: currentCount, method: method)
    case .chiSquared, .chiSquaredFit:
      guard let bins else { return nil }
      return ChiSquaredTest.criticalStatistic(atPValue: threshold, degreesOfFreedom: bins - 1)
    case .twoProportions:
      return NormalDistribution.twoSidedQuantile(confidence: 1 - threshold)
    case .wasserstein, .jensenShannon, .populationStability, .hellinger:
      return threshold
    }
  }
}
