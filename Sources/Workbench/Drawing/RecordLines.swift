internal import Domain
internal import Frames
internal import SafeText

/// A record's values, several to a line, those that are named first before the others.
enum RecordLines {
  static func lines(of record: Record, _ signature: Signature?, first named: [RawText] = [], width: Int) -> [SafeText] {
    let items = RecordValues(record, signature).items
    let names = named.map(\.safe)
    let first = names.compactMap { name in items.firstIndex { $0.name == name } }
    let texts = items.count { $0.isProse }
    var lines: [SafeText] = []
    var line: SafeText = .empty
    for item in (first + items.indices.filter { !first.contains($0) }).map({ items[$0] }) {
      // A picture is drawn; one that is not there is said like any other value.
      if case .image = item.value { continue }
      // Of several texts each has its name; the only one is what everybody looks at.
      let words = item.words ?? .empty
      let name = item.isProse && texts == 1 && !words.isEmpty ? .empty : item.name + " "
      if !words.isEmpty, item.isProse || item.mayBeProse && name.width + words.width > width {
        lines += (name + words).wrapped(to: width)
        continue
      }
      let part = name + item.shown(cells: max(8, width - name.width))
      if !line.isEmpty, line.width + 3 + part.width > width {
        lines.append(line)
        line = .empty
      }
      line = line.isEmpty ? part : line + "   " + part
    }
    return line.isEmpty ? lines : lines + [line]
  }

  /// The values of a line that fit whole, and `…`: a number that is cut is another one. A text is cut anywhere.
  private static func beginning(of line: SafeText, cells: Int) -> SafeText {
    guard let gap = line.prefix(cells: cells - 1).text.ranges(of: "   ").last else { return line.cut(to: cells) }
    return SafeText(String(line.text[..<gap.upperBound])) + "…"
  }

  /// As many of the lines as there is room for; the last says that there are more, and what shows them.
  static func fitting(_ lines: [SafeText], rows: Int, _ rest: SafeText, width: Int) -> [StyledText] {
    guard lines.count > rows, rows > 0 else { return lines.prefix(max(0, rows)).map { StyledText($0) } }
    let last = lines[rows - 1]
    let isCut = last.width > width - rest.width - 5
    let shown = isCut ? beginning(of: last, cells: max(0, width - rest.width - 2)) : last + "  …"
    return lines.prefix(rows - 1).map { StyledText($0) } + [StyledText(shown + "  ") + StyledText(rest, .dim)]
  }
}

extension RecordValues.Item {
  /// Whether it is a text to read.
  fileprivate var isProse: Bool { kind == .text }

  /// Whether a long text may be in it, which then has lines of its own.
  fileprivate var mayBeProse: Bool {
    switch kind {
    case nil, .list, .open: true
    case .text, .number, .integer, .flag, .category, .image: false
    }
  }
}
