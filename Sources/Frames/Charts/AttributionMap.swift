internal import SafeText

/// What each pixel says: `█▓` for the answer, `▒░` against it, nothing under a tenth of the largest.
public struct AttributionMap: Hashable, Sendable {
  public var amounts: PixelGrid

  public init(_ amounts: PixelGrid) {
    self.amounts = amounts
  }

  /// 0 nothing, 1 weak, 2 strong.
  private func level(_ amount: Double, _ largest: Double) -> Int {
    amount.magnitude < 0.1 * largest ? 0 : amount.magnitude > 0.45 * largest ? 2 : 1
  }

  /// Draws at the left top of `rect`, by `scale` or the largest that fits: the scale of the image beside it.
  public func draw(on frame: inout Frame, in rect: Rect, scale: Int? = nil) {
    let scale = scale ?? amounts.scale(fitting: rect)
    let largest = amounts.values.map(\.magnitude).filter(\.isFinite).max() ?? 0
    guard scale > 0, largest > 0 else { return }
    let size = amounts.size(scale: scale)
    for row in 0..<min(rect.rows, size.rows) {
      for column in 0..<min(rect.columns, size.columns) {
        let halves = amounts.halves(row: row, column: column, scale: scale)
        let (upper, lower) = (halves.upper, halves.lower ?? 0)
        let isUpper = upper.magnitude >= lower.magnitude
        let amount = isUpper ? upper : lower
        let level = level(amount, largest)
        guard level > 0 else { continue }
        let isWhole = self.level(upper, largest) == self.level(lower, largest) && (upper > 0) == (lower > 0)
        let glyph: Unicode.Scalar =
          if amount < 0 {
            level == 2 ? "▒" : "░"
          } else if isWhole {
            level == 2 ? "█" : "▓"
          } else {
            isUpper ? "▀" : "▄"
          }
        frame.draw(
          glyph, row: rect.row + row, column: rect.column + column, style: amount > 0 ? .positive : .negative)
      }
    }
  }

  /// A pixel and what it says, rows and columns counted from 1.
  public struct Pixel: Hashable, Sendable {
    public var row: Int
    public var column: Int
    public var amount: Double
  }

  /// The `count` pixels that say most, and the sum of the rest.
  public func largest(_ count: Int) -> (shown: [Pixel], rest: Double, restCount: Int) {
    let all = amounts.values.enumerated().map { index, amount in
      Pixel(row: index / max(1, amounts.columns) + 1, column: index % max(1, amounts.columns) + 1, amount: amount)
    }
    let order = all.enumerated().sorted {
      ($0.element.amount.magnitude, $1.offset) > ($1.element.amount.magnitude, $0.offset)
    }.map(\.element)
    let rest = order.dropFirst(count)
    return (Array(order.prefix(count)), rest.reduce(0) { $0 + $1.amount }, rest.count)
  }

  /// The pixels that say anything, the largest first.
  public var table: ChartTable {
    let shown = largest(amounts.values.count).shown.filter { $0.amount != 0 }
    return ChartTable(
      ["ROW", "COL", "AMOUNT"],
      rows: shown.map {
        [Numeral.count($0.row), Numeral.count($0.column), Numeral.decimal($0.amount, signed: true)]
      })
  }
}
