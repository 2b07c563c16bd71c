internal import ConfigurationFile
public import Domain

/// A catalogue's table for a model of which nobody published anything, made of the columns of a file: something to
/// begin with, that a person corrects.
public struct CatalogueDraft: Sendable {
  /// The table as TOML.
  public let text: String

  /// Looks at the header and the first thousand rows of a CSV file. A column of numbers is FP64, or INT64 where all are
  /// whole; any other is BYTES, with its values as categories where they are few.
  public init(model: String, columnsOf path: String) throws(Problem) {
    let reader = try TableFile(path)
    guard let header = try reader.next(), !header.isEmpty else {
      throw Problem("\(path) is empty.", advice: "A CSV file with a header is needed.", kind: .invalidInput)
    }
    var columns = header.map { Column(name: $0.string) }
    var count = 0
    while count < 1000, let row = try reader.next() {
      count += 1
      for (index, cell) in row.enumerated() where columns.indices.contains(index) { columns[index].take(cell.trimmed) }
    }
    guard count > 0 else {
      throw Problem("\(path) has a header and no rows.", advice: "A few rows tell the types.", kind: .invalidInput)
    }
    var lines = ["# Made of the first \(count) rows of \(path): correct it before it is used."]
    lines.append("[models.\(TOMLText.key(model))]")
    for column in columns {
      lines += ["", "[models.\(TOMLText.key(model)).inputs.\(TOMLText.key(column.name))]"] + column.settings(of: count)
    }
    text = lines.map { $0 + "\n" }.joined()
  }

  private struct Column {
    var name: String
    var isNumber = true
    var isWhole = true
    var values: Set<String> = []
    var range: ClosedRange<Double>?

    init(name: String) { self.name = name }

    mutating func take(_ cell: RawText) {
      guard !cell.isEmpty else { return }
      if values.count <= 20 { values.insert(cell.string) }
      guard let number = Double(cell.string), number.isFinite else {
        isNumber = false
        return
      }
      if Int64(cell.string) == nil { isWhole = false }
      range = min(range?.lowerBound ?? number, number)...max(range?.upperBound ?? number, number)
    }

    func settings(of count: Int) -> [String] {
      var lines = ["datatype = \"\(isNumber ? (isWhole ? "INT64" : "FP64") : "BYTES")\"", "shape = [-1, 1]"]
      if isNumber {
        if let range {
          let ends = [range.lowerBound, range.upperBound].map { Decimal.shortest($0) }
          lines.append("# range = [\(ends.joined(separator: ", "))]   # as seen")
        }
      } else {
        lines.append("content_type = \"str\"")
        if values.count <= 20, values.count * 3 <= count {
          lines.append("categories = \(TOMLText.list(values.sorted()))")
        }
      }
      return lines
    }
  }
}

/// The rows of a CSV file, its header among them.
private struct TableFile {
  private let source: ByteSource

  init(_ path: String) throws(Problem) { source = try ByteSource(path) }

  func next() throws(Problem) -> [RawText]? {
    while let line = try source.line(limit: 1 << 20) {
      if let row = CSV.rows(line).first { return row }
    }
    return nil
  }
}
