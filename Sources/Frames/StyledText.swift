public import SafeText

/// A line in several styles.
public struct StyledText: Hashable, Sendable {
  /// A part of one style.
  public struct Span: Hashable, Sendable {
    public var text: SafeText
    public var style: Style

    public init(_ text: SafeText, _ style: Style = .plain) {
      self.text = text
      self.style = style
    }
  }

  public var spans: [Span]

  public init(_ spans: [Span] = []) {
    self.spans = spans
  }

  public init(_ text: SafeText, _ style: Style = .plain) {
    spans = [Span(text, style)]
  }

  /// The text with our state signs (`● ◐ ▲ ✗ ✓ ○`) in the colour of what they say, the rest in `style`; a text that is
  /// `·` alone says that there is no value. For lines whose signs are ours: one inside foreign text is coloured too.
  public init(signs text: SafeText, _ style: Style = .plain) {
    spans = text == Numeral.absent ? [Span(text, .dim)] : []
    guard spans.isEmpty else { return }
    var rest = text
    while let index = rest.text.unicodeScalars.firstIndex(where: { Self.style(ofSign: $0) != nil }) {
      let scalar = rest.text.unicodeScalars[index]
      let before = SafeText(String(rest.text.unicodeScalars[..<index]))
      if !before.isEmpty { spans.append(Span(before, style)) }
      spans.append(Span(SafeText(String(scalar)), Self.style(ofSign: scalar) ?? style))
      rest = rest.dropping(cells: before.width + 1)
    }
    if !rest.isEmpty { spans.append(Span(rest, style)) }
  }

  public var width: Int { spans.reduce(0) { $0 + $1.text.width } }
  public var isEmpty: Bool { spans.allSatisfy(\.text.isEmpty) }
  /// The text without its styles.
  public var text: SafeText { spans.map(\.text).joined() }

  /// The text if it fits in `cells`, else its start and `…`.
  public func cut(to cells: Int) -> StyledText {
    if width <= cells { return self }
    var left = cells
    var kept: [Span] = []
    for (index, span) in spans.enumerated() {
      let isLast = spans[(index + 1)...].allSatisfy(\.text.isEmpty)
      if span.text.width < left || (isLast && span.text.width <= left) {
        kept.append(span)
        left -= span.text.width
        continue
      }
      // One cell stays for the `…`, even where this span would just fit.
      let start = span.text.prefix(cells: left - 1)
      kept.append(Span(left > 0 ? start + "…" : .empty, span.style))
      break
    }
    return StyledText(kept)
  }

  /// The line in pieces of at most `cells`, parted at spaces where there are any; where three stand between what belongs
  /// together, at those alone.
  public func wrapped(to cells: Int) -> [StyledText] {
    var rest = self
    return shape(cells).wrapped(to: cells).enumerated().map { index, line in
      // The spaces at which it was parted are in neither piece.
      let indent = line.text.prefix { $0 == " " }.count
      while index > 0, rest.text.text.hasPrefix(" ") { rest = rest.dropping(cells: 1) }
      let width = line.width - (index > 0 ? indent : 0)
      let piece = rest.prefix(cells: width)
      rest = rest.dropping(cells: width)
      return piece
    }
  }

  /// The line in at most so many rows; the last is cut where the text needs more.
  public func wrapped(to cells: Int, rows: Int) -> [StyledText] {
    guard rows > 1 else { return [cut(to: cells)] }
    let lines = wrapped(to: cells)
    guard lines.count > rows else { return lines }
    let rest = lines.dropFirst(rows).reduce(lines[rows - 1]) { $0 + " " + $1 }
    return lines.prefix(rows - 1) + [rest.cut(to: cells)]
  }

  /// The text, its single spaces filled where it has groups with three between them that each fit in a line.
  private func shape(_ cells: Int) -> SafeText {
    let groups = text.text.split(separator: "   ")
    guard groups.count > 1, groups.allSatisfy({ SafeText(String($0)).width <= cells }) else { return text }
    let filled = text.text.replacing("   ", with: "\t").replacing(" ", with: "_").replacing("\t", with: "   ")
    return SafeText(filled)
  }

  private func prefix(cells: Int) -> StyledText {
    var left = cells
    var kept: [Span] = []
    for span in spans where left > 0 {
      let part = span.text.prefix(cells: left)
      kept.append(Span(part, span.style))
      left -= part.width
    }
    return StyledText(kept)
  }

  private func dropping(cells: Int) -> StyledText {
    var left = cells
    var kept: [Span] = []
    for span in spans {
      if left >= span.text.width {
        left -= span.text.width
      } else {
        kept.append(Span(span.text.dropping(cells: left), span.style))
        left = 0
      }
    }
    return StyledText(kept)
  }

  public static func + (left: StyledText, right: StyledText) -> StyledText {
    StyledText(left.spans + right.spans)
  }

  public static func += (left: inout StyledText, right: StyledText) {
    left.spans += right.spans
  }

  /// The style of a sign of ours, or nil for any other character.
  public static func style(ofSign scalar: Unicode.Scalar) -> Style? {
    switch scalar {
    case "●", "✓": .ok
    case "◐": .info
    case "▲": .warn
    case "✗": .bad
    case "○": .dim
    default: nil
    }
  }
}

extension StyledText: ExpressibleByStringLiteral {
  public init(stringLiteral value: StaticString) {
    self.init(SafeText(stringLiteral: value))
  }
}

extension Frame {
  /// Writes spans one after another, at most `limit` cells and never past the edge; what does not fit ends in `…`.
  /// - Returns: the cells written.
  @discardableResult
  public mutating func write(_ text: StyledText, row: Int, column: Int, limit: Int? = nil) -> Int {
    let text = text.cut(to: min(limit ?? .max, columns - column))
    var place = column
    for span in text.spans { place += write(span.text, row: row, column: place, style: span.style) }
    return place - column
  }

  /// Writes so that the last cell is the one before `end`.
  /// - Returns: the cells written.
  @discardableResult
  public mutating func write(_ text: StyledText, row: Int, endingAt end: Int, limit: Int? = nil) -> Int {
    let text = text.cut(to: min(limit ?? .max, max(0, end)))
    return write(text, row: row, column: end - text.width)
  }
}
