import Statistics
import Testing

/// Reference values by scipy 1.17.1.
struct DistributionTests {
  @Test(
    "χ² tails agree with scipy's chi2.sf",
    arguments: [
      (0.001, 1.0, 0.9747728793699604), (3.84, 1, 0.05004352124870519), (10, 1, 0.001565402258002549),
      (1, 2, 0.6065306597126334), (25, 2, 3.7266531720786718e-06), (5, 10, 0.8911780189141513),
      (30, 10, 0.000856641210775301), (200, 100, 1.1784500720979781e-08), (60, 100, 0.999481108537452),
      (1000, 900, 0.010994608942135844), (700, 3, 2.0991308534204487e-151),
    ])
  func chiSquaredTail(x: Double, k: Double, p: Double) throws {
    let distribution = try #require(ChiSquaredDistribution(degreesOfFreedom: k))
    #expect(near(distribution.survival(x), p, 1e-11))
    #expect(near(distribution.cumulative(x), 1 - p, 1e-11))
  }

  @Test(
    "χ² critical values agree with scipy's chi2.isf",
    arguments: [
      (0.05, 1.0, 3.8414588206941285), (0.05, 4, 9.487729036781158), (0.001, 9, 27.877164871256575),
      (0.5, 100, 99.33412923598846), (1e-10, 3, 49.542155927523666),
    ])
  func chiSquaredCritical(p: Double, k: Double, x: Double) throws {
    let distribution = try #require(ChiSquaredDistribution(degreesOfFreedom: k))
    #expect(near(distribution.critical(atPValue: p), x, 1e-11))
  }

  @Test("distributions refuse parameters that mean nothing")
  func refusals() {
    #expect(ChiSquaredDistribution(degreesOfFreedom: 0) == nil)
    #expect(ChiSquaredDistribution(degreesOfFreedom: .nan) == nil)
    #expect(BetaDistribution(alpha: 0, beta: 1) == nil)
    #expect(BinomialDistribution(trials: -1, probability: 0.5) == nil)
    #expect(KolmogorovSmirnovDistribution(count: 0) == nil)
    #expect(NormalDistribution.quantile(1.5).isNaN)
  }

  @Test(
    "the normal distribution function agrees with scipy's norm.cdf",
    arguments: [
      (-8.0, 6.22096057427174e-16), (-3, 0.0013498980316300933), (-1.5, 0.06680720126885807), (0, 0.5),
      (0.3, 0.6179114221889526), (1.96, 0.9750021048517795), (5, 0.9999997133484281),
    ])
  func normal(z: Double, p: Double) {
    #expect(near(NormalDistribution.cumulative(z), p, 1e-12))
    #expect(near(NormalDistribution.survival(-z), p, 1e-12))
  }

  @Test(
    "normal quantiles agree with scipy's norm.ppf",
    arguments: [
      (1e-20, -9.262340089798409), (1e-05, -4.264890793922825), (0.025, -1.9599639845400545),
      (0.3, -0.5244005127080409), (0.5, 0.0), (0.8, 0.8416212335729143), (0.975, 1.959963984540054),
      (0.999999, 4.753424308817087),
    ])
  func normalQuantile(p: Double, z: Double) {
    #expect(near(NormalDistribution.quantile(p), z, 1e-10))
  }

  @Test(
    "the incomplete beta function agrees with scipy's beta.cdf",
    arguments: [
      (2.0, 3.0, 0.4, 0.5247999999999999), (0.5, 0.5, 0.1, 0.20483276469913345), (50, 30, 0.6, 0.3170571539691119),
      (1, 1, 0.3, 0.3), (300, 700, 0.28, 0.0823909765105907), (5, 1, 0.99, 0.9509900498999999),
    ])
  func beta(alpha: Double, beta: Double, x: Double, p: Double) throws {
    let distribution = try #require(BetaDistribution(alpha: alpha, beta: beta))
    #expect(near(distribution.cumulative(x), p, 1e-11))
    #expect(near(distribution.quantile(p), x, 1e-9))
  }

  @Test("binomial tails are complements and sum the point probabilities")
  func binomial() throws {
    let distribution = try #require(BinomialDistribution(trials: 13, probability: 0.5))
    // Σ_{k≤3} C(13, k) = 1 + 13 + 78 + 286.
    #expect(near(distribution.cumulative(3), 378.0 / 8192))
    for k in 0...13 {
      #expect(near(distribution.cumulative(k - 1) + distribution.atLeast(k), 1, 1e-12))
    }
  }

  @Test(
    "the Kolmogorov limit agrees with scipy's kolmogorov",
    arguments: [(0.5, 0.9639452436648751), (1.0, 0.26999967167735456), (1.358, 0.0500268), (1.628, 0.0099755)])
  func kolmogorovLimit(lambda: Double, p: Double) {
    #expect(abs(KolmogorovDistribution.survival(lambda) - p) < 5e-8)
    #expect(near(KolmogorovDistribution.critical(atPValue: KolmogorovDistribution.survival(lambda)), lambda))
  }

  @Test(
    "the one-sample Kolmogorov–Smirnov tail agrees with scipy's kstwo.sf",
    arguments: [
      (1, 0.7, 0.6000000000000001), (2, 0.3, 0.98), (5, 0.1, 1.0), (5, 0.15, 0.9988), (5, 0.2, 0.9616),
      (5, 0.45, 0.19399374999999963), (5, 0.85, 0.0001518750000000001), (10, 0.274, 0.3715203845434957),
      (30, 0.05, 0.9999927796416472), (30, 0.1, 0.8960782680050898), (30, 0.2, 0.15796916101547398),
      (30, 0.35, 0.0008637396546581355), (30, 0.6, 7.392006292214292e-11), (140, 0.03, 0.9992547123063266),
      (140, 0.08, 0.31480749911643063), (140, 0.115, 0.045419025196808176), (140, 0.16, 0.0013440163244194184),
      (140, 0.2, 2.1981563302200222e-05), (141, 0.05, 0.854845693009663), (141, 0.115, 0.044230516068111236),
      (141, 0.13, 0.015449346308454497), (500, 0.005, 1.0), (500, 0.03, 0.7473166700457021),
      (500, 0.06, 0.05243463489026223), (500, 0.08, 0.0031305058199356268), (500, 0.2, 5.256835361945869e-18),
      (5000, 0.004, 0.9999977369528622), (5000, 0.0192, 0.04947898364727654), (5000, 0.03, 0.00024159234422666817),
      (60000, 0.0003, 1.0), (60000, 0.005, 0.09923009902066682), (60000, 0.008, 0.0009189608502233886),
    ])
  func kolmogorovSmirnov(n: Int, x: Double, p: Double) throws {
    let distribution = try #require(KolmogorovSmirnovDistribution(count: n))
    #expect(near(distribution.survival(x), p, 1e-8))
  }

  @Test(
    "the one-sample tail agrees with scipy's for very large samples",
    arguments: [(0.002, 0.39995085369038097), (0.003, 0.0545369786611305), (0.005, 9.049367287273853e-05)])
  func largeSample(x: Double, p: Double) throws {
    let distribution = try #require(KolmogorovSmirnovDistribution(count: 200_000))
    #expect(near(distribution.survival(x), p, 1e-7))
  }

  @Test("the one-sample tail falls from 1 to 0 without a step at the seams between its formulas")
  func monotone() throws {
    for n in [1, 2, 7, 60, 140, 141, 1000, 100_000, 100_001] {
      let distribution = try #require(KolmogorovSmirnovDistribution(count: n))
      var last = 1.0
      for step in 1...400 {
        let p = distribution.survival(Double(step) / 100 / Double(n).squareRoot())
        if !(p <= last + 1e-9 && p >= 0) { Issue.record("\(p) after \(last) of \(n)") }
        last = p
      }
    }
  }
}
