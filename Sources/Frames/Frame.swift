public import SafeText

/// A picture of the whole terminal: cells, cursor, title and mouse mode; all that a terminal is told.
public struct Frame: Equatable, Sendable {
  /// Which of the mouse's doings the terminal reports.
  public enum Mouse: Hashable, Sendable {
    /// None: the terminal's own selection and copy work.
    case off
    /// Clicks and the wheel, never motion.
    case buttons
  }

  public let columns: Int
  public let rows: Int
  /// Row by row; `columns * rows` of them.
  public internal(set) var cells: [Cell]
  /// Where the cursor stands; nil hides it.
  public var cursor: Position?
  /// The title of the terminal's window; empty leaves it alone.
  public var title = SafeText.empty
  public var mouse = Mouse.off

  public init(columns: Int, rows: Int) {
    self.columns = max(0, columns)
    self.rows = max(0, rows)
    cells = Array(repeating: .blank, count: self.columns * self.rows)
  }

  /// The whole frame as a rectangle.
  public var bounds: Rect { Rect(row: 0, column: 0, rows: rows, columns: columns) }

  /// The cell at a place, which must be inside.
  public subscript(row: Int, column: Int) -> Cell { cells[row * columns + column] }

  /// Writes from `column` on, at most `limit` cells and never past the edge; what does not fit ends in `…`.
  /// - Returns: the cells written.
  @discardableResult
  public mutating func write(
    _ text: SafeText, row: Int, column: Int, limit: Int? = nil, style: Style = .plain
  ) -> Int {
    guard row >= 0, row < rows, column < columns else { return 0 }
    let text = text.cut(to: min(limit ?? .max, columns - column))
    var place = column
    for scalar in text.text.unicodeScalars {
      let width = scalar.isASCII ? 1 : SafeText.width(of: scalar)
      if width == 0 {
        mark(scalar, row: row, before: place)
      } else {
        if place >= 0 { put(scalar, isWide: width == 2, row: row, column: place, style: style) }
        place += width
      }
    }
    return text.width
  }

  /// Writes so that the text's last cell is the one before `end`.
  /// - Returns: the cells written.
  @discardableResult
  public mutating func write(
    _ text: SafeText, row: Int, endingAt end: Int, limit: Int? = nil, style: Style = .plain
  ) -> Int {
    let text = text.cut(to: min(limit ?? .max, max(0, end)))
    return write(text, row: row, column: end - text.width, style: style)
  }

  /// Fills a rectangle, cut to the frame, with one narrow character.
  public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar = " ", style: Style = .plain) {
    for row in max(0, rect.row)..<max(0, min(rows, rect.endRow), rect.row) {
      for column in max(0, rect.column)..<max(0, min(columns, rect.endColumn), rect.column) {
        put(scalar, isWide: false, row: row, column: column, style: style)
      }
    }
  }

  /// One cell of our own drawing: rules, blocks, braille. Outside the frame it is nothing.
  public mutating func draw(_ glyph: Unicode.Scalar, row: Int, column: Int, style: Style = .plain) {
    guard row >= 0, row < rows, column >= 0, column < columns else { return }
    put(glyph, isWide: false, row: row, column: column, style: style)
  }

  /// Changes the styles of a rectangle, cut to the frame, and leaves its text.
  public mutating func restyle(_ rect: Rect, _ change: (inout Style) -> Void) {
    for row in max(0, rect.row)..<max(0, min(rows, rect.endRow), rect.row) {
      for column in max(0, rect.column)..<max(0, min(columns, rect.endColumn), rect.column) {
        change(&cells[row * columns + column].style)
      }
    }
  }

  /// Takes rows of another picture, from `row` on, as far as both are wide.
  public mutating func copy(_ range: Range<Int>, of other: Frame, toRow row: Int) {
    for (line, from) in range.enumerated() where row + line < rows && from < other.rows {
      for column in 0..<min(columns, other.columns) { cells[(row + line) * columns + column] = other[from, column] }
    }
  }

  private mutating func put(_ scalar: Unicode.Scalar, isWide: Bool, row: Int, column: Int, style: Style) {
    let index = row * columns + column
    // Half of a wide character is nothing: the other half becomes a space.
    if cells[index].span == .continuation, column > 0 { cells[index - 1] = half(of: cells[index - 1]) }
    let last = isWide ? index + 1 : index
    if cells[last].span == .wide { cells[last + 1] = half(of: cells[last + 1]) }
    cells[index] = Cell(scalar: scalar, span: isWide ? .wide : .narrow, style: style, marks: "")
    if isWide { cells[last] = Cell(scalar: " ", span: .continuation, style: style, marks: "") }
  }

  private func half(of cell: Cell) -> Cell {
    Cell(scalar: " ", span: .narrow, style: cell.style, marks: "")
  }

  private mutating func mark(_ scalar: Unicode.Scalar, row: Int, before column: Int) {
    var place = column - 1
    guard place >= 0, place < columns else { return }
    if self[row, place].span == .continuation { place -= 1 }
    cells[row * columns + place].marks.unicodeScalars.append(scalar)
  }
}
