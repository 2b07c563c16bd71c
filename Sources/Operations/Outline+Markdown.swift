public import Workbench

extension Outline {
  /// The outline as Markdown for a report: titles, lists and tables; what has a meaning in Markdown is escaped.
  public var markdown: String {
    var lines = ["# \(Self.escaped(title))"]
    for section in sections {
      if !section.title.isEmpty { lines += ["", "## \(Self.escaped(section.title))"] }
      if !section.lines.isEmpty { lines += [""] + section.lines.map { "- \(Self.escaped($0))" } }
      guard !section.columns.isEmpty else { continue }
      lines += ["", Self.row(section.columns), Self.row(section.columns.map { _ in "---" }, isRule: true)]
      lines += section.rows.map { row in
        Self.row(section.columns.indices.map { $0 < row.count ? row[$0] : "" })
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func row(_ cells: [String], isRule: Bool = false) -> String {
    "| " + cells.map { isRule ? $0 : escaped($0) }.joined(separator: " | ") + " |"
  }

  /// Letters that make no list, link, emphasis, table, code or HTML.
  private static func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "\\`*_{}[]<>#|~!".contains(character) { escaped.append("\\") }
      escaped.append(character)
    }
    return escaped
  }
}
