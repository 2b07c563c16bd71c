/// The Kolmogorov–Smirnov distance when the reference is known only as a histogram: the true D lies between two bounds.
public struct BinnedKolmogorovSmirnov: Hashable, Sendable {
  /// What can be said of a test whose D is known only within bounds.
  public enum Verdict: String, Hashable, Sendable {
    case drift, noDrift
    /// The limit lies between the bounds: finer bins or the raw reference would be needed.
    case undecided
  }

  /// The distance at the edges, where both functions are known; the true D is not less.
  public let lower: Double
  /// The greatest distance that any arrangement of the reference inside its bins allows; the true D is not more.
  public let upper: Double
  /// D if the reference were spread evenly inside each bin.
  public let interpolated: Double
  public let referenceCount: Int
  public let currentCount: Int

  /// Nil when one side is empty.
  public init?(reference: Histogram, current: SortedSample) {
    let total = reference.total
    guard total > 0, current.count > 0 else { return nil }
    referenceCount = total
    currentCount = current.count
    let edges = reference.edges.values
    let n = Double(total)
    let m = Double(current.count)
    let first = Double(current.count(below: edges[0])) / m
    let last = current.fraction(through: edges[edges.count - 1])
    var seen = reference.below
    var lower = abs(Double(seen) / n - first)
    var upper = max(Double(seen) / n, first)
    var interpolated = lower
    for bin in reference.counts.indices {
      let isLast = bin == reference.counts.count - 1
      let floor = Double(seen) / n
      seen += reference.counts[bin]
      let ceiling = Double(seen) / n
      let start = edges[bin]
      let end = edges[bin + 1]
      let after = isLast ? last : Double(current.count(below: end)) / m
      lower = max(lower, abs(ceiling - after))
      upper = max(upper, ceiling - current.fraction(through: start), after - floor)
      let inside = current.count(below: start)..<Int((after * m).rounded())
      for index in inside where (end - start).isFinite {
        let share = floor + (ceiling - floor) * (current.values[index] - start) / (end - start)
        interpolated = max(interpolated, abs(share - Double(index) / m), abs(share - Double(index + 1) / m))
      }
    }
    let beyond = Double(reference.above) / n
    self.lower = lower
    self.upper = max(upper, beyond, 1 - last)
    self.interpolated = min(self.upper, max(lower, interpolated))
  }

  /// The p-values of the upper and the lower bound: the true one lies between.
  public func pValues(_ method: KolmogorovSmirnovTest.Method = .asymptotic) -> (least: Double, greatest: Double) {
    func pValue(_ distance: Double) -> Double {
      KolmogorovSmirnovTest.pValue(
        distance: distance, referenceCount: referenceCount, currentCount: currentCount, method: method)
    }
    return (pValue(upper), pValue(lower))
  }

  /// Drift when every D within the bounds is drift (p < limit), none when none is.
  public func verdict(
    atPValue limit: Double, method: KolmogorovSmirnovTest.Method = .asymptotic
  ) -> Verdict {
    let bounds = pValues(method)
    if bounds.greatest < limit { return .drift }
    return bounds.least < limit ? .undecided : .noDrift
  }
}
