import Statistics
import Testing

/// Reference values by scipy 1.17.1 and numpy.
struct OtherDriftTests {
  @Test("Cramér–von Mises agrees with scipy, exact for small samples and with ties")
  func cramerVonMises() throws {
    let a = try #require(
      CramerVonMisesTest(reference: SortedSample(Fixture.oneToTen), current: SortedSample(Fixture.threeToTwelve)))
    #expect(near(a.statistic, 0.175) && near(a.pValue, 0.3605295633) && a.isExact)
    let b = try #require(
      CramerVonMisesTest(reference: SortedSample(Fixture.eight), current: SortedSample(Fixture.five)))
    #expect(near(b.statistic, 0.16538461538461569) && near(b.pValue, 0.38694638694638694))
    let ties = try #require(
      CramerVonMisesTest(reference: SortedSample([1, 2, 2, 3, 3, 3]), current: SortedSample([2, 3, 3, 4])))
    #expect(near(ties.statistic, 0.14166666666666683) && near(ties.pValue, 0.5047619047619047))
    #expect(CramerVonMisesTest(reference: SortedSample([1]), current: SortedSample([1, 2])) == nil)
  }

  @Test("Cramér–von Mises takes the limit law above twenty values")
  func cramerVonMisesLimit() throws {
    let test = try #require(
      CramerVonMisesTest(reference: SortedSample(Fixture.hundredths), current: SortedSample(Fixture.shifted)))
    #expect(!test.isExact && near(test.statistic, 0.468875))
    #expect(near(test.pValue, 0.04784601243204045, 1e-6))
  }

  @Test(
    "Fisher's exact test agrees with scipy",
    arguments: [
      ([8, 2, 1, 5], 20.0, 0.034965034965034975), ([3, 0, 0, 3], Double.infinity, 0.10000000000000002),
      ([10, 12, 14, 9], 0.5357142857142857, 0.3762209932460232), ([0, 5, 0, 7], Double.nan, 1.0),
      ([100, 200, 150, 180], 0.6, 0.001973363265725189),
    ])
  func fisher(table: [Int], odds: Double, pValue: Double) throws {
    let test = try #require(FisherExactTest(table[0], table[1], table[2], table[3]))
    #expect(near(test.oddsRatio, odds) && near(test.pValue, pValue))
  }

  @Test("the energy distance agrees with scipy")
  func energy() {
    let a = SortedSample(Fixture.oneToTen)
    #expect(near(EnergyDistance.between(a, SortedSample(Fixture.threeToTwelve)), 0.8717797887))
    let eight = SortedSample(Fixture.eight)
    #expect(near(EnergyDistance.between(eight, SortedSample(Fixture.five)), 0.3285384300199901))
    #expect(EnergyDistance.between(a, a) == 0 && EnergyDistance.between(a, SortedSample([])) == nil)
  }

  @Test("the maximum mean discrepancy agrees with the reference and may be negative")
  func discrepancy() throws {
    let reference = Fixture.oneToTen.map { [$0] }
    let current = Fixture.threeToTwelve.map { [$0] }
    func squared(_ bandwidth: Double?) -> Double? {
      MaximumMeanDiscrepancy(reference: reference, current: current, bandwidth: bandwidth)?.squared
    }
    #expect(near(squared(1), -0.1063109841) && near(squared(2), -0.0529202330))
    #expect(near(squared(nil), -0.0478935480))
    #expect(near(MaximumMeanDiscrepancy.medianBandwidth(reference), 2.1213203436))
    #expect(MaximumMeanDiscrepancy(reference: [[1], [1]], current: current) == nil)
  }

  @Test("permutations find a change in how two features go together that neither shows alone")
  func jointDrift() throws {
    var generator = SplitMix64(seed: 41)
    let reference = (0..<60).map { _ in
      let x = generator.normal()
      return [x, x + 0.2 * generator.normal()]
    }
    let current = (0..<60).map { _ in
      let x = generator.normal()
      return [x, -x + 0.2 * generator.normal()]
    }
    let drifted = try #require(MaximumMeanDiscrepancy(reference: reference, current: current))
    #expect(try #require(drifted.pValue(permutations: 100, using: &generator)) < 0.05)
    let halves = try #require(
      MaximumMeanDiscrepancy(reference: Array(reference[..<30]), current: Array(reference[30...])))
    #expect(try #require(halves.pValue(permutations: 100, using: &generator)) > 0.05)
  }
}
