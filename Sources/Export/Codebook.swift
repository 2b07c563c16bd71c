public import Domain

/// What every column of an export means, what the form leaves out, and how to load it.
public struct Codebook: Hashable, Sendable {
  public var columns: [ExportColumn]
  /// The form of the file.
  public var format: ExportFormat

  public init(_ columns: [ExportColumn], _ format: ExportFormat = .jsonl) {
    self.columns = columns
    self.format = format
  }

  /// For programs: the form, what it leaves out, and the columns in order, each with its name, type, pandas dtype and
  /// meaning.
  public var json: JSON {
    .object([
      "codebook": 1, "format": .text(format.rawValue), "lost": .array(format.losses.map(JSON.text)),
      "columns": .array(
        columns.map { column in
          .object([
            "name": .string(column.name), "type": .text(column.type.rawValue), "dtype": .text(column.type.dtype),
            "meaning": .text(column.meaning),
          ])
        }),
    ])
  }

  /// For people.
  public var markdown: String {
    var lines = [preface]
    if !format.losses.isEmpty {
      lines.append("What a row of JSONL says that this form does not:\n")
      lines += format.losses.map { "- \($0)" } + [""]
    }
    lines += ["| column | type | pandas | meaning |", "|---|---|---|---|"]
    for column in columns {
      lines.append(
        "| `\(Codebook.cell(column.name.string))` | \(column.type.rawValue) | \(column.type.dtype) "
          + "| \(Codebook.cell(column.meaning)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Foreign names are kept from breaking the table.
  private static func cell(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar == "`" || scalar == "|"
            || scalar.value == 0x2028 || scalar.value == 0x2029 ? "\u{FFFD}" : scalar
        }))
  }
}
