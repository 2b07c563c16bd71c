import Statistics
import Testing

/// Reference values by numpy 2.4.
struct SampleTests {
  let reference = congruential(1000, seed: 42)

  @Test("moments of the shared fixture agree with numpy")
  func moments() {
    #expect(near(reference[0], 0.25234517, 1e-7) && near(reference[2], 0.5772812, 1e-7))
    let moments = Moments(reference)
    #expect(near(moments.mean, 0.5113051657))
    #expect(near(moments.populationDeviation, 0.2850344844))
    #expect(moments.count == 1000)
  }

  @Test("moments of parts merge to those of the whole, wherever it is cut")
  func merging() throws {
    let whole = Moments(reference)
    for cut in [0, 1, 2, 500, 999, 1000] {
      var left = Moments(reference[..<cut])
      left.merge(Moments(reference[cut...]))
      #expect(near(left.mean, try #require(whole.mean), 1e-12))
      #expect(near(left.sampleVariance, try #require(whole.sampleVariance), 1e-12))
      #expect(near(left.skewness, try #require(whole.skewness), 1e-9))
      #expect(left.minimum == whole.minimum && left.maximum == whole.maximum && left.count == whole.count)
    }
  }

  @Test("variance survives a large offset")
  func offset() {
    let moments = Moments([4, 7, 13, 16].map { $0 + 1e9 })
    #expect(near(moments.sampleVariance, 30))
  }

  @Test("no values have no mean, one has no sample variance, NaN is counted apart")
  func few() {
    #expect(Moments([]).mean == nil)
    #expect(Moments([1]).sampleVariance == nil && Moments([1]).skewness == nil)
    #expect(Moments([1, .nan]).missing == 1)
  }

  @Test("quantiles interpolate as numpy does by default")
  func quantiles() {
    let sample = SortedSample([3, 1, .nan, 2, 10])
    #expect(sample.missing == 1 && sample.count == 4)
    #expect(sample.median == 2.5)
    #expect(near(sample.quantile(0.9), 7.9))
    #expect(sample.quantile(0) == 1 && sample.quantile(1) == 10 && sample.quantile(1.1) == nil)
    #expect(SortedSample([]).median == nil)
    #expect(sample.count(below: 2) == 1 && sample.count(through: 2) == 2)
    #expect(SortedSample([1, 1, 2, 2, 2]).distinct == 2)
    #expect(SortedSample([-.infinity, .infinity, .infinity]).quantile(0.75) == .infinity)
  }

  @Test("Doane's and Sturges' bins agree with numpy")
  func bins() throws {
    let sample = SortedSample(reference)
    let doane = try #require(BinEdges.doane(sample))
    #expect(doane.count == 11)
    #expect(near(doane.values[0], 0.0022425384, 1e-7) && near(doane.values[11], 0.9993121820))
    #expect(BinEdges.sturges(sample)?.count == 11)
  }

  @Test("a value belongs to the bin that starts at it, the last edge to the last bin")
  func edges() throws {
    let edges = try #require(BinEdges([0, 1, 2]))
    #expect([-0.1, 0, 0.5, 1, 2, 2.1, .nan].map(edges.bin(of:)) == [nil, 0, 0, 1, 1, nil, nil])
    #expect(BinEdges([1, 1]) == nil && BinEdges([1]) == nil && BinEdges([0, .nan]) == nil)
    #expect(BinEdges.equalWidth(count: 2, from: 3, through: 3)?.values == [2.5, 3, 3.5])
    #expect(BinEdges.quantiles(SortedSample([4, 4, 4]), count: 10)?.values == [-.infinity, .infinity])
    #expect(BinEdges.quantiles(SortedSample([4, 4, 4]), count: 10, open: false) == nil)
  }

  @Test("a histogram loses nothing")
  func histogram() throws {
    let edges = try #require(BinEdges([0.2, 0.5, 0.8]))
    let histogram = Histogram(reference + [.nan], edges: edges)
    #expect(histogram.total == 1000 && histogram.missing == 1)
    #expect(near(histogram.proportions.reduce(0, +) + histogram.outside, 1))
    #expect(Histogram(edges: edges, counts: [1]) == nil)
    #expect(Histogram(edges: edges, counts: [1, -1]) == nil)
  }

  @Test("the seeded generator repeats itself and follows the published sequence")
  func generator() {
    var generator = SplitMix64(seed: 1_234_567)
    #expect(generator.next() == 6_457_827_717_110_365_317)
    #expect(generator.next() == 3_203_168_211_198_807_973)
    var other = SplitMix64(seed: 9)
    let units = (0..<1000).map { _ in other.unit() }
    #expect(units.allSatisfy { (0..<1).contains($0) })
  }
}
