/// The outcome of a drift test over several features, in the order they were given.
public struct DriftReport: Hashable, Sendable {
  public var profile: DriftProfile
  public var features: [FeatureDrift]
  /// How the p-value limit was shared among features; `none` for profiles that do not.
  public var correction: Correction
  /// α, before correction.
  public var level: Double
  /// α after correction, as alibi-detect reports it; nil for profiles whose features have limits of their own.
  public var threshold: Double?
  /// Of the batch as a whole.
  public var verdict: DriftVerdict

  /// How many features drift.
  public var driftingCount: Int { features.count { $0.verdict == .drift } }

  /// The share of features that could be tested and drift; nil when none could.
  public var driftingShare: Double? {
    let tested = features.count { $0.verdict != .unavailable }
    return tested > 0 ? Double(driftingCount) / Double(tested) : nil
  }
}
