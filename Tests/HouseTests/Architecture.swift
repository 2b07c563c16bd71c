/// What ARCHITECTURE.md says of the targets.
struct Architecture {
  let text: String

  init(_ text: String) { self.text = text }

  /// The table "target | may import", of one package: its header's first cell is given.
  func table(_ header: String) -> [String: Set<String>] {
    var rows: [String: Set<String>] = [:]
    for cells in tableRows("| \(header) | may import |") where cells.count == 2 {
      rows[cells[0]] = cells[1] == "—" ? [] : Set(cells[1].split(separator: ",").map(Self.name))
    }
    return rows
  }

  /// The targets that have a row "target | what it is".
  var described: Set<String> {
    Set(
      tableRows("| target | what it is |").flatMap { cells in
        cells.first.map { $0.split(separator: ",").map(Self.name) } ?? []
      })
  }

  /// The floor of each target, of the drawing of the floors.
  var floors: [String: Int] {
    var floors: [String: Int] = [:]
    for line in section("The floors") {
      let words = line.split(separator: " ")
      guard let floor = words.first.flatMap({ Int($0) }) else { continue }
      for name in words.dropFirst() { floors[String(name)] = floor }
    }
    return floors
  }

  /// The lines below a heading, to the next.
  func section(_ heading: String) -> [Substring] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != "## \(heading)" }.dropFirst().prefix { !$0.hasPrefix("## ") }.map { $0 }
  }

  private func tableRows(_ header: String) -> [[String]] {
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    return lines.drop { $0 != header }.dropFirst(2).prefix { $0.hasPrefix("|") }.map { line in
      line.split(separator: "|").map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }
  }

  /// A name without the package that it is from.
  private static func name(_ cell: Substring) -> String {
    cell.split(separator: " ").first.map(String.init) ?? ""
  }
}
