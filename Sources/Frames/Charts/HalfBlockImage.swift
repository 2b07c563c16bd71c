internal import SafeText

/// A grey image in shades of the text's colour, two pixels a cell.
public struct HalfBlockImage: Hashable, Sendable {
  public var pixels: PixelGrid
  /// The value of a full pixel; 0 is none.
  public var white: Double

  public init(_ pixels: PixelGrid, white: Double) {
    self.pixels = pixels
    self.white = white
  }

  private static let shades: [Unicode.Scalar] = [" ", "░", "▒", "▓", "█"]

  private func level(_ value: Double) -> Int {
    guard white > 0, value.isFinite else { return 0 }
    let share = value / white
    return share < 2.0 / 16 ? 0 : share < 5.0 / 16 ? 1 : share < 9.0 / 16 ? 2 : share < 13.0 / 16 ? 3 : 4
  }

  /// Draws at the left top of `rect`, by `scale` or the largest that fits; where two pixels of a cell differ much the
  /// brighter one shows its half.
  public func draw(on frame: inout Frame, in rect: Rect, scale: Int? = nil) {
    let scale = scale ?? pixels.scale(fitting: rect)
    guard scale > 0 else { return }
    let size = pixels.size(scale: scale)
    for row in 0..<min(rect.rows, size.rows) {
      for column in 0..<min(rect.columns, size.columns) {
        let halves = pixels.halves(row: row, column: column, scale: scale)
        let upper = level(halves.upper)
        let lower = level(halves.lower ?? 0)
        let glyph: Unicode.Scalar =
          if upper == lower {
            Self.shades[upper]
          } else if (max(upper, lower) >= 3 && min(upper, lower) <= 2) || min(upper, lower) == 0 {
            upper > lower ? "▀" : "▄"
          } else {
            Self.shades[(upper + lower) / 2]
          }
        if glyph != " " { frame.draw(glyph, row: rect.row + row, column: rect.column + column) }
      }
    }
  }

  /// The pixels in numbers.
  public var table: ChartTable {
    ChartTable(
      ["ROW"] + (0..<pixels.columns).map { Numeral.count($0 + 1) },
      rows: (0..<pixels.rows).map { row in
        [Numeral.count(row + 1)] + (0..<pixels.columns).map { Numeral.exact(pixels[row, $0]) }
      })
  }
}
