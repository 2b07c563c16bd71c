extension Frame {
  /// The frame's text, one line a row, spaces at the end included: what a golden file holds.
  public var text: String {
    (0..<rows).map(line).joined(separator: "\n")
  }

  /// The text of one row, all its columns.
  public func line(_ row: Int) -> String {
    var line = String.UnicodeScalarView()
    for column in 0..<columns {
      let cell = self[row, column]
      if cell.span == .continuation { continue }
      line.append(cell.scalar)
      line.append(contentsOf: cell.marks.unicodeScalars)
    }
    return String(line)
  }

  /// The runs of styles that are not plain, a line for each row that has any: `3  0..<1 select  2..<8 dim`.
  public var styles: String {
    (0..<rows).compactMap(styleLine).joined(separator: "\n")
  }

  private func styleLine(_ row: Int) -> String? {
    var runs: [String] = []
    var start = 0
    for column in 1...max(1, columns) {
      if column < columns, self[row, column].style == self[row, start].style { continue }
      if start < columns, self[row, start].style != .plain {
        runs.append("\(start)..<\(column) \(self[row, start].style)")
      }
      start = column
    }
    return runs.isEmpty ? nil : "\(row)  " + runs.joined(separator: "  ")
  }
}
