import Statistics
import Testing

/// Reference values by scipy 1.17.1 and numpy.
struct DivergenceTests {
  let p = [0.5, 0.3, 0.2]
  let q = [0.4, 0.4, 0.2]
  let p0 = [0.6, 0.4, 0]
  let q0 = [0.5, 0.3, 0.2]

  @Test("three categories give the reference values of every divergence")
  func categories() {
    #expect(near(Divergence.populationStability(p, q), 0.0510825624))
    #expect(near(Divergence.kullbackLeibler(p, q), 0.0252671539))
    #expect(near(Divergence.jensenShannonDistance(p, q), 0.0797947262))
    #expect(near(Divergence.jensenShannonDistance(p, q, base2: true), 0.0958432338))
    #expect(near(Divergence.hellinger(p, q), 0.0798513806))
    #expect(near(Divergence.totalVariation(p, q), 0.1))
    #expect(near(Divergence.largestGap(p, q), 0.1))
  }

  @Test("an empty category is finite for Jensen–Shannon and needs a substitute for the stability index")
  func empty() {
    #expect(near(Divergence.jensenShannonDistance(p0, q0), 0.2741792530))
    #expect(near(Divergence.jensenShannonDistance(p0, q0, base2: true), 0.3293228448))
    #expect(near(Divergence.populationStability(Divergence.withoutZeros(p0), q0), 1.5664207646))
    #expect(Divergence.populationStability(p0, q0) == .infinity)
    #expect(near(Divergence.jensenShannonDistance([1, 0], [0, 1]), 0.8325546112))
    #expect(near(Divergence.jensenShannonDistance([1, 0], [0, 1], base2: true), 1))
  }

  @Test("the stability index over reference deciles")
  func deciles() throws {
    let reference = SortedSample(Fixture.hundredths)
    let edges = try #require(BinEdges.quantiles(reference, count: 10))
    let before = Histogram(Fixture.hundredths, edges: edges)
    let after = Histogram(Fixture.shifted, edges: edges)
    #expect(before.counts == Array(repeating: 10, count: 10))
    let index = Divergence.populationStability(before.proportions, Divergence.withoutZeros(after.proportions))
    #expect(near(index, 0.7593994704))
    let limit = Divergence.populationStabilityThreshold(
      atPValue: 0.05, bins: 10, referenceCount: 100, currentCount: 100)
    #expect(near(limit, 16.918977604620448 / 50))
  }

  @Test("divergences are 0 between equals, symmetric where they promise it, and within their range")
  func properties() {
    var generator = SplitMix64(seed: 5)
    for _ in 0..<200 {
      let p = Divergence.shares((0..<6).map { _ in Int.random(in: 0...9, using: &generator) } + [1])
      let q = Divergence.shares((0..<6).map { _ in Int.random(in: 0...9, using: &generator) } + [1])
      #expect(Divergence.jensenShannonDistance(p, p) == 0)
      #expect(Divergence.populationStability(p, p) == 0)
      #expect(near(Divergence.jensenShannonDistance(p, q), Divergence.jensenShannonDistance(q, p)))
      let hellinger = Divergence.hellinger(p, q)
      let variation = Divergence.totalVariation(p, q)
      #expect(hellinger * hellinger <= variation + 1e-12 && variation <= hellinger * 2.0.squareRoot() + 1e-12)
      #expect((0...1).contains(Divergence.jensenShannonDistance(p, q, base2: true)))
    }
    #expect(Divergence.totalVariation([1], [0.5, 0.5]).isNaN)
  }

  @Test("the Wasserstein distance agrees with scipy")
  func wasserstein() {
    let a = SortedSample(Fixture.oneToTen)
    let b = SortedSample(Fixture.threeToTwelve)
    #expect(near(WassersteinDistance.between(a, b), 2))
    #expect(near(WassersteinDistance.normed(a, b), 0.6963106238))
    #expect(near(WassersteinDistance.between(SortedSample([0, 1, 3]), SortedSample([5, 6, 8])), 5))
    #expect(near(WassersteinDistance.between(SortedSample(Fixture.eight), SortedSample(Fixture.five)), 0.19625))
    #expect(near(WassersteinDistance.between([0, 1], weights: [3, 1], [0, 1], weights: [2, 2]), 0.25))
    #expect(WassersteinDistance.between(SortedSample([]), b) == nil)
  }
}
