import Statistics
import Testing

/// Reference values by scipy 1.17.1 `ks_2samp`.
struct KolmogorovSmirnovTests {
  @Test("two small samples give scipy's D and both p-values")
  func small() throws {
    let exact = try #require(KolmogorovSmirnovTest(reference: Fixture.oneToTen, current: Fixture.threeToTwelve))
    #expect(exact.method == .exact)
    #expect(near(exact.statistic, 0.2))
    #expect(near(exact.pValue, 0.9944575548))
    #expect(exact.referenceIsAbove)
    #expect(exact.location == 2)
    let asymptotic = try #require(
      KolmogorovSmirnovTest(reference: Fixture.oneToTen, current: Fixture.threeToTwelve, method: .asymptotic))
    #expect(near(asymptotic.pValue, 0.9616))
  }

  @Test("samples of different sizes give scipy's D and both p-values")
  func unequal() throws {
    let exact = try #require(
      KolmogorovSmirnovTest(reference: Fixture.eight, current: Fixture.five, method: .exact))
    #expect(near(exact.statistic, 0.425))
    #expect(near(exact.pValue, 0.4996114996))
    let asymptotic = try #require(
      KolmogorovSmirnovTest(reference: Fixture.eight, current: Fixture.five, method: .asymptotic))
    #expect(near(asymptotic.pValue, 0.5257708333, 1e-9))
  }

  @Test(
    "a distance between samples of n and m has scipy's exact and asymptotic p-values",
    arguments: [
      (10, 10, 0.2, 0.9944575548290717, 0.9616),
      (10, 10, 0.7, 0.012340600575894691, 0.005560000000000004),
      (8, 5, 0.425, 0.4996114996114996, 0.5257708333333335),
      (3, 1, 0.6666666666666666, 1.0, 0.6666666666666667),
      (7, 4, 0.5357142857142857, 0.30909090909090914, 0.2552842565597668),
      (100, 100, 0.12, 0.469506448503778, 0.4337679661310233),
      (100, 100, 0.3, 0.0002248739317492479, 0.00017353260202718738),
      (130, 40, 0.19230769230769232, 0.18251577918277404, 0.1769355832596753),
      (130, 40, 0.25, 0.03621304827282201, 0.03411198090187695),
      (500, 200, 0.09, 0.18821068920736791, 0.18546399855234852),
      (500, 200, 0.14, 0.0067857075770714785, 0.006590317909809333),
      (997, 101, 0.13903095424888526, 0.05186722252468702, 0.05164294141072408),
      (1000, 100, 0.137, 0.06088062616949534, 0.05957306636162991),
      (2000, 1500, 0.05, 0.026719100728279436, 0.026609665222889545),
      (2000, 1500, 0.058333333333333334, 0.005650829798859265, 0.00562214164981787),
      (5000, 3000, 0.04666666666666667, 0.0005510734891005085, 0.0005488759730428358),
    ])
  func pValues(n: Int, m: Int, distance: Double, exact: Double, asymptotic: Double) {
    func pValue(_ method: KolmogorovSmirnovTest.Method) -> Double {
      KolmogorovSmirnovTest.pValue(distance: distance, referenceCount: n, currentCount: m, method: method)
    }
    #expect(near(pValue(.exact), exact, 1e-8))
    #expect(near(pValue(.asymptotic), asymptotic, 1e-8))
    // A test does not know which sample is called the reference.
    let swapped = KolmogorovSmirnovTest.pValue(
      distance: distance, referenceCount: m, currentCount: n, method: .exact)
    #expect(near(swapped, exact, 1e-8))
  }

  @Test(
    "the asymptotic critical distance agrees with scipy's kstwo.isf",
    arguments: [
      (10, 10, 0.05, 0.5632751983660635), (1000, 100, 0.05, 0.14040320761903333),
      (1000, 200, 0.0038461538461538464, 0.1356493172264367), (130, 40, 0.0038461538461538464, 0.3098614183898064),
      (20000, 3000, 0.01, 0.03179917164181461),
    ])
  func asymptoticCritical(n: Int, m: Int, limit: Double, distance: Double) {
    let critical = KolmogorovSmirnovTest.criticalDistance(
      atPValue: limit, referenceCount: n, currentCount: m, method: .asymptotic)
    // scipy solves for its distribution function, which is coarser than its tail: the tail itself decides more finely.
    #expect(near(critical, distance, 1e-5))
    let p = KolmogorovSmirnovTest.pValue(
      distance: critical ?? 0, referenceCount: n, currentCount: m, method: .asymptotic)
    #expect(near(p, limit, 1e-9))
  }

  @Test("the exact critical distance is the least attainable one below the limit, or none")
  func exactCritical() {
    func critical(_ n: Int, _ m: Int, _ p: Double) -> Double? {
      KolmogorovSmirnovTest.criticalDistance(atPValue: p, referenceCount: n, currentCount: m, method: .exact)
    }
    #expect(near(critical(10, 10, 0.05), 0.7))
    #expect(near(critical(8, 5, 0.05), 0.7))
    #expect(near(critical(100, 30, 0.05 / 13), 0.36))
    #expect(near(critical(4, 4, 0.05), 1))
    #expect(critical(3, 3, 0.05) == nil)
  }

  @Test("exact falls back to asymptotic where scipy does")
  func fallback() throws {
    var generator = SplitMix64(seed: 1)
    let many = (0..<10_001).map { _ in generator.unit() }
    let few = (0..<50).map { _ in generator.unit() }
    #expect(try #require(KolmogorovSmirnovTest(reference: many, current: few)).method == .asymptotic)
    #expect(try #require(KolmogorovSmirnovTest(reference: many, current: few, method: .exact)).method == .exact)
    let p = KolmogorovSmirnovTest.pValue(
      distance: 0.01, referenceCount: 50_021, currentCount: 50_023, method: .exact)
    let asymptotic = KolmogorovSmirnovTest.pValue(
      distance: 0.01, referenceCount: 50_021, currentCount: 50_023, method: .asymptotic)
    #expect(p == asymptotic)
  }

  @Test("D is the widest gap of the distribution functions, found by trying every value")
  func bruteForce() throws {
    var generator = SplitMix64(seed: 7)
    for _ in 0..<200 {
      let reference = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
        Double(Int.random(in: 0...12, using: &generator))
      }
      let current = (0..<Int.random(in: 1...30, using: &generator)).map { _ in
        Double(Int.random(in: 2...14, using: &generator))
      }
      let test = try #require(KolmogorovSmirnovTest(reference: reference, current: current))
      let left = SortedSample(reference)
      let right = SortedSample(current)
      let widest = (reference + current).map { abs(left.fraction(through: $0) - right.fraction(through: $0)) }.max()
      #expect(near(test.statistic, widest ?? -1, 1e-12))
      #expect(near(abs(left.fraction(through: test.location) - right.fraction(through: test.location)), test.statistic))
      #expect((0...1).contains(test.pValue))
    }
  }

  @Test("the exact p-value is the share of interleavings that reach D, counted one by one")
  func enumeration() {
    for (n, m) in [(3, 2), (4, 4), (5, 3), (6, 4)] {
      var total = 0
      var reached: [Double: Int] = [:]
      for mask in 0..<(1 << (n + m)) where mask.nonzeroBitCount == n {
        total += 1
        var widest = 0.0
        var i = 0
        for step in 1...(n + m) {
          if mask >> (step - 1) & 1 == 1 { i += 1 }
          widest = max(widest, abs(Double(i) / Double(n) - Double(step - i) / Double(m)))
        }
        reached[(widest * 1e9).rounded(), default: 0] += 1
      }
      for (distance, _) in reached {
        let share = reached.filter { $0.key >= distance }.values.reduce(0, +)
        let p = KolmogorovSmirnovTest.pValue(
          distance: distance / 1e9, referenceCount: n, currentCount: m, method: .exact)
        #expect(near(p, Double(share) / Double(total), 1e-12))
      }
    }
  }

  @Test("missing numbers are left out and empty samples have no test")
  func missing() throws {
    let test = try #require(KolmogorovSmirnovTest(reference: [1, .nan, 2], current: [.nan, 1.5]))
    #expect(test.referenceCount == 2)
    #expect(test.currentCount == 1)
    #expect(KolmogorovSmirnovTest(reference: [.nan], current: [1]) == nil)
  }

  @Test("the distance from a binned reference has bounds that hold the distance from the raw one")
  func binned() throws {
    var generator = SplitMix64(seed: 3)
    for trial in 0..<100 {
      let reference = (0..<200).map { _ in generator.normal() }
      let current = (0..<60).map { _ in generator.normal() * 1.5 + Double(trial % 5) * 0.2 }
      let raw = try #require(KolmogorovSmirnovTest(reference: reference, current: current))
      // Some values fall outside these edges, and some edges are values.
      let inner = BinEdges([-1.5, -0.5, reference[0], max(reference[0] + 0.1, 1.2), 3].sorted())
      let edges = try #require(inner)
      let bins = try #require(
        BinnedKolmogorovSmirnov(
          reference: Histogram(reference, edges: edges), current: SortedSample(current)))
      #expect(bins.lower <= raw.statistic + 1e-12)
      #expect(bins.upper >= raw.statistic - 1e-12)
      #expect(bins.lower <= bins.interpolated && bins.interpolated <= bins.upper)
    }
  }

  @Test("a binned reference decides only where both bounds agree")
  func binnedVerdict() throws {
    let reference = SortedSample(Fixture.hundredths)
    let edges = try #require(BinEdges.quantiles(reference, count: 20, open: false))
    let histogram = Histogram(reference.values, edges: edges)
    func verdict(_ current: [Double]) throws -> BinnedKolmogorovSmirnov.Verdict {
      let bins = BinnedKolmogorovSmirnov(reference: histogram, current: SortedSample(current))
      return try #require(bins).verdict(atPValue: 0.05)
    }
    #expect(try verdict(Fixture.hundredths) == .noDrift)
    #expect(try verdict(Fixture.hundredths.map { $0 * 0.5 }) == .drift)
    let coarse = try #require(BinEdges([0, 1]))
    let one = try #require(
      BinnedKolmogorovSmirnov(
        reference: Histogram(reference.values, edges: coarse), current: SortedSample(Fixture.hundredths)))
    #expect(one.verdict(atPValue: 0.05) == .undecided)
    #expect(one.lower == 0)
  }
}
