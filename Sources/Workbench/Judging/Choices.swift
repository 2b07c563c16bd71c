internal import Frames
internal import SafeText

/// Answers to choose from beside one another, over as many rows as are free for them. Only where even those are short are
/// they cut, the longest first.
struct Choices {
  /// Each with the digit that picks it.
  let texts: [StyledText]
  /// The one that stays in view where not all of them are.
  var selected = 0

  /// The rows in which all stand whole.
  func rows(columns: Int) -> Int { Choices.wrapped(texts, Shape(first: columns, others: columns)).count }

  /// Draws them in the columns of `rect` after those of its first row that a question took, in no more than its rows; what
  /// stood in a row that is taken goes.
  func draw(on frame: inout Frame, in rect: Rect, after lead: Int = 0) {
    let (shape, lines) = lines(rows: max(1, rect.rows), columns: rect.columns, lead)
    for (index, line) in lines.enumerated() {
      let row = rect.row + index
      if index > 0 { frame.fill(Rect(row: row, column: 0, rows: 1, columns: frame.columns)) }
      var column = rect.endColumn - (index == 0 ? shape.first : shape.others)
      for text in line { column += frame.write(text, row: row, column: column) + shape.gap }
    }
  }

  /// How they stand: the cells of the first line and of the others, and those between one and the next.
  private struct Shape {
    var first: Int
    var others: Int
    var gap = 3
    /// What they may be cut to.
    var least = Int.max
  }

  private func lines(rows: Int, columns: Int, _ lead: Int) -> (Shape, [[StyledText]]) {
    let first = columns - lead
    // Those that a digit picks are all in view, however little of each.
    let hasDigits = texts.count <= 9
    let shapes = [
      Shape(first: first, others: first), Shape(first: first, others: columns, gap: 2),
      Shape(first: first, others: columns, gap: 1),
      Shape(first: first, others: columns, least: hasDigits ? 6 : 12),
      Shape(first: first, others: columns, gap: 1, least: hasDigits ? 4 : 12),
    ]
    let longest = min(first, texts.map(\.width).max() ?? 0)
    // As many as can never stand beside one another are not tried.
    for shape in texts.count > rows * max(1, columns / 2) ? [] : shapes {
      for cells in stride(from: longest, through: min(longest, shape.least), by: -1) {
        let lines = Choices.wrapped(texts.map { $0.cut(to: cells) }, shape)
        if lines.count <= rows { return (shape, lines) }
      }
    }
    // Too many for any width: those around the selected one.
    let shape = Shape(first: first - 4, others: first - 4)
    // No more fit into these rows, however short they are: none before can reach the selected one, none after is seen.
    let most = rows * max(1, columns / 2)
    for start in max(0, selected - most)..<texts.count {
      var lines = Choices.wrapped(texts[start...].prefix(most).map { $0.cut(to: min(first, 18)) }, shape)
      let isCut = lines.count > rows
      if isCut { lines.removeLast(lines.count - rows) }
      guard start + lines.reduce(0, { $0 + $1.count }) > selected else { continue }
      if isCut { lines[rows - 1].append(StyledText("…", .dim)) }
      return (Shape(first: first, others: first), lines)
    }
    return (shape, [])
  }

  private static func wrapped(_ texts: [StyledText], _ shape: Shape) -> [[StyledText]] {
    var lines: [[StyledText]] = []
    var used = 0
    for text in texts {
      let room = lines.count > 1 ? shape.others : shape.first
      if !lines.isEmpty, used + shape.gap + text.width <= room {
        lines[lines.count - 1].append(text)
        used += shape.gap + text.width
      } else {
        lines.append([text])
        used = text.width
      }
    }
    return lines
  }
}
