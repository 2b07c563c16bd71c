internal import SafeText

/// A text that is being edited, drawn as one line: the text, the cursor, and the keys of emacs.
public struct TextInput: Hashable, Sendable {
  public private(set) var text: String
  /// Characters before the cursor, 0 to the length of the text.
  public private(set) var cursor: Int
  /// What `^K`, `^U` or `^W` took last; `^Y` puts it back.
  private var cutText = ""
  /// Whether line breaks and tabs are part of the text, as in a note or a text for a model.
  private let keepsLines: Bool

  /// The cursor stands at the end.
  public init(_ text: String = "", keepsLines: Bool = false) {
    self.text = text
    self.keepsLines = keepsLines
    cursor = text.count
  }

  public var isEmpty: Bool { text.isEmpty }

  private var place: String.Index { text.index(text.startIndex, offsetBy: cursor) }

  /// Puts text in at the cursor. Line breaks and tabs become spaces where they are no part of the text, else breaks of
  /// every kind are one; other controls are left out.
  public mutating func insert(_ string: String) {
    let plain = String(
      string.flatMap { character in
        if character.isNewline { return keepsLines ? "\n" : " " }
        if character == "\t" { return keepsLines ? "\t" : " " }
        return Self.isControl(character) ? "" : String(character)
      })
    let after = text[place...].count
    text.insert(contentsOf: plain, at: place)
    // Counted from the end: what was put in may join the character before it.
    cursor = max(0, text.count - after)
  }

  public mutating func replace(with string: String) {
    text = ""
    cursor = 0
    insert(string)
  }

  public mutating func deleteBackward() {
    guard cursor > 0 else { return }
    cursor -= 1
    text.remove(at: place)
  }

  public mutating func deleteForward() {
    guard cursor < text.count else { return }
    text.remove(at: place)
  }

  /// `^W`: the word before the cursor and the spaces after it.
  public mutating func deleteWord() {
    let start = wordStart
    cut(from: start, to: cursor)
  }

  /// `^K`: all from the cursor on.
  public mutating func deleteToEnd() { cut(from: cursor, to: text.count) }

  /// `^U`: all before the cursor.
  public mutating func deleteToStart() { cut(from: 0, to: cursor) }

  public mutating func move(by step: Int) { cursor = max(0, min(text.count, cursor + step)) }
  public mutating func moveToStart() { cursor = 0 }
  public mutating func moveToEnd() { cursor = text.count }

  /// Does what an editing key says.
  /// - Returns: whether the key was one; Enter, Esc, Tab and the like are the screen's.
  public mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .text(let scalar): insert(String(scalar))
    case .backspace: deleteBackward()
    case .delete, .control("D"): deleteForward()
    case .control("W"), .alt("\u{7F}"): deleteWord()
    case .control("K"): deleteToEnd()
    case .control("U"): deleteToStart()
    case .control("Y"): insert(cutText)
    case .left, .control("B"): move(by: -1)
    case .right, .control("F"): move(by: 1)
    case .home, .control("A"): moveToStart()
    case .end, .control("E"): moveToEnd()
    case .alt("b"): cursor = wordStart
    case .alt("f"): cursor = wordEnd
    case .alt("d"): cut(from: cursor, to: wordEnd)
    default: return false
    }
    return true
  }

  /// Draws in `columns` cells, scrolled so that the cursor is in view, and puts the frame's cursor there.
  public func draw(on frame: inout Frame, row: Int, column: Int, columns: Int, style: Style = .plain) {
    guard columns > 0 else { return }
    let before = SafeText(String(text.prefix(cursor)))
    let after = SafeText(String(text.dropFirst(cursor)))
    let skipped = max(0, before.width - columns + 1)
    let shown = before.dropping(cells: skipped)
    frame.write(shown, row: row, column: column, limit: columns, style: style)
    let place = column + shown.width
    if after.isEmpty {
      frame.draw("▏", row: row, column: place, style: .accent)
    } else {
      frame.write(after.cut(to: columns - shown.width), row: row, column: place, style: style)
    }
    frame.cursor = Position(row: row, column: place)
  }

  /// Draws over the rows of `rect`, broken wherever a row ends and scrolled so that the cursor is in view, and puts the
  /// frame's cursor there.
  public func draw(on frame: inout Frame, in rect: Rect, style: Style = .plain) {
    guard rect.rows > 1, rect.columns > 1 else {
      draw(on: &frame, row: rect.row, column: rect.column, columns: rect.columns, style: style)
      return
    }
    let before = Self.rows(of: SafeText(String(text.prefix(cursor))), columns: rect.columns)
    var place = Position(row: before.count - 1, column: before.last?.width ?? 0)
    if place.column >= rect.columns { place = Position(row: place.row + 1, column: 0) }
    let all = Self.rows(of: SafeText(text), columns: rect.columns)
    let top = max(0, place.row - rect.rows + 1)
    for (line, text) in all.dropFirst(top).prefix(rect.rows).enumerated() {
      frame.write(text, row: rect.row + line, column: rect.column, style: style)
    }
    place = Position(row: rect.row + place.row - top, column: rect.column + place.column)
    if cursor == text.count { frame.draw("▏", row: place.row, column: place.column, style: .accent) }
    frame.cursor = place
  }

  private static func rows(of text: SafeText, columns: Int) -> [SafeText] {
    var rows: [SafeText] = []
    var rest = text
    while rest.width > columns {
      let row = rest.prefix(cells: columns)
      rows.append(row)
      rest = rest.dropping(cells: row.width)
    }
    return rows + [rest]
  }

  private var wordStart: Int {
    let characters = Array(text.prefix(cursor))
    var index = cursor
    while index > 0, characters[index - 1].isWhitespace { index -= 1 }
    while index > 0, !characters[index - 1].isWhitespace { index -= 1 }
    return index
  }

  private var wordEnd: Int {
    let characters = Array(text)
    var index = cursor
    while index < characters.count, characters[index].isWhitespace { index += 1 }
    while index < characters.count, !characters[index].isWhitespace { index += 1 }
    return index
  }

  private mutating func cut(from start: Int, to end: Int) {
    guard start < end else { return }
    let range = text.index(text.startIndex, offsetBy: start)..<text.index(text.startIndex, offsetBy: end)
    cutText = String(text[range])
    text.removeSubrange(range)
    cursor = start
  }

  private static func isControl(_ character: Character) -> Bool {
    character.unicodeScalars.allSatisfy { $0.value < 0x20 || (0x7F..<0xA0).contains($0.value) }
  }
}
