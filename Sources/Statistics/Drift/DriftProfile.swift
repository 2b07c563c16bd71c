/// The tool whose rules a drift test follows, so that its numbers can be compared with that tool's.
public enum DriftProfile: String, Hashable, Sendable, CaseIterable {
  /// alibi-detect's KSDrift, ChiSquareDrift and TabularDrift: a p-value per feature, corrected over features.
  case alibi
  /// Evidently 0.7's defaults: a method chosen by size and number of values, drift from half of the features on.
  case evidently
  /// NannyML 0.13's defaults: Jensen–Shannon distance against mean + 3σ of the reference's own chunks.
  case nannyml
  /// whylogs' p-values with its three levels, of raw values where whylogs has sketches.
  case whylogs
}
