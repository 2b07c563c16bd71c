public import SafeText

/// The only closed box: something that must be read or answered before the rest goes on.
public struct Dialog: Hashable, Sendable {
  public var title: SafeText

  public init(_ title: SafeText) {
    self.title = title
  }

  /// Clears `rect`, draws the box on its edge.
  /// - Returns: the inside of the box.
  @discardableResult
  public func draw(on frame: inout Frame, in rect: Rect) -> Rect {
    guard rect.rows >= 2, rect.columns >= 2 else { return rect.inset(rows: rect.rows, columns: rect.columns) }
    frame.fill(rect)
    let last = (row: rect.endRow - 1, column: rect.endColumn - 1)
    for column in (rect.column + 1)..<last.column {
      frame.draw("─", row: rect.row, column: column)
      frame.draw("─", row: last.row, column: column)
    }
    for row in rect.row..<rect.endRow {
      frame.draw("│", row: row, column: rect.column)
      frame.draw("│", row: row, column: last.column)
    }
    frame.draw("┌", row: rect.row, column: rect.column)
    frame.draw("┐", row: rect.row, column: last.column)
    frame.draw("└", row: last.row, column: rect.column)
    frame.draw("┘", row: last.row, column: last.column)
    if !title.isEmpty, rect.columns > 6 {
      let text = title.cut(to: rect.columns - 6)
      frame.write(" ", row: rect.row, column: rect.column + 2)
      frame.write(text, row: rect.row, column: rect.column + 3, style: .bold)
      frame.write(" ", row: rect.row, column: rect.column + 3 + text.width)
    }
    return rect.inset(rows: 1, columns: 1)
  }

  /// Says on the edge below a box's inside which of its lines are shown, `1–18 of 40`; nothing where all are.
  public static func place(first: Int, shown: Int, of count: Int, in inside: Rect, on frame: inout Frame) {
    guard shown < count, shown > 0 else { return }
    let text = SafeText(" \(first + 1)–\(min(count, first + shown)) of \(count) ")
    frame.write(text, row: inside.endRow, endingAt: inside.endColumn - 1, style: .dim)
  }

  /// A box in the middle of the frame that holds `lines`, with two spaces at each side.
  public func draw(_ lines: [StyledText], on frame: inout Frame) {
    let width = max(title.width + 6, (lines.map(\.width).max() ?? 0) + 6)
    let inside = draw(on: &frame, in: frame.bounds.centered(rows: lines.count + 2, columns: width))
    for (offset, line) in lines.prefix(inside.rows).enumerated() {
      frame.write(line, row: inside.row + offset, column: inside.column + 2, limit: max(0, inside.columns - 4))
    }
  }
}
