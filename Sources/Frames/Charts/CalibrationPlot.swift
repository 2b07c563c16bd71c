internal import SafeText

/// What was said against what was right, with the diagonal on which both are the same: the higher a point, the more often
/// it was right.
public struct CalibrationPlot: Hashable, Sendable {
  /// A bin of answers: what was said of them, how many of them were right, and within which limits.
  public struct Point: Hashable, Sendable {
    public var said: Double
    public var right: Double
    public var interval: ClosedRange<Double>
    /// Whether what was said lies outside the limits.
    public var isOff: Bool

    public init(said: Double, right: Double, interval: ClosedRange<Double>, isOff: Bool) {
      self.said = said
      self.right = right
      self.interval = interval
      self.isOff = isOff
    }
  }

  public var points: [Point]

  public init(_ points: [Point]) {
    self.points = points
  }

  /// Where both axes begin: the tenth under the least that is drawn. They end at 1.
  public var start: Double {
    let least = points.flatMap { [$0.said, $0.interval.lowerBound] }.filter(\.isFinite).min() ?? 0
    return max(0, min(0.9, (least * 10).rounded(.down) / 10))
  }

  /// Draws both axes, the diagonal in dots, each point as `●`, as `▲` where it is off, on its interval.
  public func draw(on frame: inout Frame, in rect: Rect) {
    let plot = Rect(row: rect.row, column: rect.column + 5, rows: rect.rows - 1, columns: rect.columns - 6)
    guard plot.rows >= 3, plot.columns >= 8 else { return }
    let share = { (value: Double) in value.isFinite ? min(1, max(0, (value - start) / (1 - start))) : 0 }
    let column = { (value: Double) in plot.column + Int(share(value) * Double(plot.columns - 1) + 0.5) }
    let row = { (value: Double) in plot.row + Int((1 - share(value)) * Double(plot.rows - 1) + 0.5) }
    for value in [start, 1] {
      frame.write(label(value), row: row(value), endingAt: plot.column - 1, style: .dim)
      frame.write(label(value), row: plot.endRow, column: value == 1 ? plot.endColumn - 1 : plot.column, style: .dim)
    }
    for offset in 0..<plot.columns {
      let value = start + (1 - start) * Double(offset) / Double(plot.columns - 1)
      frame.draw("·", row: row(value), column: plot.column + offset, style: .dim)
    }
    for point in points {
      for y in row(point.interval.upperBound)...row(point.interval.lowerBound) {
        frame.draw("│", row: y, column: column(point.said), style: .dim)
      }
    }
    for point in points {
      let style: Style = point.isOff ? .warn : .accent
      frame.draw(point.isOff ? "▲" : "●", row: row(point.right), column: column(point.said), style: style)
    }
    frame.write("said →", row: plot.endRow, column: plot.column + (plot.columns - 6) / 2, style: .dim)
  }

  private func label(_ value: Double) -> SafeText { value == 1 ? "1" : Numeral.decimal(value, places: 1) }

  public var table: ChartTable {
    ChartTable(
      ["SAID", "RIGHT", "FROM", "TO", "OFF"],
      rows: points.map {
        [
          Numeral.decimal($0.said), Numeral.decimal($0.right), Numeral.decimal($0.interval.lowerBound),
          Numeral.decimal($0.interval.upperBound), $0.isOff ? "▲" : Numeral.absent,
        ]
      })
  }
}
