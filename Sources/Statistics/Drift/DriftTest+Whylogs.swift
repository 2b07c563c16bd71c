extension DriftTest {
  /// KS for numbers, whylogs' own χ² for categories; p < α drift, p < 3α possible drift (whylogs' 0.05 and 0.15).
  func whylogs(_ sample: FeatureSample) -> FeatureDrift {
    var drift: FeatureDrift
    switch sample {
    case .numeric, .binned:
      drift = kolmogorovSmirnov(sample, .asymptotic)
    case .categorical(let reference, let current):
      let counts = CategoryCounts(reference: reference, current: current)
      drift = truncatedFit(counts.reference, counts.current)
    case .counts(let reference, let current):
      drift = truncatedFit(reference, current)
    }
    drift.threshold = level
    drift.verdict = verdict(drift, below: level)
    if drift.verdict == .noDrift, let pValue = drift.pValue, pValue < 3 * level { drift.verdict = .possible }
    return drift
  }

  /// χ² against expectations cut to whole counts, with as many degrees of freedom as current categories less one;
  /// a category that cannot be expected makes it infinite.
  private func truncatedFit(_ reference: [Int], _ current: [Int]) -> FeatureDrift {
    let before = reference.reduce(0, +)
    let after = current.reduce(0, +)
    let kept = reference.indices.filter { reference[$0] > 0 || current[$0] > 0 }
    var drift = FeatureDrift(
      method: .chiSquaredFit, bins: kept.count, referenceCount: before, currentCount: after)
    guard before > 0, after > 0 else { return drift }
    var statistic = 0.0
    for index in kept {
      let expected = (Double(reference[index]) / Double(before) * Double(after)).rounded(.down)
      let gap = Double(current[index]) - expected
      statistic += expected > 0 ? gap * gap / expected : .infinity
    }
    let freedom = Double(max(1, current.count { $0 > 0 } - 1))
    drift.statistic = statistic
    drift.pValue = ChiSquaredDistribution(degreesOfFreedom: freedom)?.survival(statistic)
    return drift
  }
}
