public import SafeText

/// How the data must be handled: the first and the last row of every screen, in reverse, so that it holds without colour.
public struct Banner: Hashable, Sendable {
  public var text: SafeText

  public init(_ text: SafeText) {
    self.text = text
  }

  /// Draws on the first and last row of the frame.
  /// - Returns: what is left between them.
  @discardableResult
  public func draw(on frame: inout Frame) -> Rect {
    guard frame.rows > 2 else { return frame.bounds }
    for row in [0, frame.rows - 1] {
      frame.write(text.padded(to: frame.columns, .center), row: row, column: 0, style: .reverse)
    }
    return frame.bounds.inset(rows: 1)
  }

  /// The rows that the banner takes of a terminal, however low: where the rest is too small for a screen nothing else is drawn.
  public static func rows(of terminal: Int) -> Int { terminal > 2 ? 2 : 0 }

  /// A picture with the banner above and below it: two rows more.
  public func framing(_ inner: Frame) -> Frame {
    var frame = Frame(columns: inner.columns, rows: inner.rows + 2)
    frame.cells.replaceSubrange(inner.columns..<inner.columns * (inner.rows + 1), with: inner.cells)
    frame.cursor = inner.cursor.map { Position(row: $0.row + 1, column: $0.column) }
    frame.title = inner.title
    frame.mouse = inner.mouse
    draw(on: &frame)
    return frame
  }
}
