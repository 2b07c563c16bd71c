/// Where text stands in a width that is larger than its own.
public enum Alignment: Hashable, Sendable {
  case left, right, center
}

extension SafeText {
  /// The text if it fits in `cells`, else its start and `…`; never wider than `cells`.
  public func cut(to cells: Int) -> SafeText {
    if width <= cells { return self }
    if cells <= 0 { return .empty }
    let start = prefix(cells: cells - 1)
    return SafeText(trusted: start.text + "…", width: start.width + 1)
  }

  /// The text if it fits in `cells`, else its start, `…` and its end: for names that differ at the end.
  public func cutMiddle(to cells: Int) -> SafeText {
    if width <= cells { return self }
    if cells < 3 { return cut(to: cells) }
    let start = prefix(cells: cells / 2)
    let end = dropping(cells: width - (cells - 1 - start.width))
    return SafeText(trusted: start.text + "…" + end.text, width: start.width + 1 + end.width)
  }

  /// As many whole characters from the start as fit in `cells`.
  public func prefix(cells: Int) -> SafeText {
    if width <= cells { return self }
    var taken = 0
    var end = text.unicodeScalars.startIndex
    for index in text.unicodeScalars.indices {
      let next = Self.width(of: text.unicodeScalars[index])
      if taken + next > max(0, cells) || (next > 0 && cells <= 0) { break }
      taken += next
      end = text.unicodeScalars.index(after: index)
    }
    return SafeText(trusted: String(text.unicodeScalars[..<end]), width: taken)
  }

  /// What is left when at least `cells` cells were taken off the start; a wide character is not parted.
  public func dropping(cells: Int) -> SafeText {
    if cells <= 0 { return self }
    var dropped = 0
    var start = text.unicodeScalars.endIndex
    for index in text.unicodeScalars.indices {
      let next = Self.width(of: text.unicodeScalars[index])
      if dropped >= cells, next > 0 {
        start = index
        break
      }
      dropped += next
    }
    return SafeText(trusted: String(text.unicodeScalars[start...]), width: width - dropped)
  }

  /// Exactly `cells` wide: cut or filled with spaces.
  public func padded(to cells: Int, _ alignment: Alignment = .left) -> SafeText {
    let text = cut(to: cells)
    let space = cells - text.width
    switch alignment {
    case .left: return text + .spaces(space)
    case .right: return .spaces(space) + text
    case .center: return .spaces(space / 2) + text + .spaces(space - space / 2)
    }
  }

  /// A text of many lines, made safe and wrapped at spaces to `width` cells; a longer word is broken.
  public static func lines(of string: String, width: Int) -> [SafeText] {
    Sanitizer.lines(string).flatMap { $0.wrapped(to: width) }
  }

  /// The lines of a text as they are, made safe, none of them wrapped.
  public static func lines(of string: String) -> [SafeText] {
    Sanitizer.lines(string)
  }

  /// This line in pieces of at most `cells`, parted at spaces where there are any.
  public func wrapped(to cells: Int) -> [SafeText] {
    if width <= cells || cells <= 0 { return [self] }
    var lines: [SafeText] = []
    var rest = self
    while rest.width > cells {
      var head = rest.prefix(cells: cells)
      // A wide character in one cell: give it its two, or this never ends.
      if head.width == 0 { head = rest.prefix(cells: 2) }
      var tail = rest.dropping(cells: head.width)
      if tail.text.unicodeScalars.first != " ", let space = head.text.unicodeScalars.lastIndex(of: " "),
        head.text.unicodeScalars[..<space].contains(where: { $0 != " " })
      {
        let kept = String(head.text.unicodeScalars[..<space])
        let moved = String(head.text.unicodeScalars[head.text.unicodeScalars.index(after: space)...])
        let keptWidth = Self.cells(in: kept)
        tail = SafeText(trusted: moved + tail.text, width: head.width - keptWidth - 1 + tail.width)
        head = SafeText(trusted: kept, width: keptWidth)
      }
      lines.append(head.trimmedEnd)
      rest = tail.text.unicodeScalars.first == " " ? tail.dropping(cells: 1) : tail
    }
    if !rest.isEmpty { lines.append(rest) }
    return lines
  }

  private var trimmedEnd: SafeText {
    let spaces = text.utf8.reversed().prefix { $0 == 0x20 }.count
    return spaces == 0 ? self : SafeText(trusted: String(text.utf8.dropLast(spaces)) ?? text, width: width - spaces)
  }

  private static func cells(in safe: String) -> Int {
    safe.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }
}
