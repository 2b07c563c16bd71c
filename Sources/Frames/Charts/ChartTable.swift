public import SafeText

/// A chart as a table: the same numbers for those who cannot see it or want to copy it.
public struct ChartTable: Hashable, Sendable {
  public var titles: [SafeText]
  public var rows: [[SafeText]]

  public init(_ titles: [SafeText], rows: [[SafeText]]) {
    self.titles = titles
    self.rows = rows
  }

  /// The table as lines: columns as wide as their widest cell, two spaces between, numbers to the right.
  public var lines: [SafeText] {
    let all = [titles] + rows
    let widths = titles.indices.map { column in
      all.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0
    }
    let numeric = titles.indices.map { column in
      !rows.isEmpty && rows.allSatisfy { column >= $0.count || Self.isNumber($0[column]) }
    }
    return all.map { row in
      zip(row.indices, row).map { column, cell in
        cell.padded(to: column < widths.count ? widths[column] : cell.width, numeric[column] ? .right : .left)
      }.joined(separator: "  ")
    }
  }

  private static func isNumber(_ text: SafeText) -> Bool {
    guard let first = text.text.unicodeScalars.first else { return true }
    return "0123456789.−+·".unicodeScalars.contains(first)
  }

  /// Draws titles and rows, from row `top` on.
  public func draw(on frame: inout Frame, in rect: Rect, top: Int = 0) {
    guard rect.rows > 0 else { return }
    let lines = lines
    frame.write(lines[0], row: rect.row, column: rect.column, limit: rect.columns, style: .bold)
    for (offset, line) in lines.dropFirst(1 + top).prefix(rect.rows - 1).enumerated() {
      frame.write(line, row: rect.row + 1 + offset, column: rect.column, limit: rect.columns)
    }
  }
}
