import Statistics

/// Whether two numbers agree to a relative (and, near 0, absolute) tolerance; NaN agrees with NaN.
func near(_ a: Double?, _ b: Double, _ tolerance: Double = 1e-9) -> Bool {
  guard let a else { return false }
  if a == b || (a.isNaN && b.isNaN) { return true }
  return abs(a - b) <= tolerance * max(abs(a), abs(b)) || abs(a - b) <= 1e-14
}

/// The linear congruential numbers x ← (1664525x + 1013904223) mod 2³², x/2³², that the Python references also draw.
func congruential(_ count: Int, seed: UInt64) -> [Double] {
  var state = seed
  return (0..<count).map { _ in
    state = (1_664_525 * state + 1_013_904_223) % (1 << 32)
    return Double(state) / 4_294_967_296
  }
}

/// Small samples with the reference values that scipy 1.17.1 gives for them.
enum Fixture {
  static let oneToTen = (1...10).map(Double.init)
  static let threeToTwelve = (3...12).map(Double.init)
  static let eight = [0.1, 0.4, 0.35, 0.8, 0.55, 0.9, 0.2, 0.65]
  static let five = [0.3, 0.75, 0.95, 0.6, 0.85]
  static let hundredths = (1...100).map { Double($0) / 100 }
  static let shifted = (1...100).map { min(Double($0) / 100 + 0.1, 1) }
}
