/// Agreement of a fixed number of answers per unit, κ = (P̄ − P̄e)/(1 − P̄e) (Fleiss 1971).
public struct FleissKappa: Hashable, Sendable {
  /// P̄, the mean share of agreeing pairs.
  public let observed: Double
  /// P̄e = Σp_k².
  public let expected: Double

  /// κ; nil when P̄e = 1.
  public var value: Double? { expected < 1 ? (observed - expected) / (1 - expected) : nil }

  /// counts[unit][label]; nil unless every unit has the same number of answers, two or more.
  public init?(_ counts: [[Int]]) {
    guard let first = counts.first else { return nil }
    let answers = first.reduce(0, +)
    guard answers >= 2, counts.allSatisfy({ $0.count == first.count && $0.reduce(0, +) == answers }) else { return nil }
    let n = Double(answers)
    let units = Double(counts.count)
    let pairs = counts.reduce(0) { $0 + $1.reduce(0) { $0 + $1 * ($1 - 1) } }
    observed = Double(pairs) / (units * n * (n - 1))
    expected = first.indices.reduce(0) { sum, label in
      let share = Double(counts.reduce(0) { $0 + $1[label] }) / (units * n)
      return sum + share * share
    }
  }
}
