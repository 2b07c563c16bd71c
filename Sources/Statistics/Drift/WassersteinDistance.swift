/// W₁ = ∫|F_reference − F_current| dx, the earth mover's distance in the feature's own unit (scipy
/// `wasserstein_distance`).
public enum WassersteinDistance {
  /// Between two samples; nil when one is empty.
  public static func between(_ reference: SortedSample, _ current: SortedSample) -> Double? {
    guard reference.count > 0, current.count > 0 else { return nil }
    let left = reference.values
    let right = current.values
    var i = 0
    var j = 0
    var sum = 0.0
    var previous = min(left[0], right[0])
    while i < left.count || j < right.count {
      let value = min(i < left.count ? left[i] : .infinity, j < right.count ? right[j] : .infinity)
      let gap = Double(i) / Double(left.count) - Double(j) / Double(right.count)
      // Two equal infinities are no distance apart.
      if value > previous, gap != 0 { sum += abs(gap) * (value - previous) }
      previous = value
      while i < left.count && left[i] == value { i += 1 }
      while j < right.count && right[j] == value { j += 1 }
    }
    return sum
  }

  /// W₁ over the reference's population σ, that at least `floor` (Evidently's `wasserstein`, threshold 0.1).
  public static func normed(_ reference: SortedSample, _ current: SortedSample, floor: Double = 0.001) -> Double? {
    guard let deviation = Moments(reference.values).populationDeviation else { return nil }
    return between(reference, current).map { $0 / max(deviation, floor) }
  }

  /// Between weighted points: each value carries the weight beside it; nil when a side weighs nothing or lengths differ.
  public static func between(
    _ reference: [Double], weights: [Double], _ current: [Double], weights currentWeights: [Double]
  ) -> Double? {
    let total = weights.reduce(0, +)
    let currentTotal = currentWeights.reduce(0, +)
    guard total > 0, currentTotal > 0, reference.count == weights.count, current.count == currentWeights.count
    else { return nil }
    var steps = zip(reference, weights).map { (value: $0, rise: $1 / total) }
    steps += zip(current, currentWeights).map { (value: $0, rise: -$1 / currentTotal) }
    steps.sort { $0.value < $1.value }
    var gap = 0.0
    var sum = 0.0
    for (step, next) in zip(steps, steps.dropFirst()) {
      gap += step.rise
      sum += abs(gap) * (next.value - step.value)
    }
    return sum
  }
}
