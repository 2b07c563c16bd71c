extension DriftTest {
  /// Jensen–Shannon distance in base 2 of the current values as one chunk; drift above mean + 3σ of the same distance of
  /// the reference's own chunks, at most 1 (NannyML's univariate default).
  ///
  /// The distance grows as chunks get smaller: it is fair only where the current data is about as long as a tenth of the
  /// reference. Without raw reference values in time order there is nothing to learn the limit from.
  func nannyml(_ sample: FeatureSample) -> FeatureDrift {
    let method = DriftMethod.jensenShannon(base2: true)
    switch sample {
    case .numeric(let reference, let current):
      let kept = reference.filter { !$0.isNaN }
      guard let edges = BinEdges.doane(SortedSample(kept)) else { break }
      let whole = Histogram(kept, edges: edges)
      return judged(sample, chunks: ReferenceBand.chunks(kept), current: current[...]) { chunk in
        BinnedShares(reference: whole, current: Histogram(chunk, edges: edges))
      }
    case .categorical(let reference, let current):
      let known = Set(reference)
      return judged(sample, chunks: ReferenceBand.chunks(reference), current: current[...]) { chunk in
        let counts = CategoryCounts(reference: reference, current: chunk.filter(known.contains))
        let unseen = chunk.count { !known.contains($0) }
        return BinnedShares(reference: counts.reference + [0], current: counts.current + [unseen])
      }
    case .counts, .binned:
      break
    }
    return FeatureDrift(
      method: method, referenceCount: sample.referenceCount, currentCount: sample.currentCount)
  }

  private func judged<Value>(
    _ sample: FeatureSample, chunks: [ArraySlice<Value>], current: ArraySlice<Value>,
    shares: (ArraySlice<Value>) -> BinnedShares
  ) -> FeatureDrift {
    func distance(_ chunk: ArraySlice<Value>) -> Double {
      let shares = shares(chunk)
      return Divergence.jensenShannonDistance(shares.reference, shares.current, base2: true)
    }
    var drift = FeatureDrift(
      method: .jensenShannon(base2: true), referenceCount: sample.referenceCount, currentCount: sample.currentCount)
    guard let band = ReferenceBand(chunks.map(distance)), drift.currentCount > 0 else { return drift }
    let threshold = min(1, band.upper)
    let statistic = distance(current)
    drift.statistic = statistic
    drift.threshold = threshold
    drift.bins = shares(current).count
    drift.verdict = statistic > threshold ? .drift : .noDrift
    return drift
  }
}
