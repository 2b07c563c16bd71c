public import SafeText

/// A popup that asks for one of many: what is typed filters, the best match first. The palette is one.
public struct Choice: Hashable, Sendable {
  /// One thing to choose.
  public struct Option: Hashable, Sendable {
    public var title: SafeText
    /// What it means, in the second column.
    public var detail: SafeText
    /// The key that does the same, at the right.
    public var key: SafeText

    public init(_ title: SafeText, detail: SafeText = .empty, key: SafeText = .empty) {
      self.title = title
      self.detail = detail
      self.key = key
    }
  }

  public var title: SafeText
  /// What stands before the typed text.
  public var sign: SafeText
  public private(set) var options: [Option]
  public private(set) var input: TextInput
  public private(set) var cursor = ListCursor()
  /// Indices of `options`, as filtered and ordered.
  public private(set) var shown: [Int]
  /// Options that are in view.
  public var height: Int

  public init(_ title: SafeText, sign: SafeText = ":", options: [Option], text: String = "", height: Int = 6) {
    self.title = title
    self.sign = sign
    self.options = options
    self.height = height
    input = TextInput(text)
    shown = []
    filter()
  }

  /// The index in `options` of the selected one; nil where none matches.
  public var selection: Int? { shown.indices.contains(cursor.selection) ? shown[cursor.selection] : nil }

  /// Moves, edits or filters.
  /// - Returns: whether the key was used; Enter, Tab and Esc are the screen's.
  public mutating func apply(_ key: Key) -> Bool {
    switch key {
    case .up, .control("P"): cursor.move(by: -1, count: shown.count, height: height)
    case .down, .control("N"): cursor.move(by: 1, count: shown.count, height: height)
    case .pageUp: cursor.page(-1, count: shown.count, height: height)
    case .pageDown: cursor.page(1, count: shown.count, height: height)
    default:
      let before = input.text
      guard input.apply(key) else { return false }
      if input.text != before { filter() }
    }
    return true
  }

  /// Puts text in the input's place: completion, paste.
  public mutating func type(_ text: String) {
    input.replace(with: text)
    filter()
  }

  private mutating func filter() {
    let pattern = FuzzyPattern(input.text)
    var scored: [(score: Int, index: Int)] = []
    for (index, option) in options.enumerated() {
      if let score = pattern.score(option.title) { scored.append((score, index)) }
    }
    // The options' own order where nothing is typed or scores are equal.
    scored.sort { ($0.score, $1.index) > ($1.score, $0.index) }
    shown = scored.map(\.index)
    cursor = ListCursor()
  }

  /// Draws the box in the middle, or in `rect`; `hints` stand in its last line, with the count at the right.
  public func draw(
    on frame: inout Frame, in rect: Rect? = nil, hints: SafeText = "⏎ run   ⇥ complete   ↑↓ choose   esc leave"
  ) {
    let box = rect ?? frame.bounds.centered(rows: height + 5, columns: min(60, frame.columns))
    let inside = Dialog(title).draw(on: &frame, in: box)
    guard inside.rows >= 3, inside.columns > 10 else { return }
    frame.write(sign, row: inside.row, column: inside.column + 2)
    let start = inside.column + 2 + sign.width + 1
    input.draw(on: &frame, row: inside.row, column: start, columns: inside.endColumn - 1 - start)
    let list = Rect(
      row: inside.row + 2, column: inside.column + 1, rows: max(0, inside.rows - 3), columns: inside.columns - 1)
    let table = Table(
      [
        Table.Column("", width: list.columns / 2 + 1),
        Table.Column("", width: 10, isFlexible: true),
        Table.Column("", width: shown.map { options[$0].key.width }.max() ?? 0, .right, gap: 1),
      ], showsTitles: false)
    table.draw(on: &frame, in: list, count: shown.count, cursor: cursor) { row in
      let option = options[shown[row]]
      return [StyledText(option.title), StyledText(option.detail), StyledText(option.key)]
    }
    let last = inside.endRow - 1
    let count = Numeral.count(shown.count) + " of " + Numeral.count(options.count)
    frame.write(hints, row: last, column: inside.column + 3, limit: inside.columns - 5 - count.width, style: .dim)
    frame.write(count, row: last, endingAt: inside.endColumn - 2)
  }
}
