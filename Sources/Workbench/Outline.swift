/// A screen as text: what a table form, a plain view and a screen reader get.
public struct Outline: Equatable, Sendable {
  /// A part of a screen: a title and lines, or a table.
  public struct Section: Equatable, Sendable {
    public var title: String
    public var lines: [String]
    /// Columns of a table; empty for a section of lines.
    public var columns: [String]
    public var rows: [[String]]
    /// The row under the cursor, where the table is a list that has one.
    public var selected: Int?

    public init(
      _ title: String, lines: [String] = [], columns: [String] = [], rows: [[String]] = [], selected: Int? = nil
    ) {
      self.title = title
      self.lines = lines
      self.columns = columns
      self.rows = rows
      self.selected = selected
    }
  }

  public var title: String
  public var sections: [Section]

  public init(_ title: String, _ sections: [Section]) {
    self.title = title
    self.sections = sections
  }

  /// Lines for a terminal or a reader: a title, then each section under its own, tables in columns.
  public var lines: [String] {
    var lines = [title]
    for section in sections {
      lines.append("")
      if !section.title.isEmpty { lines.append(section.title) }
      lines += section.lines.map { "  " + $0 }
      lines += section.tableLines.map { "  " + $0 }
    }
    return lines
  }

  public var text: String { lines.joined(separator: "\n") + "\n" }
}

extension Outline.Section {
  fileprivate var tableLines: [String] {
    guard !columns.isEmpty else { return [] }
    let table = [columns] + rows
    let widths = columns.indices.map { column in
      table.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    return table.map { row in
      let cells = row.enumerated().map { column, cell in
        column == row.count - 1
          ? cell : cell + String(repeating: " ", count: max(0, widths[min(column, widths.count - 1)] - cell.count))
      }
      return cells.joined(separator: "  ")
    }
  }
}
