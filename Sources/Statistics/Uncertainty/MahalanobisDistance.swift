/// How far a row lies from a reference's centre in units of its spread, √((x−μ)ᵀ Σ⁻¹ (x−μ)) (Mahalanobis 1936).
public struct MahalanobisDistance: Hashable, Sendable {
  /// μ.
  public let mean: [Double]
  /// The lower Cholesky factor of Σ, row by row.
  private let factor: [[Double]]

  /// Learns from rows of equal length; Σ is the sample covariance with `ridge` times the mean variance on its diagonal.
  ///
  /// Nil when rows are ragged, not finite, fewer than two, or when Σ is not positive definite (a constant or dependent
  /// column: raise `ridge`).
  public init?(rows: [[Double]], ridge: Double = 1e-9) {
    guard rows.count > 1, let width = rows.first?.count, width > 0 else { return nil }
    guard rows.allSatisfy({ $0.count == width && $0.allSatisfy(\.isFinite) }) else { return nil }
    var mean = Array(repeating: 0.0, count: width)
    var scatter = Array(repeating: Array(repeating: 0.0, count: width), count: width)
    for (index, row) in rows.enumerated() {
      // Welford's update for vectors.
      let before = zip(row, mean).map { $0 - $1 }
      for column in 0..<width { mean[column] += before[column] / Double(index + 1) }
      for i in 0..<width {
        for j in 0...i { scatter[i][j] += before[i] * (row[j] - mean[j]) }
      }
    }
    let degrees = Double(rows.count - 1)
    let spread = (0..<width).reduce(0) { $0 + scatter[$1][$1] / degrees } / Double(width)
    for i in 0..<width {
      for j in 0...i { scatter[i][j] /= degrees }
      scatter[i][i] += ridge * spread
    }
    guard let factor = Self.cholesky(scatter) else { return nil }
    self.mean = mean
    self.factor = factor
  }

  /// The squared distance; nil when the row's length differs or a value is missing.
  public func squared(_ row: [Double]) -> Double? {
    guard row.count == mean.count, row.allSatisfy(\.isFinite) else { return nil }
    return contributions(row).reduce(0) { $0 + $1 * $1 }
  }

  /// The distance; nil as for `squared`.
  public func callAsFunction(_ row: [Double]) -> Double? { squared(row)?.squareRoot() }

  /// P(D² ≥ this row's) if the reference is multivariate normal: χ² with as many degrees of freedom as columns.
  public func tail(_ row: [Double]) -> Double? {
    guard let squared = squared(row) else { return nil }
    return ChiSquaredDistribution(degreesOfFreedom: Double(mean.count))?.survival(squared)
  }

  /// L⁻¹(x−μ) by forward substitution.
  private func contributions(_ row: [Double]) -> [Double] {
    var solved: [Double] = []
    for i in row.indices {
      var value = row[i] - mean[i]
      for j in 0..<i { value -= factor[i][j] * solved[j] }
      solved.append(value / factor[i][i])
    }
    return solved
  }

  private static func cholesky(_ matrix: [[Double]]) -> [[Double]]? {
    var factor = matrix
    for i in matrix.indices {
      for j in 0...i {
        var value = matrix[i][j]
        for k in 0..<j { value -= factor[i][k] * factor[j][k] }
        if i == j {
          guard value > 1e-14 * matrix[i][i] else { return nil }
          factor[i][i] = value.squareRoot()
        } else {
          factor[i][j] = value / factor[j][j]
        }
      }
    }
    return factor
  }
}
