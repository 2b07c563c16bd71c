internal import Glibc

/// The limit of √n·D as n grows (Kolmogorov 1933, Smirnov 1948).
public enum KolmogorovDistribution {
  /// Q(λ) = 2 Σ_{k≥1} (−1)^{k−1} e^{−2k²λ²}, from its theta-function twin where λ is small.
  public static func survival(_ lambda: Double) -> Double {
    if lambda <= 0 { return 1 }
    if lambda < 1 { return 1 - smallCumulative(lambda) }
    var sum = 0.0
    var sign = 1.0
    for k in 1...100 {
      let step = Double(k)
      let term = exp(-2 * step * step * lambda * lambda)
      sum += sign * term
      if term < 1e-18 { break }
      sign = -sign
    }
    return min(1, max(0, 2 * sum))
  }

  /// The λ with Q(λ) = p, for 0 < p < 1; 0 at 1 and infinity at 0.
  public static func critical(atPValue p: Double) -> Double {
    if p >= 1 { return 0 }
    if p <= 0 { return .infinity }
    return RootSearch.bisect(from: 0, to: 40) { survival($0) < p }
  }

  /// √(2π)/λ Σ e^{−(2k−1)²π²/(8λ²)}.
  private static func smallCumulative(_ lambda: Double) -> Double {
    let factor = -Double.pi * Double.pi / (8 * lambda * lambda)
    var sum = 0.0
    for k in stride(from: 1.0, through: 99, by: 2) {
      let term = exp(k * k * factor)
      sum += term
      if term <= sum * 1e-18 { break }
    }
    return (2 * Double.pi).squareRoot() / lambda * sum
  }
}
