public import SafeText

/// A series in one row, one cell a value.
public struct Sparkline: Hashable, Sendable {
  public var values: [Double?]
  public var range: ClosedRange<Double>

  public init(_ values: [Double?], range: ClosedRange<Double> = 0...1) {
    self.values = values
    self.range = range
  }

  /// `▁` at or under the range, `█` at its top; `·` where there is no value.
  public var text: SafeText {
    let span = range.upperBound - range.lowerBound
    return SafeText(
      String(
        values.map { value in
          guard let value, value.isFinite, span > 0 else { return value == nil || value?.isNaN == true ? "·" : "▁" }
          let level = Int(max(-1, min(9, (value - range.lowerBound) / span * 8)))
          return Array("▁▂▃▄▅▆▇█")[max(0, min(7, level))]
        }))
  }

  public var table: ChartTable {
    ChartTable(
      ["#", "VALUE"], rows: values.enumerated().map { [Numeral.count($0.offset + 1), Numeral.decimal($0.element)] })
  }
}
