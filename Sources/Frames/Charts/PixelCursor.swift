/// Shows which pixel of a picture is meant: `[` and `]` at its sides, which stand without colour and in ASCII; `+` where a
/// pixel is one cell wide.
public struct PixelCursor: Hashable, Sendable {
  /// From 0.
  public var row: Int
  public var column: Int

  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }

  /// Draws over a picture of this grid that was drawn at the left top of `rect`.
  public func draw(on frame: inout Frame, in rect: Rect, over grid: PixelGrid) {
    let scale = grid.scale(fitting: rect)
    guard scale > 0, (0..<grid.rows).contains(row), (0..<grid.columns).contains(column) else { return }
    // The cell in the middle of the pixel's height, which is half as many cells as its width.
    let y = rect.row + (row * scale + scale / 2) / 2
    let x = rect.column + column * scale
    if scale == 1 {
      frame.draw("+", row: y, column: x, style: .bold)
    } else {
      frame.draw("[", row: y, column: x, style: .bold)
      frame.draw("]", row: y, column: x + scale - 1, style: .bold)
    }
  }
}
