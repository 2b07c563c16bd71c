import Statistics
import Testing

struct DriftTestTests {
  let numeric = FeatureSample.numeric(reference: Fixture.oneToTen, current: Fixture.threeToTwelve)
  let counts = FeatureSample.counts(reference: [500, 300, 200], current: [400, 400, 200])
  let shifted = FeatureSample.numeric(reference: Fixture.hundredths, current: Fixture.shifted)

  @Test("alibi-detect's profile divides the limit among the features and drifts when any is below")
  func alibi() {
    let report = DriftTest().run([numeric, counts])
    #expect(report.threshold == 0.025)
    #expect(report.verdict == .drift && report.driftingCount == 1)
    #expect(report.features.map(\.verdict) == [.noDrift, .drift])
    #expect(report.features[0].method == .kolmogorovSmirnov(.asymptotic))
    #expect(near(report.features[0].pValue, 0.9616))
    #expect(near(report.features[1].statistic, 25.396825396825395))
    #expect(near(report.features[1].cramersV, 0.11268723396380222))
  }

  @Test("categories count the same whether they come raw or counted")
  func rawOrCounted() {
    let before = Array(repeating: 7, count: 500) + Array(repeating: 1, count: 300) + Array(repeating: 4, count: 200)
    let after = Array(repeating: 1, count: 400) + Array(repeating: 7, count: 400) + Array(repeating: 4, count: 200)
    let raw = FeatureSample.categorical(reference: before, current: after)
    for profile in [DriftProfile.alibi, .evidently, .whylogs] {
      #expect(DriftTest(profile: profile).run([raw]) == DriftTest(profile: profile).run([counts]))
    }
  }

  @Test("a feature's critical statistic is where its p-value meets the threshold")
  func critical() throws {
    let report = DriftTest().run([shifted, counts])
    let distance = try #require(report.features[0].criticalStatistic)
    let p = KolmogorovSmirnovTest.pValue(
      distance: distance, referenceCount: 100, currentCount: 100, method: .asymptotic)
    #expect(near(p, 0.025, 1e-8))
    let statistic = try #require(report.features[1].criticalStatistic)
    let tail = try #require(ChiSquaredDistribution(degreesOfFreedom: 2)?.survival(statistic))
    #expect(near(tail, 0.025))
  }

  @Test("an empty feature is unavailable, counts as a test and never drifts")
  func empty() {
    let nothing = FeatureSample.numeric(reference: [1, 2], current: [.nan])
    for profile in DriftProfile.allCases {
      let report = DriftTest(profile: profile).run([nothing])
      #expect(report.features[0].verdict == .unavailable && report.verdict == .unavailable)
      #expect(DriftTest(profile: profile).run([]).verdict == .unavailable)
    }
    #expect(DriftTest().run([nothing, counts]).threshold == 0.025)
  }

  @Test("a coarsely binned reference is undecided rather than quiet")
  func binned() throws {
    let edges = try #require(BinEdges([0, 1]))
    let sample = FeatureSample.binned(
      reference: Histogram(Fixture.hundredths, edges: edges), current: Fixture.hundredths)
    let report = DriftTest().run([sample])
    #expect(report.verdict == .undecided)
    #expect(report.features[0].bounds?.lowerBound == 0)
  }

  @Test("Evidently's defaults say no drift by KS where its distances say drift, as Evidently 0.7.23 does")
  func evidently() throws {
    let report = DriftTest(profile: .evidently).run([shifted])
    #expect(near(report.features[0].pValue, 0.5830090613))
    #expect(report.verdict == .noDrift)
    let reference = SortedSample(Fixture.hundredths)
    let current = SortedSample(Fixture.shifted)
    #expect(near(WassersteinDistance.normed(reference, current), 0.3273739717))
    let shares = try #require(BinnedShares.evidently(reference: reference, current: current))
    #expect(near(shares.populationStability, 0.3040495388))
    #expect(near(Divergence.jensenShannonDistance(shares.reference, shares.current), 0.1797139877))
    #expect(near(Divergence.kullbackLeibler(shares.reference, shares.current), 0.1928579202))
  }

  @Test("Evidently treats twenty values or fewer as categories")
  func fewValues() throws {
    let reference = SortedSample(Fixture.oneToTen + Fixture.oneToTen + Fixture.oneToTen)
    let current = SortedSample(Fixture.threeToTwelve + Fixture.threeToTwelve + Fixture.threeToTwelve)
    let shares = try #require(BinnedShares.evidently(reference: reference, current: current))
    #expect(near(shares.populationStability, 2.7603390095))
    #expect(near(Divergence.jensenShannonDistance(shares.reference, shares.current), 0.3723297411))
    let test = try #require(KolmogorovSmirnovTest(reference: reference, current: current))
    #expect(near(test.pValue, 0.5940706298))
  }

  @Test("Evidently chooses by size and by number of values")
  func evidentlyMethods() {
    let test = DriftTest(profile: .evidently)
    let long = congruential(1001, seed: 42)
    #expect(near(test.run([counts]).features[0].statistic, 53.3333333333))
    let binary = test.run([.counts(reference: [50, 150], current: [60, 90])]).features[0]
    #expect(binary.method == .twoProportions && near(binary.pValue, 0.0027764224, 1e-7))
    #expect(test.run([.numeric(reference: long, current: long)]).features[0].method == .wasserstein)
    let few = long.map { ($0 * 3).rounded(.down) }
    #expect(test.run([.numeric(reference: few, current: few)]).features[0].method == .jensenShannon(base2: false))
    let many = test.run([.counts(reference: [1000, 600, 400], current: [400, 400, 200])]).features[0]
    #expect(near(many.statistic, 0.0797947262) && many.verdict == .noDrift)
  }

  @Test("NannyML's chunks, limits and alerts on the shared fixture")
  func nannyml() throws {
    let reference = congruential(1000, seed: 42)
    let analysis = [
      congruential(100, seed: 7), congruential(100, seed: 8).map { $0 * 0.9 + 0.1 },
      congruential(100, seed: 9).map { $0 * 0.5 + 0.5 },
    ]
    let reports = analysis.map { current in
      DriftTest(profile: .nannyml).run([.numeric(reference: reference, current: current)]).features[0]
    }
    #expect(zip(reports, [0.106342, 0.248501, 0.526148]).allSatisfy { near($0.statistic, $1, 1e-5) })
    #expect(reports.allSatisfy { near($0.threshold, 0.20637, 1e-5) })
    #expect(reports.map(\.verdict) == [.noDrift, .drift, .drift])

    let whole = SortedSample(reference)
    let chunks = ReferenceBand.chunks(reference).map(SortedSample.init)
    let distances = try #require(
      ReferenceBand(
        chunks.map { KolmogorovSmirnovTest(reference: whole, current: $0)?.statistic ?? .nan }))
    #expect(near(distances.upper, 0.137749, 1e-5))
    let movers = try #require(ReferenceBand(chunks.map { WassersteinDistance.between(whole, $0) ?? .nan }))
    #expect(near(movers.upper, 0.046252, 1e-4))
    let gaps = analysis.map { KolmogorovSmirnovTest(reference: whole, current: SortedSample($0))?.statistic }
    #expect(zip(gaps, [0.056, 0.083, 0.487]).allSatisfy { near($0, $1) })
    let costs = analysis.map { WassersteinDistance.between(whole, SortedSample($0)) }
    #expect(zip(costs, [0.014264, 0.021327, 0.230124]).allSatisfy { near($0, $1, 1e-4) })
  }

  @Test("the band is the mean and three population deviations to each side")
  func band() throws {
    let band = try #require(ReferenceBand((0..<10).map(Double.init)))
    #expect(near(band.lower, -4.1168439698) && near(band.upper, 13.1168439698))
    #expect(ReferenceBand.chunks(Array(0..<9)).isEmpty)
    #expect(ReferenceBand.chunks(Array(0..<25)).map(\.count) == Array(repeating: 2, count: 12) + [1])
  }

  @Test("NannyML puts categories the reference never had into the leftover")
  func leftover() {
    let reference = (0..<200).map { $0 % 3 }
    let drift = DriftTest(profile: .nannyml).run([
      .categorical(reference: reference, current: Array(repeating: 9, count: 20))
    ]).features[0]
    #expect(near(drift.statistic, 1) && drift.verdict == .drift && drift.bins == 4)
  }

  @Test("whylogs has a middle level between three and one times the limit")
  func whylogs() {
    let test = DriftTest(profile: .whylogs)
    func verdict(_ current: [Int]) -> DriftVerdict {
      test.run([.counts(reference: [500, 500], current: current)]).verdict
    }
    #expect(verdict([50, 50]) == .noDrift)
    #expect(verdict([58, 42]) == .possible)  // χ² 2.56, p 0.1096
    #expect(verdict([70, 30]) == .drift)
    let unseen = test.run([.counts(reference: [10, 0], current: [5, 5])]).features[0]
    #expect(unseen.statistic == .infinity && unseen.pValue == 0)
  }
}
