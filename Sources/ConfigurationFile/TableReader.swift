internal import Domain

/// Reads the settings of one table, and notes what is wrong with them.
///
/// Names are the same with `-` and with `_`. What was not asked for by the end is unknown.
struct TableReader {
  /// Words for the table, as in `[contexts.prod]`.
  let title: String
  let line: Int
  private let entries: [(key: String, node: Node)]
  private(set) var mistakes: [Mistake] = []
  private var asked: [String] = []

  init(_ node: Node, title: String) {
    self.title = title
    line = node.line
    if case .table(let entries) = node.value {
      self.entries = entries
    } else {
      entries = []
      mistakes = [Mistake(line: node.line, what: "\(title) is \(node.kind), not a table")]
    }
    noteDoubles()
  }

  mutating func note(_ mistake: Mistake) { mistakes.append(mistake) }
  mutating func note(_ more: [Mistake]) { mistakes += more }

  /// The node under a name; it counts as known from now on.
  mutating func node(_ name: String) -> Node? {
    asked.append(name)
    return entries.first { TableReader.plain($0.key) == TableReader.plain(name) }?.node
  }

  /// The line of a setting, else of the table; asks for nothing.
  func line(of name: String) -> Int {
    entries.first { TableReader.plain($0.key) == TableReader.plain(name) }?.node.line ?? line
  }

  func has(_ name: String) -> Bool { entries.contains { TableReader.plain($0.key) == TableReader.plain(name) } }

  mutating func string(_ name: String) -> String? {
    guard let node = node(name) else { return nil }
    guard case .string(let text) = node.value else {
      note(Mistake(line: node.line, what: "\(name) is \(node.kind)", advice: "it is to be text in quotes"))
      return nil
    }
    guard !text.isEmpty else {
      note(Mistake(line: node.line, what: "\(name) is empty", advice: "leave it out, or give it a value"))
      return nil
    }
    return text
  }

  mutating func bool(_ name: String) -> Bool? {
    guard let node = node(name) else { return nil }
    guard case .bool(let value) = node.value else {
      note(
        Mistake(line: node.line, what: "\(name) is \(node.kind)", advice: "it is to be true or false, without quotes"))
      return nil
    }
    return value
  }

  mutating func integer(_ name: String, in range: ClosedRange<Int>) -> Int? {
    guard let node = node(name) else { return nil }
    guard case .integer(let value) = node.value, range.contains(value) else {
      note(
        Mistake(
          line: node.line, what: "\(name) is not a number from \(range.lowerBound) to \(range.upperBound)"))
      return nil
    }
    return value
  }

  /// One of some words.
  mutating func word<Choice: RawRepresentable & CaseIterable>(_ name: String, of _: Choice.Type) -> Choice?
  where Choice.RawValue == String {
    guard let line = node(name)?.line, let text = string(name) else { return nil }
    if let choice = Choice(rawValue: text) { return choice }
    let words = Choice.allCases.map(\.rawValue)
    note(
      Mistake(
        line: line, what: "\(name) cannot be \(quoted(text))",
        advice: TableReader.suggestion(for: text, among: words, or: "there are \(words.joined(separator: ", "))")))
    return nil
  }

  /// A list of texts, not empty.
  mutating func strings(_ name: String, example: String) -> [String]? {
    guard let node = node(name) else { return nil }
    if case .array(let elements) = node.value, !elements.isEmpty {
      let texts = elements.compactMap { element -> String? in
        if case .string(let text) = element.value { text } else { nil }
      }
      if texts.count == elements.count { return texts }
    }
    note(Mistake(line: node.line, what: "\(name) is no list of texts", advice: "write it as \(name) = \(example)"))
    return nil
  }

  /// A text, or a list of texts; empty where there is none.
  mutating func oneOrMore(_ name: String, example: String) -> [String] {
    if case .array = entries.first(where: { TableReader.plain($0.key) == name })?.node.value {
      return strings(name, example: "[\(example)]") ?? []
    }
    return string(name).map { [$0] } ?? []
  }

  /// The tables under a name, each with its own name, in the order of their lines.
  mutating func tables(_ name: String) -> [(name: String, node: Node)] {
    guard let node = node(name) else { return [] }
    guard case .table(let entries) = node.value else {
      note(Mistake(line: node.line, what: "\(name) is \(node.kind)", advice: "it is to be a table: [\(name).NAME]"))
      return []
    }
    return entries.compactMap { entry in
      if case .table = entry.node.value { return (entry.key, entry.node) }
      note(
        Mistake(
          line: entry.node.line, what: "\(entry.key) is no table of \(name)",
          advice: "its settings stand under [\(name).NAME]"))
      return nil
    }
  }

  /// Notes what nobody asked for. `others` are names from elsewhere, each with the words for its right place.
  mutating func finish(others: [String: String] = [:]) -> [Mistake] {
    for (key, node) in entries where !asked.contains(where: { TableReader.plain($0) == TableReader.plain(key) }) {
      let place = others.first { TableReader.plain($0.key) == TableReader.plain(key) }?.value
      let names = Set(asked).sorted()
      note(
        Mistake(
          line: node.line, what: "there is no setting \(quoted(key)) in \(title)",
          advice: place
            ?? TableReader.suggestion(for: key, among: names, or: "there are \(names.joined(separator: ", "))")))
    }
    return mistakes
  }

  static func suggestion(for word: String, among words: [String], or otherwise: String) -> String {
    EditDistance.nearest(to: plain(word), in: words).map { "did you mean \($0)?" } ?? otherwise
  }

  private mutating func noteDoubles() {
    for (index, entry) in entries.enumerated() {
      guard let first = entries[..<index].first(where: { TableReader.plain($0.key) == TableReader.plain(entry.key) })
      else { continue }
      note(
        Mistake(
          line: entry.node.line, what: "\(entry.key) stands twice in \(title)",
          advice: "line \(first.node.line) has it as \(first.key)"))
    }
  }

  static func plain(_ name: String) -> String { String(name.map { $0 == "-" ? "_" : $0 }) }
}

/// A name of the file in quotes, cut where it is long; controls are left to whoever prints it.
func quoted(_ text: String) -> String { "\"\(text.count > 40 ? text.prefix(39) + "…" : text[...])\"" }
