internal import Glibc

/// The gamma function's logarithm and its regularized incomplete forms, from which the χ² tail comes.
enum GammaFunction {
  /// ln|Γ(x)|, without the shared `signgam` that `lgamma` writes.
  static func logarithm(_ x: Double) -> Double {
    var sign: Int32 = 0
    return lgamma_r(x, &sign)
  }

  /// ln C(n, k), for 0 ≤ k ≤ n.
  static func logBinomial(_ n: Double, _ k: Double) -> Double {
    logarithm(n + 1) - logarithm(k + 1) - logarithm(n - k + 1)
  }

  /// P(a, x) = γ(a, x)/Γ(a), for a > 0 and x ≥ 0 (DLMF 8.2.4).
  static func regularizedLower(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 0 }
    if x == .infinity { return 1 }
    return x < a + 1 ? series(a, x) : 1 - continuedFraction(a, x)
  }

  /// Q(a, x) = 1 − P(a, x), kept accurate where it is small.
  static func regularizedUpper(_ a: Double, _ x: Double) -> Double {
    if x <= 0 { return 1 }
    if x == .infinity { return 0 }
    return x < a + 1 ? 1 - series(a, x) : continuedFraction(a, x)
  }

  /// P(a, x) = x^a e^−x / Γ(a+1) · Σ x^k / (a+1)…(a+k) (DLMF 8.7.1).
  private static func series(_ a: Double, _ x: Double) -> Double {
    var term = 1.0
    var sum = 1.0
    var denominator = a
    for _ in 0..<100_000 {
      denominator += 1
      term *= x / denominator
      sum += term
      if term < sum * 1e-17 { break }
    }
    return sum * exp(a * log(x) - x - logarithm(a + 1))
  }

  /// Q(a, x) by Legendre's continued fraction (DLMF 8.9.2), evaluated after Lentz.
  private static func continuedFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / b
    var fraction = d
    for step in 1..<100_000 {
      let k = Double(step)
      let numerator = k * (a - k)
      b += 2
      d = numerator * d + b
      if abs(d) < tiny { d = tiny }
      c = b + numerator / c
      if abs(c) < tiny { c = tiny }
      d = 1 / d
      let factor = c * d
      fraction *= factor
      if abs(factor - 1) < 1e-16 { break }
    }
    return fraction * exp(a * log(x) - x - logarithm(a))
  }
}
