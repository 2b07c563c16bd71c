/// A place in a frame.
public struct Position: Hashable, Sendable {
  public var row: Int
  public var column: Int

  public init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}

/// A part of a frame: its first row and column, and how many of each; never a negative size.
public struct Rect: Hashable, Sendable {
  public var row: Int
  public var column: Int
  public var rows: Int
  public var columns: Int

  public init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = max(0, rows)
    self.columns = max(0, columns)
  }

  public var isEmpty: Bool { rows == 0 || columns == 0 }
  /// The row after the last.
  public var endRow: Int { row + rows }
  /// The column after the last.
  public var endColumn: Int { column + columns }

  /// The first `count` rows, and the rest.
  public func split(top count: Int) -> (Rect, Rect) {
    let count = min(max(0, count), rows)
    return (
      Rect(row: row, column: column, rows: count, columns: columns),
      Rect(row: row + count, column: column, rows: rows - count, columns: columns)
    )
  }

  /// The rest, and the last `count` rows.
  public func split(bottom count: Int) -> (Rect, Rect) {
    split(top: rows - min(max(0, count), rows))
  }

  /// The first `count` columns, and the rest.
  public func split(left count: Int) -> (Rect, Rect) {
    let count = min(max(0, count), columns)
    return (
      Rect(row: row, column: column, rows: rows, columns: count),
      Rect(row: row, column: column + count, rows: rows, columns: columns - count)
    )
  }

  /// The rest, and the last `count` columns.
  public func split(right count: Int) -> (Rect, Rect) {
    split(left: columns - min(max(0, count), columns))
  }

  /// The rectangle without `rows` at top and bottom and `columns` at both sides.
  public func inset(rows: Int = 0, columns: Int = 0) -> Rect {
    Rect(
      row: row + min(rows, self.rows), column: column + min(columns, self.columns), rows: self.rows - 2 * rows,
      columns: self.columns - 2 * columns)
  }

  /// Rectangles of the heights asked for, one under the other; `nil` heights share what is left evenly.
  public func rows(_ heights: [Int?]) -> [Rect] {
    var rest = self
    return Self.sizes(heights, of: rows).map { height in
      let (part, remainder) = rest.split(top: height)
      rest = remainder
      return part
    }
  }

  /// Rectangles of the widths asked for, side by side; `nil` widths share what is left evenly.
  public func columns(_ widths: [Int?]) -> [Rect] {
    var rest = self
    return Self.sizes(widths, of: columns).map { width in
      let (part, remainder) = rest.split(left: width)
      rest = remainder
      return part
    }
  }

  /// A rectangle of this size in the middle, cut to what fits.
  public func centered(rows: Int, columns: Int) -> Rect {
    let rows = min(rows, self.rows)
    let columns = min(columns, self.columns)
    return Rect(
      row: row + (self.rows - rows) / 2, column: column + (self.columns - columns) / 2, rows: rows, columns: columns)
  }

  private static func sizes(_ wanted: [Int?], of total: Int) -> [Int] {
    let free = max(0, total - wanted.reduce(0) { $0 + ($1 ?? 0) })
    let flexible = wanted.count { $0 == nil }
    var index = 0
    return wanted.map { size in
      if let size { return size }
      index += 1
      return free * index / flexible - free * (index - 1) / flexible
    }
  }
}
