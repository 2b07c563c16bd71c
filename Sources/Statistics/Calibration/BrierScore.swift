internal import Glibc

/// How good stated probabilities were, once the outcomes are known; less is better.
public enum BrierScore {
  /// Σ(p−y)²/n for events that happened or not (Brier 1950); nil without outcomes or for different lengths.
  public static func binary(probabilities: [Double], outcomes: [Bool]) -> Double? {
    guard !outcomes.isEmpty, probabilities.count == outcomes.count else { return nil }
    let sum = zip(probabilities, outcomes).reduce(0.0) { sum, pair in
      let gap = pair.0 - (pair.1 ? 1 : 0)
      return sum + gap * gap
    }
    return sum / Double(outcomes.count)
  }

  /// Σ_k (p_k − 1[k = outcome])² of one case with several classes, in 0...2; nil when the outcome is no class.
  public static func multiclass(probabilities: [Double], outcome: Int) -> Double? {
    guard probabilities.indices.contains(outcome) else { return nil }
    return probabilities.enumerated().reduce(0.0) { sum, entry in
      let gap = entry.element - (entry.offset == outcome ? 1 : 0)
      return sum + gap * gap
    }
  }

  /// −Σ(y·ln p + (1−y)·ln(1−p))/n, p kept 2⁻⁵² away from 0 and 1; nil without outcomes or for different lengths.
  public static func logLoss(probabilities: [Double], outcomes: [Bool]) -> Double? {
    guard !outcomes.isEmpty, probabilities.count == outcomes.count else { return nil }
    let sum = zip(probabilities, outcomes).reduce(0.0) { sum, pair in
      let p = min(max(pair.0, Double.ulpOfOne), 1 - Double.ulpOfOne)
      return sum - log(pair.1 ? p : 1 - p)
    }
    return sum / Double(outcomes.count)
  }

  /// The accuracy a binary model expects of itself at a threshold, Σ p or 1−p of the side it takes (NannyML's CBPE);
  /// true only if its probabilities are calibrated. Nil without probabilities.
  public static func expectedAccuracy(probabilities: [Double], threshold: Double = 0.5) -> Double? {
    Moments(probabilities.map { $0 >= threshold ? $0 : 1 - $0 }).mean
  }
}
