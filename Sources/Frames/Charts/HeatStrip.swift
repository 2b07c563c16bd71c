public import SafeText

/// Series one under the other, a cell a value, the darker the larger: which of them moved, and when.
public struct HeatStrip: Hashable, Sendable {
  /// A series, the oldest value first; nil where there is none.
  public struct Series: Hashable, Sendable {
    public var label: SafeText
    public var values: [Double?]

    public init(_ label: SafeText, _ values: [Double?]) {
      self.label = label
      self.values = values
    }
  }

  public var series: [Series]
  /// The value of the darkest cell.
  public var top: Double

  public init(_ series: [Series], top: Double) {
    self.series = series
    self.top = top
  }

  /// `░▒▓█` by quarters of the top, `·` where there is no value.
  public func glyph(_ value: Double?) -> Unicode.Scalar {
    guard let value, !value.isNaN else { return "·" }
    guard top > 0 else { return "░" }
    let quarters: [Unicode.Scalar] = ["░", "▒", "▓", "█"]
    return quarters[min(3, max(0, Int(max(-1, min(4, value / top * 4)))))]
  }

  /// Draws as many series as there are rows, and of each the newest values that fit; where not all have a row the last one
  /// says how many more there are.
  public func draw(on frame: inout Frame, in rect: Rect, labelWidth: Int) {
    let cells = rect.columns - labelWidth - 1
    guard cells > 0, rect.rows > 0 else { return }
    let shown = series.count <= rect.rows ? series.count : rect.rows - 1
    if shown < series.count {
      frame.write(SafeText("\(series.count - shown) more"), row: rect.endRow - 1, column: rect.column, style: .dim)
    }
    for (line, one) in series.prefix(shown).enumerated() {
      frame.write(one.label, row: rect.row + line, column: rect.column, limit: labelWidth)
      for (offset, value) in one.values.suffix(cells).enumerated() {
        let glyph = glyph(value)
        let style: Style = glyph == "·" ? .dim : glyph == "▓" || glyph == "█" ? .heatHigh : .heatLow
        frame.draw(glyph, row: rect.row + line, column: rect.column + labelWidth + 1 + offset, style: style)
      }
    }
  }

  public var table: ChartTable {
    let count = series.map(\.values.count).max() ?? 0
    return ChartTable(
      ["SERIES"] + (0..<count).map { Numeral.count($0 + 1) },
      rows: series.map { [$0.label] + $0.values.map { Numeral.decimal($0) } })
  }
}
