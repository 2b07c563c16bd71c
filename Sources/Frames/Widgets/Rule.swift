public import SafeText

/// The line above a panel, with its title and what there is to say at the right: heavy where the focus is.
public struct Rule: Hashable, Sendable {
  public var title: SafeText
  public var right: SafeText
  public var isFocused: Bool

  public init(_ title: SafeText = .empty, right: SafeText = .empty, isFocused: Bool = false) {
    self.title = title
    self.right = right
    self.isFocused = isFocused
  }

  /// Draws over `columns` columns, from `column` on or over the whole row.
  public func draw(on frame: inout Frame, row: Int, column: Int = 0, columns: Int? = nil) {
    let columns = min(columns ?? frame.columns, frame.columns - column)
    guard columns > 0 else { return }
    let line = Rect(row: row, column: column, rows: 1, columns: columns)
    frame.fill(line, with: isFocused ? "━" : "─", style: isFocused ? .plain : .dim)
    let room = columns - 4
    var used = 0
    if !title.isEmpty, room > 0 {
      let text = title.cut(to: room)
      frame.write(" " + text + " ", row: row, column: column + 1, style: isFocused ? .bold : .plain)
      used = text.width + 3
    }
    // A right text without room for its start says nothing: it goes whole.
    let free = columns - used - 4
    guard !right.isEmpty, free >= min(right.width, 6) else { return }
    let text = StyledText(" ") + StyledText(signs: right.cut(to: free)) + " "
    frame.write(text, row: row, endingAt: column + columns - 1)
  }
}

/// The line between two columns of panels; drawn after the rules, which it joins.
public struct ColumnRule: Hashable, Sendable {
  public var column: Int
  /// From the row of the rule above to the last row.
  public var rows: Range<Int>

  public init(column: Int, rows: Range<Int>) {
    self.column = column
    self.rows = rows
  }

  public func draw(on frame: inout Frame) {
    guard column >= 0, column < frame.columns else { return }
    for row in rows.clamped(to: 0..<frame.rows) {
      let meetsLeft = column > 0 && isRule(frame[row, column - 1])
      let meetsRight = column + 1 < frame.columns && isRule(frame[row, column + 1])
      let glyph: Unicode.Scalar =
        switch (meetsLeft, meetsRight) {
        case (true, true): row == rows.lowerBound ? "┯" : row == rows.upperBound - 1 ? "┴" : "┼"
        case (true, false): "┤"
        case (false, true): "├"
        case (false, false): "│"
        }
      frame.draw(glyph, row: row, column: column, style: .dim)
    }
  }

  private func isRule(_ cell: Cell) -> Bool { cell.scalar == "─" || cell.scalar == "━" }
}
