internal import SafeText

/// A text of many lines that is being edited: a note. Long lines are wrapped where they are drawn, not in the text.
public struct TextArea: Hashable, Sendable {
  /// The lines, at least one.
  public private(set) var lines: [TextInput]
  public private(set) var line: Int
  /// The first wrapped row that is drawn.
  public private(set) var top = 0

  /// The cursor stands at the end.
  public init(_ text: String = "") {
    lines = Self.parted(text).map { TextInput($0) }
    line = lines.count - 1
  }

  public var text: String { lines.map(\.text).joined(separator: "\n") }
  public var isEmpty: Bool { lines.count == 1 && lines[0].isEmpty }

  /// Puts text in at the cursor, line breaks and all.
  public mutating func insert(_ string: String) {
    for (offset, part) in Self.parted(string).enumerated() {
      if offset > 0 { breakLine() }
      lines[line].insert(part)
    }
  }

  /// Does what an editing key says; Enter breaks the line.
  /// - Returns: whether the key was one.
  public mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .enter: breakLine()
    case .up, .control("P"): moveLine(by: -1)
    case .down, .control("N"): moveLine(by: 1)
    case .backspace where lines[line].cursor == 0: joinPrevious()
    case .delete where lines[line].cursor == lines[line].text.count,
      .control("D") where lines[line].cursor == lines[line].text.count,
      .control("K") where lines[line].cursor == lines[line].text.count:
      joinNext()
    case .left where lines[line].cursor == 0 && line > 0:
      line -= 1
      lines[line].moveToEnd()
    case .right where lines[line].cursor == lines[line].text.count && line + 1 < lines.count:
      line += 1
      lines[line].moveToStart()
    default: return lines[line].apply(key)
    }
    return true
  }

  /// Scrolls as little as brings the cursor into a rectangle of that size; to be called when the text changed.
  public mutating func follow(columns: Int, rows: Int) {
    let row = layout(columns: columns).cursor.row
    top = max(0, min(max(top, row - rows + 1), row))
  }

  /// Draws the wrapped lines from `top` on, and puts the frame's cursor where the text's is.
  public func draw(on frame: inout Frame, in rect: Rect, style: Style = .plain) {
    let (rows, cursor) = layout(columns: rect.columns)
    for (offset, row) in rows.dropFirst(top).prefix(rect.rows).enumerated() {
      frame.write(SafeText(row), row: rect.row + offset, column: rect.column, limit: rect.columns, style: style)
    }
    if (top..<(top + rect.rows)).contains(cursor.row) {
      frame.cursor = Position(
        row: rect.row + cursor.row - top, column: rect.column + min(cursor.column, max(0, rect.columns - 1)))
    }
  }

  private func layout(columns: Int) -> (rows: [String], cursor: Position) {
    var rows: [String] = []
    var cursor = Position(row: 0, column: 0)
    for (index, input) in lines.enumerated() {
      var start = 0
      let parts = Self.wrapped(Array(input.text), columns: max(1, columns))
      for (offset, part) in parts.enumerated() {
        let holds = input.cursor < start + part.count || offset == parts.count - 1
        if index == line, input.cursor >= start, holds {
          cursor = Position(
            row: rows.count, column: SafeText(String(part.prefix(input.cursor - start))).width)
        }
        start += part.count
        rows.append(String(part))
      }
    }
    return (rows, cursor)
  }

  /// Parts of at most `columns` cells, a space at the end of a part staying with it.
  private static func wrapped(_ characters: [Character], columns: Int) -> [ArraySlice<Character>] {
    var parts: [ArraySlice<Character>] = []
    var rest = characters[...]
    while true {
      var width = 0
      var end = rest.startIndex
      while end < rest.endIndex {
        width += SafeText(String(rest[end])).width
        if width > columns { break }
        end += 1
      }
      if end == rest.endIndex { break }
      end = max(end, rest.startIndex + 1)
      if rest[end] == " " {
        end += 1
      } else if let space = rest[..<end].lastIndex(of: " ") {
        end = space + 1
      }
      parts.append(rest[..<end])
      rest = rest[end...]
    }
    return parts + [rest]
  }

  private static func parted(_ text: String) -> [String] {
    text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map(String.init)
  }

  private mutating func breakLine() {
    let tail = String(lines[line].text.dropFirst(lines[line].cursor))
    lines[line] = TextInput(String(lines[line].text.prefix(lines[line].cursor)))
    line += 1
    lines.insert(TextInput(tail), at: line)
    lines[line].moveToStart()
  }

  private mutating func moveLine(by step: Int) {
    let column = lines[line].cursor
    let target = max(0, min(lines.count - 1, line + step))
    guard target != line else { return }
    line = target
    lines[line].moveToStart()
    lines[line].move(by: column)
  }

  private mutating func joinPrevious() {
    guard line > 0 else { return }
    let tail = lines.remove(at: line).text
    line -= 1
    let length = lines[line].text.count
    lines[line] = TextInput(lines[line].text + tail)
    lines[line].moveToStart()
    lines[line].move(by: length)
  }

  private mutating func joinNext() {
    guard line + 1 < lines.count else { return }
    line += 1
    joinPrevious()
  }
}
