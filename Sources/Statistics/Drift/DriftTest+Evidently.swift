extension DriftTest {
  /// Evidently 0.7's choice of method: up to 1000 reference rows a test, above them a distance with the limit 0.1.
  func evidently(_ sample: FeatureSample) -> FeatureDrift {
    let isSmall = sample.referenceCount <= 1000
    switch sample {
    case .numeric(let reference, let current):
      let before = SortedSample(reference)
      let after = SortedSample(current)
      let counts = CategoryCounts(reference: before.values, current: after.values)
      if counts.categories.count > 5 {
        return isSmall ? smallNumeric(sample) : wasserstein(before, after)
      }
      return isSmall
        ? smallCategorical(counts.reference, counts.current)
        : jensenShannon(BinnedShares(reference: counts.reference, current: counts.current), base2: false, limit: 0.1)
    case .binned(let reference, let current):
      if isSmall { return smallNumeric(sample) }
      let shares = BinnedShares(reference: reference, current: Histogram(current, edges: reference.edges))
      return jensenShannon(shares, base2: false, limit: 0.1)
    case .categorical(let reference, let current):
      let counts = CategoryCounts(reference: reference, current: current)
      return evidently(.counts(reference: counts.reference, current: counts.current))
    case .counts(let reference, let current):
      return isSmall
        ? smallCategorical(reference, current)
        : jensenShannon(BinnedShares(reference: reference, current: current), base2: false, limit: 0.1)
    }
  }

  /// KS by scipy's `auto`; p ≤ α is drift.
  private func smallNumeric(_ sample: FeatureSample) -> FeatureDrift {
    var drift = kolmogorovSmirnov(sample, .automatic)
    drift.threshold = level
    drift.verdict = verdict(drift, below: level.nextUp)
    return drift
  }

  /// χ² against the reference's shares, or z when there are no more than two values; p < α is drift.
  private func smallCategorical(_ reference: [Int], _ current: [Int]) -> FeatureDrift {
    let kept = reference.indices.filter { reference[$0] > 0 || current[$0] > 0 }
    let before = reference.reduce(0, +)
    let after = current.reduce(0, +)
    var drift = FeatureDrift(
      method: kept.count > 2 ? .chiSquaredFit : .twoProportions, threshold: level, bins: kept.count,
      referenceCount: before, currentCount: after)
    if kept.count > 2 {
      let test = ChiSquaredTest(
        observed: kept.map { Double(current[$0]) }, expected: kept.map { Double(reference[$0]) })
      drift.statistic = test?.statistic
      drift.pValue = test?.pValue
    } else if let first = kept.first {
      let test = TwoProportionsTest(successes: reference[first], of: before, against: current[first], of: after)
      drift.statistic = test?.statistic
      drift.pValue = test?.pValue
    }
    drift.verdict = verdict(drift, below: level)
    return drift
  }

  private func wasserstein(_ reference: SortedSample, _ current: SortedSample) -> FeatureDrift {
    var drift = FeatureDrift(
      method: .wasserstein, statistic: WassersteinDistance.normed(reference, current), threshold: 0.1,
      referenceCount: reference.count, currentCount: current.count)
    if let statistic = drift.statistic { drift.verdict = statistic >= 0.1 ? .drift : .noDrift }
    return drift
  }

  /// A Jensen–Shannon distance that drifts from its limit on.
  private func jensenShannon(_ shares: BinnedShares, base2: Bool, limit: Double) -> FeatureDrift {
    var drift = FeatureDrift(
      method: .jensenShannon(base2: base2), threshold: limit, bins: shares.count,
      referenceCount: shares.referenceCount, currentCount: shares.currentCount)
    guard shares.referenceCount > 0, shares.currentCount > 0 else { return drift }
    let distance = Divergence.jensenShannonDistance(shares.reference, shares.current, base2: base2)
    drift.statistic = distance
    drift.verdict = distance >= limit ? .drift : .noDrift
    return drift
  }
}
