/// Pearson's χ² test of counts (Pearson 1900; scipy `chi2_contingency` and `chisquare`).
public struct ChiSquaredTest: Hashable, Sendable {
  /// Σ(O−E)²/E, after Yates' correction where it applies.
  public let statistic: Double
  public let degreesOfFreedom: Int
  public let pValue: Double
  /// √(χ²/(N·min(r−1, c−1))) of the uncorrected statistic, in 0...1 (Cramér 1946); nil where it means nothing.
  public let cramersV: Double?
  /// Whether Yates' continuity correction was applied.
  public let isCorrected: Bool
  /// The smallest expected count: below 5 the p-value is rough (Cochran 1954).
  public let smallestExpected: Double

  /// Whether the rows of a table differ in their distribution over its columns, as ChiSquareDrift and TabularDrift ask.
  ///
  /// Columns without any count are left out (scipy refuses them). Yates' correction moves each count by at most ½
  /// towards its expectation and applies, as in scipy, only at one degree of freedom. A single column gives χ² 0, p 1.
  /// Nil when rows differ in length, a count is negative or not finite, or a row or the table is empty.
  public init?(table: [[Double]], yates: Bool = true) {
    guard let width = table.first?.count, table.allSatisfy({ $0.count == width }) else { return nil }
    guard table.allSatisfy({ $0.allSatisfy { $0 >= 0 && $0.isFinite } }) else { return nil }
    let columns = (0..<width).filter { column in table.contains { $0[column] > 0 } }
    let rows = table.map { row in columns.map { row[$0] } }
    let rowTotals = rows.map { $0.reduce(0, +) }
    guard !columns.isEmpty, rowTotals.allSatisfy({ $0 > 0 }) else { return nil }
    let columnTotals = columns.indices.map { column in rows.reduce(0) { $0 + $1[column] } }
    let total = rowTotals.reduce(0, +)
    degreesOfFreedom = (rows.count - 1) * (columns.count - 1)
    isCorrected = yates && degreesOfFreedom == 1

    var corrected = 0.0
    var plain = 0.0
    var smallest = Double.infinity
    for (row, rowTotal) in zip(rows, rowTotals) {
      for (observed, columnTotal) in zip(row, columnTotals) {
        let expected = rowTotal * columnTotal / total
        let gap = abs(expected - observed)
        let moved = isCorrected ? gap - min(0.5, gap) : gap
        plain += gap * gap / expected
        corrected += moved * moved / expected
        smallest = min(smallest, expected)
      }
    }
    smallestExpected = smallest
    let breadth = Double(min(rows.count, columns.count) - 1)
    cramersV = breadth > 0 ? min(1, (plain / (total * breadth)).squareRoot()) : nil
    statistic = degreesOfFreedom == 0 ? 0 : corrected
    pValue = ChiSquaredDistribution(degreesOfFreedom: Double(degreesOfFreedom))?.survival(corrected) ?? 1
  }

  /// The 2×K table of reference against current counts, one column per category of their union.
  public init?(reference: [Int], current: [Int], yates: Bool = true) {
    guard reference.count == current.count else { return nil }
    self.init(table: [reference.map(Double.init), current.map(Double.init)], yates: yates)
  }

  /// Whether counts fit expected ones, scaled to the same total, as Evidently asks (scipy `chisquare`).
  ///
  /// A count where none was expected makes χ² infinite and p 0. Nil when lengths differ or either total is 0.
  public init?(observed: [Double], expected: [Double]) {
    let total = observed.reduce(0, +)
    let expectedTotal = expected.reduce(0, +)
    guard observed.count == expected.count, total > 0, expectedTotal > 0 else { return nil }
    var statistic = 0.0
    var smallest = Double.infinity
    for (observed, expected) in zip(observed, expected) where observed > 0 || expected > 0 {
      let scaled = expected * total / expectedTotal
      smallest = min(smallest, scaled)
      statistic += (observed - scaled) * (observed - scaled) / scaled
    }
    self.statistic = statistic
    degreesOfFreedom = observed.count - 1
    pValue = ChiSquaredDistribution(degreesOfFreedom: Double(degreesOfFreedom))?.survival(statistic) ?? 1
    cramersV = nil
    isCorrected = false
    smallestExpected = smallest
  }

  /// The statistic whose p-value is `pValue`: a chart's threshold line. Nil without a degree of freedom.
  public static func criticalStatistic(atPValue pValue: Double, degreesOfFreedom: Int) -> Double? {
    ChiSquaredDistribution(degreesOfFreedom: Double(degreesOfFreedom))?.critical(atPValue: pValue)
  }
}
