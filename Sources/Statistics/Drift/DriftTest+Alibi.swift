extension DriftTest {
  /// KS (`mode='asymp'`) for numbers and `chi2_contingency` for categories, one correction over all features
  /// (alibi-detect `KSDrift`, `ChiSquareDrift`, `TabularDrift`).
  func alibi(_ samples: [FeatureSample]) -> (features: [FeatureDrift], threshold: Double) {
    var features = samples.map { sample in
      switch sample {
      case .numeric, .binned:
        return kolmogorovSmirnov(sample, .asymptotic)
      case .categorical(let reference, let current):
        let counts = CategoryCounts(reference: reference, current: current)
        return contingency(counts.reference, counts.current)
      case .counts(let reference, let current):
        return contingency(reference, current)
      }
    }
    let decision = correction.decide(features.map { $0.pValue ?? .nan }, level: level)
    for index in features.indices {
      features[index].threshold = decision.threshold
      features[index].verdict = verdict(features[index], below: decision.threshold)
    }
    return (features, decision.threshold)
  }

  private func contingency(_ reference: [Int], _ current: [Int]) -> FeatureDrift {
    var drift = FeatureDrift(
      method: .chiSquared, bins: zip(reference, current).count { $0 > 0 || $1 > 0 },
      referenceCount: reference.reduce(0, +), currentCount: current.reduce(0, +))
    if let test = ChiSquaredTest(reference: reference, current: current) {
      drift.statistic = test.statistic
      drift.pValue = test.pValue
      drift.cramersV = test.cramersV
    }
    return drift
  }
}
