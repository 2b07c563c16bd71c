internal import Glibc

extension KolmogorovSmirnovDistribution {
  /// P(Dₙ ≤ x) ≈ K₀(z) + K₁(z)/√n + K₂(z)/n + K₃(z)/n^{3/2}, z = x√n (Pelz & Good, J. R. Stat. Soc. B 38, 1976).
  func expandedCumulative(_ x: Double) -> Double {
    let n = Double(count)
    let z = x * n.squareRoot()
    let z2 = z * z
    let z4 = z2 * z2
    let z6 = z4 * z2
    let pi2 = Double.pi * Double.pi
    let pi4 = pi2 * pi2
    let pi6 = pi4 * pi2
    if pi2 / (8 * z2) > 708 { return 0 }

    var k0 = 0.0
    var k1 = 0.0
    var k2 = 0.0
    var k3 = 0.0
    // Half-integer indices r = k + ½: every power of r² is spelled with m = 2k + 1 = 2r.
    for k in 0..<64 {
      let m = Double(2 * k + 1)
      let m2 = m * m
      let m4 = m2 * m2
      let weight = exp(-pi2 * m2 / (8 * z2))
      if weight < 1e-300 { break }
      k0 += weight
      k1 += weight * (pi2 / 4 * m2 - z2)
      let second = 6 * z6 + 2 * z4 + pi2 / 4 * (2 * z4 - 5 * z2) * m2
      k2 += weight * (second + pi4 / 16 * (1 - 2 * z2) * m4)
      let third = -30 * z6 - 90 * z6 * z2 + pi2 / 4 * (135 * z4 - 96 * z6) * m2
      let fourth = pi4 / 16 * (212 * z4 - 60 * z2) * m4
      k3 += weight * (third + fourth + pi6 / 64 * (5 - 30 * z2) * m4 * m2)
    }
    var whole2 = 0.0
    var whole3 = 0.0
    for k in 1..<64 {
      let square = Double(k * k)
      let weight = exp(-pi2 * square / (2 * z2))
      if weight < 1e-300 { break }
      whole2 += weight * square
      whole3 += weight * square * (3 * z2 - pi2 * square)
    }
    let root = (2 * Double.pi).squareRoot()
    let z3 = z2 * z
    let first = root / z * k0
    let second = root / (6 * z4) * k1
    let third = root / (72 * z6 * z) * k2 - root * pi2 / (36 * z3) * whole2
    let fourth = root / (6480 * z4 * z6) * k3 + root * pi2 / (216 * z6) * whole3
    return first + second / n.squareRoot() + third / n + fourth / (n * n.squareRoot())
  }
}
