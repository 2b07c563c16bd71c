/// What a drift test says of a feature or of all of them.
public enum DriftVerdict: String, Hashable, Sendable {
  case noDrift
  /// whylogs' middle level: 0.05 ≤ p < 0.15.
  case possible
  case drift
  /// The reference is too coarsely binned to tell.
  case undecided
  /// There is too little data, or the method cannot be applied to it.
  case unavailable
}
