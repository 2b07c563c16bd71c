internal import Glibc

/// How unsure a model is of one prediction, from its class probabilities.
public enum Uncertainty {
  /// −Σp·ln p in nats (Shannon 1948), 0·ln 0 = 0.
  public static func entropy(_ probabilities: [Double]) -> Double {
    probabilities.reduce(0) { $1 > 0 ? $0 - $1 * log($1) : $0 }
  }

  /// H/ln K in 0...1; 0 for a single class.
  public static func normalizedEntropy(_ probabilities: [Double]) -> Double {
    probabilities.count > 1 ? entropy(probabilities) / log(Double(probabilities.count)) : 0
  }

  /// p₁ − p₂, the lead of the best class over the second; nil for no class, p₁ for one.
  public static func margin(_ probabilities: [Double]) -> Double? {
    let sorted = probabilities.sorted(by: >)
    return sorted.first.map { sorted.count > 1 ? $0 - sorted[1] : $0 }
  }

  /// 1 − p₁; nil for no class.
  public static func leastConfidence(_ probabilities: [Double]) -> Double? { probabilities.max().map { 1 - $0 } }

  /// H(mean) − mean H of several models' probabilities: how much they disagree among each other (Houlsby et al. 2011,
  /// BALD; the Jensen–Shannon divergence of k distributions, in nats). Nil unless all have the same classes.
  public static func disagreement(_ models: [[Double]]) -> Double? {
    guard let first = models.first, models.allSatisfy({ $0.count == first.count }) else { return nil }
    let n = Double(models.count)
    let mean = first.indices.map { index in models.reduce(0) { $0 + $1[index] } / n }
    return max(0, entropy(mean) - models.reduce(0) { $0 + entropy($1) } / n)
  }

  /// p_y − max_{k≠y} p_k: how much the model backs a given label; the lowest are likely label errors (cleanlab's
  /// normalized margin before rescaling). Nil when the label is no class.
  public static func labelMargin(_ probabilities: [Double], label: Int) -> Double? {
    guard probabilities.indices.contains(label) else { return nil }
    let others = probabilities.indices.filter { $0 != label }.map { probabilities[$0] }
    return probabilities[label] - (others.max() ?? 0)
  }
}
