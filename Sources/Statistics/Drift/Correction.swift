/// How a p-value limit is shared among several tests, so that many features do not raise many false alarms.
public enum Correction: String, Hashable, Sendable, CaseIterable {
  /// Each test stands alone.
  case none
  /// p < α/n: the chance of any false alarm stays below α (alibi-detect's default).
  case bonferroni
  /// The i-th smallest p < α/(n−i+1), down to the first that is not (Holm 1979); never weaker than Bonferroni.
  case holm
  /// The largest i with p₍ᵢ₎ < iα/n (Benjamini & Hochberg 1995; alibi-detect's `fdr`): the expected share of false
  /// alarms among the alarms stays below α.
  case benjaminiHochberg

  /// What a correction decides.
  public struct Decision: Hashable, Sendable {
    /// Per test, in the order given.
    public var isSignificant: [Bool]
    /// The limit that separates the two: a test is significant when its p-value is below.
    ///
    /// For `benjaminiHochberg` alibi-detect's: q·i/n of the last significant one, q/n when none is.
    public var threshold: Double

    /// Whether any test is significant: drift of the batch.
    public var any: Bool { isSignificant.contains(true) }
  }

  /// Which tests are significant at level α. Comparison is strict, as in alibi-detect; NaN never is, but counts as a test.
  public func decide(_ pValues: [Double], level: Double) -> Decision {
    let n = Double(max(1, pValues.count))
    var threshold: Double
    switch self {
    case .none:
      threshold = level
    case .bonferroni:
      threshold = level / n
    case .holm:
      threshold = level / n
      for (index, pValue) in ascending(pValues).enumerated() {
        threshold = level / (n - Double(index))
        if !(pValue < threshold) { break }
      }
    case .benjaminiHochberg:
      threshold = level * 1 / n
      for (index, pValue) in ascending(pValues).enumerated() where pValue < level * Double(index + 1) / n {
        threshold = level * Double(index + 1) / n
      }
    }
    return Decision(isSignificant: pValues.map { $0 < threshold }, threshold: threshold)
  }

  /// The p-values to compare with α itself, capped at 1; a NaN stays one.
  public func adjusted(_ pValues: [Double]) -> [Double] {
    let n = Double(pValues.count)
    let order = pValues.indices.filter { !pValues[$0].isNaN }.sorted { pValues[$0] < pValues[$1] }
    var adjusted = pValues
    switch self {
    case .none:
      break
    case .bonferroni:
      for index in order { adjusted[index] = min(1, pValues[index] * n) }
    case .holm:
      var floor = 0.0
      for (rank, index) in order.enumerated() {
        floor = max(floor, min(1, pValues[index] * (n - Double(rank))))
        adjusted[index] = floor
      }
    case .benjaminiHochberg:
      var ceiling = 1.0
      for (rank, index) in order.enumerated().reversed() {
        ceiling = min(ceiling, pValues[index] * n / Double(rank + 1))
        adjusted[index] = ceiling
      }
    }
    return adjusted
  }

  private func ascending(_ pValues: [Double]) -> [Double] { pValues.filter { !$0.isNaN }.sorted() }
}
