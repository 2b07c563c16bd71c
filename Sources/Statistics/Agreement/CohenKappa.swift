/// Agreement of two raters beyond chance, κ = (Po − Pe)/(1 − Pe) (Cohen 1960; weighted: Cohen 1968).
public struct CohenKappa: Hashable, Sendable {
  /// How much a disagreement costs by the distance of the two labels in the matrix' order.
  public enum Weights: String, Hashable, Sendable {
    /// Every disagreement costs the same: labels without order.
    case none
    case linear, quadratic
  }

  /// Po, the share of units on which both agree (weighted: 1 − the mean cost).
  public let observed: Double
  /// Pe, the agreement that their label shares alone would bring.
  public let expected: Double
  /// n, the units that both rated.
  public let count: Int

  /// κ; nil when chance alone explains everything (Pe = 1), as when both use one and the same label throughout.
  public var value: Double? { expected < 1 ? (observed - expected) / (1 - expected) : nil }

  /// Nil for an empty matrix.
  public init?<Label>(_ matrix: ConfusionMatrix<Label>, weights: Weights = .none) {
    let total = matrix.total
    guard total > 0 else { return nil }
    let rows = matrix.truthTotals
    let columns = matrix.modelTotals
    let n = Double(total)
    let span = Double(max(1, matrix.labels.count - 1))
    var cost = 0.0
    var chance = 0.0
    for row in rows.indices {
      for column in columns.indices where row != column {
        let distance = Double(abs(row - column)) / span
        let weight =
          switch weights {
          case .none: 1.0
          case .linear: distance
          case .quadratic: distance * distance
          }
        cost += weight * Double(matrix.counts[row][column]) / n
        chance += weight * Double(rows[row]) * Double(columns[column]) / (n * n)
      }
    }
    observed = 1 - cost
    expected = 1 - chance
    count = total
  }

  public init?<Label: Hashable & Sendable>(_ pairs: some Sequence<(Label, Label)>) {
    self.init(ConfusionMatrix(pairs.map { (truth: $0.0, model: $0.1) }))
  }
}
