public import Domain

/// What every column of an export means.
public struct Codebook: Hashable, Sendable {
  public var columns: [ExportColumn]

  public init(_ columns: [ExportColumn]) { self.columns = columns }

  /// For programs: a list of objects with `name`, `type` and `meaning`.
  public var json: JSON {
    .array(
      columns.map { column in
        .object(["name": .string(column.name), "type": .text(column.type.rawValue), "meaning": .text(column.meaning)])
      })
  }

  /// For people.
  public var markdown: String {
    var lines = [
      "# Columns of the feedback export", "",
      "One row a judgement event. Times are UTC, ISO 8601. `json` columns hold JSON text in CSV and the value itself",
      "in JSONL. In CSV a cell that begins with `=`, `+`, `-`, `@`, a tab or a line end and is no number has an",
      "apostrophe before it; numbers that are not finite are the words NaN, Infinity and -Infinity.", "",
      "| column | type | meaning |", "|---|---|---|",
    ]
    for column in columns {
      lines.append(
        "| `\(Codebook.cell(column.name.string))` | \(column.type.rawValue) | \(Codebook.cell(column.meaning)) |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// Foreign names are kept from breaking the table.
  private static func cell(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || scalar.value == 0x7F || scalar == "`" || scalar == "|" ? "\u{FFFD}" : scalar
        }))
  }
}
