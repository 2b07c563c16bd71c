/// A drift test of one batch of rows against a reference, feature by feature, by the rules of a profile.
public struct DriftTest: Hashable, Sendable {
  public var profile: DriftProfile
  /// α, the p-value limit before correction (0.05 in every profile's tool).
  public var level: Double
  /// Used by the `alibi` profile only.
  public var correction: Correction
  /// Evidently's `drift_share`: the share of drifting features from which the batch counts as drifted.
  public var driftShare: Double

  public init(
    profile: DriftProfile = .alibi, level: Double = 0.05, correction: Correction = .bonferroni,
    driftShare: Double = 0.5
  ) {
    self.profile = profile
    self.level = level
    self.correction = correction
    self.driftShare = driftShare
  }

  /// Tests every feature and the batch.
  ///
  /// The batch drifts in `alibi` when any corrected p-value is significant, in `evidently` when the share of drifting
  /// features reaches `driftShare`. NannyML and whylogs judge features only; there the worst feature speaks for all.
  public func run(_ samples: [FeatureSample]) -> DriftReport {
    var features: [FeatureDrift]
    var threshold: Double?
    switch profile {
    case .alibi: (features, threshold) = alibi(samples)
    case .evidently: features = samples.map(evidently)
    case .nannyml: features = samples.map(nannyml)
    case .whylogs: features = samples.map(whylogs)
    }
    var report = DriftReport(
      profile: profile, features: features, correction: profile == .alibi ? correction : .none, level: level,
      threshold: threshold, verdict: Self.worst(features.map(\.verdict)))
    if profile == .evidently, let share = report.driftingShare {
      report.verdict = share >= driftShare ? .drift : .noDrift
    }
    return report
  }

  /// The gravest of several verdicts: drift before undecided before possible before none.
  static func worst(_ verdicts: [DriftVerdict]) -> DriftVerdict {
    [.drift, .undecided, .possible, .noDrift].first(where: verdicts.contains) ?? .unavailable
  }

  /// The Kolmogorov–Smirnov part that several profiles share: statistic, bounds and p-value, no verdict yet.
  func kolmogorovSmirnov(_ sample: FeatureSample, _ method: KolmogorovSmirnovTest.Method) -> FeatureDrift {
    var drift = FeatureDrift(
      method: .kolmogorovSmirnov(method), referenceCount: sample.referenceCount, currentCount: sample.currentCount)
    switch sample {
    case .numeric(let reference, let current):
      guard let test = KolmogorovSmirnovTest(reference: reference, current: current, method: method) else { break }
      drift.method = .kolmogorovSmirnov(test.method)
      drift.statistic = test.statistic
      drift.pValue = test.pValue
    case .binned(let reference, let current):
      guard let test = BinnedKolmogorovSmirnov(reference: reference, current: SortedSample(current)) else { break }
      drift.statistic = test.interpolated
      drift.bounds = test.lower...test.upper
      drift.pValue = test.pValues(method).greatest
      drift.bins = reference.counts.count
    case .categorical, .counts:
      break
    }
    return drift
  }

  /// Whether a p-value is below a limit, and whether that is certain when the statistic is only bounded.
  func verdict(_ drift: FeatureDrift, below limit: Double) -> DriftVerdict {
    guard let pValue = drift.pValue, !pValue.isNaN else { return .unavailable }
    if pValue < limit { return .drift }
    guard let bounds = drift.bounds, case .kolmogorovSmirnov(let method) = drift.method else { return .noDrift }
    let least = KolmogorovSmirnovTest.pValue(
      distance: bounds.upperBound, referenceCount: drift.referenceCount, currentCount: drift.currentCount,
      method: method)
    return least < limit ? .undecided : .noDrift
  }
}
