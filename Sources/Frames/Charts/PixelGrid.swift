/// Values in rows and columns: an image, or an attribution a pixel.
public struct PixelGrid: Hashable, Sendable {
  public let rows: Int
  public let columns: Int
  /// Row by row; shorter input is filled with 0.
  public let values: [Double]

  public init(rows: Int, columns: Int, values: [Double]) {
    self.rows = max(0, rows)
    self.columns = max(0, columns)
    let count = self.rows * self.columns
    self.values = Array(values.prefix(count)) + Array(repeating: 0, count: max(0, count - values.count))
  }

  subscript(row: Int, column: Int) -> Double { values[row * columns + column] }

  /// The size in cells where a pixel is `scale` cells wide and half as many high.
  public func size(scale: Int) -> (rows: Int, columns: Int) {
    ((rows * scale + 1) / 2, columns * scale)
  }

  /// The largest whole scale that fits; 0 if none does.
  public func scale(fitting rect: Rect) -> Int {
    guard rows > 0, columns > 0 else { return 0 }
    return max(0, min(rect.rows * 2 / rows, rect.columns / columns))
  }

  /// The pixels above one another that a cell of a row shows; the lower is nil under the last row.
  func halves(row: Int, column: Int, scale: Int) -> (upper: Double, lower: Double?) {
    let upper = 2 * row / scale
    let lower = (2 * row + 1) / scale
    return (self[upper, column / scale], lower < rows ? self[lower, column / scale] : nil)
  }
}
