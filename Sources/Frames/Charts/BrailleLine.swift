public import SafeText

/// A series over time as a line of braille dots, two to four dots a value, with a threshold and gaps.
public struct BrailleLine: Hashable, Sendable {
  /// A text under the line.
  public struct Tick: Hashable, Sendable {
    /// The value it stands under, counted from 0.
    public var index: Int
    public var label: SafeText
    /// Whether `╵` points at the place.
    public var isMarked: Bool

    public init(_ index: Int, _ label: SafeText, isMarked: Bool = true) {
      self.index = index
      self.label = label
      self.isMarked = isMarked
    }
  }

  /// A number beside the line.
  public struct Label: Hashable, Sendable {
    public var value: Double
    public var text: SafeText

    public init(_ value: Double, _ text: SafeText) {
      self.value = value
      self.text = text
    }
  }

  /// The oldest first; nil breaks the line.
  public var values: [Double?]
  public var range: ClosedRange<Double>
  public var threshold: Double?
  public var labels: [Label]
  public var ticks: [Tick]
  /// Dots a value, of which a cell has two.
  public var dotsPerValue: Int
  /// Cells at the left for the labels.
  public var gutter: Int
  /// Whether a value that is missing is said by `·`; where values are many a gap is clear enough.
  public var marksGaps: Bool

  public init(
    _ values: [Double?], range: ClosedRange<Double>, threshold: Double? = nil, labels: [Label] = [], ticks: [Tick] = [],
    dotsPerValue: Int = 4, gutter: Int = 6, marksGaps: Bool = true
  ) {
    self.values = values
    self.range = range
    self.threshold = threshold
    self.labels = labels
    self.ticks = ticks
    self.dotsPerValue = max(1, dotsPerValue)
    self.gutter = gutter
    self.marksGaps = marksGaps
  }

  /// The cells that the line takes, labels not counted.
  public var plotColumns: Int { (values.count * dotsPerValue + 1) / 2 }

  /// Draws in `rect`; its last row is for the ticks, if there are any.
  public func draw(on frame: inout Frame, in rect: Rect, style: Style = .plain) {
    let rows = rect.rows - (ticks.isEmpty ? 0 : 1)
    guard rows > 0, rect.columns > gutter else { return }
    let plot = Rect(
      row: rect.row, column: rect.column + gutter, rows: rows, columns: min(plotColumns, rect.columns - gutter))
    drawThreshold(on: &frame, plot)
    drawLine(on: &frame, plot, style)
    for label in labels {
      let row = plot.row + dot(label.value, rows: rows) / 4
      frame.write(label.text, row: row, endingAt: plot.column - 1, limit: max(0, gutter - 1))
    }
    for tick in ticks {
      let column = plot.column + tick.index * dotsPerValue / 2
      guard column < rect.endColumn else { continue }
      if tick.isMarked { frame.draw("╵", row: rect.endRow - 1, column: column, style: .dim) }
      let start = column + (tick.isMarked ? 1 : 0)
      frame.write(tick.label, row: rect.endRow - 1, column: start, limit: rect.endColumn - start)
    }
  }

  /// The dot row of a value, from the top.
  private func dot(_ value: Double, rows: Int) -> Int {
    let span = range.upperBound - range.lowerBound
    guard value.isFinite, span > 0 else { return value > 0 ? 0 : rows * 4 - 1 }
    let place = (1 - (value - range.lowerBound) / span) * Double(rows * 4 - 1) + 0.5
    return Int(max(0, min(Double(rows * 4 - 1), place)))
  }

  private func drawThreshold(on frame: inout Frame, _ plot: Rect) {
    guard let threshold else { return }
    let row = plot.row + dot(threshold, rows: plot.rows) / 4
    for (index, value) in values.enumerated() where value != nil {
      let start = index * dotsPerValue / 2
      for column in start..<min(plot.columns, max(start, (index + 1) * dotsPerValue / 2)) {
        frame.draw("╌", row: row, column: plot.column + column, style: .dim)
      }
    }
  }

  private func drawLine(on frame: inout Frame, _ plot: Rect, _ style: Style) {
    let left: [UInt32] = [0x01, 0x02, 0x04, 0x40]
    let right: [UInt32] = [0x08, 0x10, 0x20, 0x80]
    var dots = [UInt32](repeating: 0, count: plot.rows * plot.columns)
    var last: Int?
    for column in 0..<(plot.columns * 2) {
      let index = column / dotsPerValue
      guard index < values.count, let value = values[index], !value.isNaN else {
        last = nil
        continue
      }
      let place = dot(value, rows: plot.rows)
      for row in min(place, last ?? place)...max(place, last ?? place) {
        dots[row / 4 * plot.columns + column / 2] |= (column % 2 == 0 ? left : right)[row % 4]
      }
      last = place
    }
    for (index, lit) in dots.enumerated() where lit != 0 {
      guard let glyph = Unicode.Scalar(0x2800 + lit) else { continue }
      frame.draw(
        glyph, row: plot.row + index / plot.columns, column: plot.column + index % plot.columns, style: style)
    }
    guard marksGaps else { return }
    for (index, value) in values.enumerated() where value == nil && index * dotsPerValue / 2 < plot.columns {
      frame.draw("·", row: plot.endRow - 1, column: plot.column + index * dotsPerValue / 2, style: .dim)
    }
  }

  /// The values with the ticks that stand at them.
  public var table: ChartTable {
    ChartTable(
      ["#", "AT", "VALUE", "OVER"],
      rows: values.enumerated().map { index, value in
        let tick = ticks.last { $0.index <= index && $0.isMarked }?.label ?? .empty
        let isOver = value.flatMap { value in threshold.map { value > $0 } }
        return [
          Numeral.count(index + 1), tick, Numeral.decimal(value), isOver.map { $0 ? "▲" : .empty } ?? Numeral.absent,
        ]
      })
  }
}
