internal import Glibc

/// From scores on the logit scale to probabilities and back.
public enum Logistic {
  /// 1/(1 + e^−x), without overflow.
  public static func probability(_ logit: Double) -> Double {
    if logit >= 0 { return 1 / (1 + exp(-logit)) }
    let power = exp(logit)
    return power / (1 + power)
  }

  /// ln(p/(1−p)), ∓∞ at 0 and 1.
  public static func logit(_ probability: Double) -> Double {
    log(probability) - log1p(-probability)
  }

  /// e^{x_k − max x}/Σ: class probabilities of raw scores. NaN in any score makes all of them NaN.
  public static func softmax(_ scores: [Double]) -> [Double] {
    guard let largest = scores.max(), largest.isFinite else {
      return scores.map { _ in .nan }
    }
    let powers = scores.map { exp($0 - largest) }
    let total = powers.reduce(0, +)
    return powers.map { $0 / total }
  }
}
