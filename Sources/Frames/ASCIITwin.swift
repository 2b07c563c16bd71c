public import SafeText

extension Frame {
  /// The same picture in ASCII, for terminals without UTF-8: our signs and lines have twins, any other character
  /// becomes `?`. A sign whose twin is a word (`⏎` `RET`) takes room from a gap to its right, or from a rule
  /// before it.
  public func ascii() -> Frame {
    var frame = self
    for row in 0..<rows {
      // Rows without anything foreign stay as they are.
      guard (0..<columns).contains(where: { !self[row, $0].scalar.isASCII || !self[row, $0].marks.isEmpty }) else {
        continue
      }
      frame.makeASCII(row)
    }
    return frame
  }

  /// The cells that a text has in ASCII where there is room for its words.
  public static func asciiWidth(of text: SafeText) -> Int {
    text.text.unicodeScalars.reduce(text.width) { $0 + (word($1)?.count ?? 1) - 1 }
  }

  /// The text of the ASCII twin.
  public var asciiText: String { ascii().text }

  private mutating func makeASCII(_ row: Int) {
    var line = Array(cells[row * columns..<(row + 1) * columns])
    var origin = Array(0..<columns)
    var column = 0
    while column < line.count {
      var cell = line[column]
      let scalar = cell.scalar
      if scalar == "▏", cursor?.row == row, cursor?.column == origin[column] {
        cell.scalar = "_"
      } else if cell.span == .continuation {
        cell.scalar = "?"
      } else if let word = Self.word(scalar) ?? Self.arrow(in: line, column),
        let taken = Self.room(in: line, around: column, cells: word.count - 1)
      {
        line.removeSubrange(taken)
        origin.removeSubrange(taken)
        let place = taken.lowerBound < column ? column - taken.count : column
        for (offset, letter) in word.enumerated() where offset > 0 {
          line.insert(Cell(scalar: letter, span: .narrow, style: cell.style, marks: ""), at: place + offset)
          origin.insert(origin[place], at: place + offset)
        }
        line[place].scalar = word[0]
        column = place + word.count
        continue
      } else if !scalar.isASCII {
        // A `>` alone between two numbers would say that one is the larger, and a `-` at the first would be its sign.
        let isArrow = scalar == "→" && Self.isBetweenWords(line, column)
        if isArrow { line[column + 1].scalar = ">" }
        cell.scalar = isArrow ? "-" : Self.twin(of: scalar)
      }
      cell.span = .narrow
      cell.marks = ""
      line[column] = cell
      column += 1
    }
    if let cursor, cursor.row == row, let column = origin.firstIndex(of: cursor.column) {
      self.cursor = Position(row: row, column: column)
    }
    cells.replaceSubrange(row * columns..<(row + 1) * columns, with: line)
  }

  /// The cells that a sign's word takes from what stands around it; nil where there are none to spare.
  private static func room(in line: [Cell], around column: Int, cells: Int) -> Range<Int>? {
    let first = gap(in: line, after: column, room: cells) ?? rule(in: line, before: column, room: cells)
    return first.map { $0..<$0 + cells }
  }

  /// Where `room` cells of a rule may be taken that stands before a sign; nil without a long one.
  private static func rule(in line: [Cell], before column: Int, room: Int) -> Int? {
    var end = column
    while end > 0 {
      var start = end
      while start > 0, line[start - 1].scalar == line[end - 1].scalar,
        "-=".unicodeScalars.contains(line[end - 1].scalar)
      {
        start -= 1
      }
      if end - start >= room + 6 { return start + 2 }
      end = min(start, end - 1)
    }
    return nil
  }

  /// Where `room` cells may be taken: inside the first gap to the right of which two cells stay, so that columns after it
  /// stay where they are, not beyond a line of ours; nil if the sign does not stand alone or there is no such gap.
  private static func gap(in line: [Cell], after column: Int, room: Int) -> Int? {
    let stands = { (place: Int) in place < 0 || place >= line.count || line[place].isBlank || isLine(line[place].scalar)
    }
    // `S-⇥` is a key as well.
    let isHeld = column > 1 && line[column - 1].scalar == "-" && line[column - 2].scalar == "S" && stands(column - 3)
    guard stands(column - 1) || isHeld, stands(column + 1) else { return nil }
    var start = column + 1
    for place in (column + 1)...line.count {
      if place < line.count, line[place].isBlank { continue }
      let reachesEnd = place == line.count
      if place - start >= room + (reachesEnd ? 1 : 2) { return place - room }
      if reachesEnd || isLine(line[place].scalar) { break }
      start = place + 1
    }
    return nil
  }

  /// An arrow between two words, where its own column of a table has room for all of it: without, its head stands in the blank
  /// after it, so that the columns after it stay where they are.
  private static func arrow(in line: [Cell], _ column: Int) -> [Unicode.Scalar]? {
    guard line[column].scalar == "→", isBetweenWords(line, column) else { return nil }
    let start = line.indices.dropFirst(column + 2).first {
      line[$0].isBlank && ($0 + 1 == line.count || line[$0 + 1].isBlank)
    }
    guard let start, start + 2 == line.count || (start + 2 < line.count && line[start + 2].isBlank) else { return nil }
    return ["-", ">"]
  }

  /// Whether a sign stands between two words, one blank at each side.
  private static func isBetweenWords(_ line: [Cell], _ column: Int) -> Bool {
    column > 1 && column + 2 < line.count && line[column - 1].isBlank && line[column + 1].isBlank
      && !line[column - 2].isBlank && !line[column + 2].isBlank
  }

  private static func isLine(_ scalar: Unicode.Scalar) -> Bool {
    (0x2500...0x253F).contains(scalar.value)
  }

  private static func word(_ scalar: Unicode.Scalar) -> [Unicode.Scalar]? {
    switch scalar {
    case "⏎": ["R", "E", "T"]
    case "⇥": ["T", "A", "B"]
    case "φ": ["p", "h", "i"]
    case "≥": [">", "="]
    case "≤": ["<", "="]
    default: nil
    }
  }

  private static func twin(of scalar: Unicode.Scalar) -> Unicode.Scalar {
    switch scalar {
    case "━": "="
    // In a map `░` speaks against, and the half block, which speaks for, is `:`.
    case "─", "–", "−", "—", "░": "-"
    case "│", "┃": "|"
    case "┯", "┬", "┷", "┴", "┤", "├", "┼", "┿", "┌", "└", "┐", "┘": "+"
    case "▌", "▸", "→", "▶", "›", "≥": ">"
    case "←", "◀", "‹", "≤": "<"
    case "↑": "^"
    case "↓", "▾": "v"
    case "●": "*"
    case "○": "o"
    case "◐", "…", "╌": "~"
    case "▲": "!"
    case "✗", "×": "x"
    case "✓": "y"
    case "·": "."
    case "⏎": "$"
    case "⇥": ">"
    case "“", "”": "\""
    case "‘", "’", "╵", "▀": "'"
    case "█", "▇", "▋", "▊", "▉": "#"
    case "▆": "*"
    case "▅": "+"
    case "▃", "▄", "▎", "▍": ":"
    case "▁", "▂", "▏": "."
    case "▒": "="
    case "▓": "%"
    case "χ": "X"
    case "φ": "f"
    case "α": "a"
    case "κ": "k"
    case "²": "2"
    case "³": "3"
    case "µ", "μ": "u"
    case "\u{A0}": " "
    default: (0x2800...0x28FF).contains(scalar.value) ? braille(scalar.value - 0x2800) : "?"
    }
  }

  /// A braille cell by where its dots are: high, in the middle, low, or a stroke.
  private static func braille(_ dots: UInt32) -> Unicode.Scalar {
    if dots == 0 { return " " }
    let rows: [UInt32] = [0x09, 0x12, 0x24, 0xC0]
    let lit = rows.indices.filter { dots & rows[$0] != 0 }
    if lit.count >= 3 { return "|" }
    return switch (lit[0], lit[lit.count - 1]) {
    case (0, 0...1): "'"
    // What is low in a chart is not what is absent: `·`.
    case (2...3, 3): "_"
    default: "-"
    }
  }
}
