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
}
