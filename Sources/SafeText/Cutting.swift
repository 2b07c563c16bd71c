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

  /// The same in `rows` lines at most; where there are more the last one ends with `…`.
  public static func lines(of string: String, width: Int, rows: Int) -> [SafeText] {
    let lines = lines(of: string, width: width)
    guard rows > 0, lines.count > rows else { return Array(lines.prefix(max(0, rows))) }
    return lines.prefix(rows - 1) + [(lines[rows - 1] + "…").cut(to: width)]
  }

  /// The lines of a text as they are, made safe, none of them wrapped.
  public static func lines(of string: String) -> [SafeText] {
    Sanitizer.lines(string)
  }

  /// This line in pieces of at most `cells`, parted at spaces where there are any.
  public func wrapped(to cells: Int) -> [SafeText] {
    if width <= cells || cells <= 0 { return [self] }
    let scalars = text.unicodeScalars
    var lines: [SafeText] = []
    var start = scalars.startIndex
    // By places in the one text: a text of a megabyte is not copied for each of its lines.
    while let end = Self.lineEnd(in: scalars, from: start, cells: cells) {
      var next = end
      var stop = end
      let head = scalars[start..<end]
      if scalars[end] != " ", let space = head.lastIndex(of: " "), head[..<space].contains(where: { $0 != " " }) {
        stop = space
        next = scalars.index(after: space)
      } else if scalars[end] != " ", let joint = head.lastIndex(where: { "-_/".unicodeScalars.contains($0) }),
        Self.cells(in: String(scalars[start...joint])) * 3 >= cells
      {
        // A name that is too long is broken where it is joined.
        (stop, next) = (scalars.index(after: joint), scalars.index(after: joint))
      }
      let line = String(scalars[start..<stop])
      lines.append(SafeText(trusted: line, width: Self.cells(in: line)).trimmedEnd)
      start = scalars[next...].first == " " ? Self.afterCell(in: scalars, from: next) : next
    }
    let rest = String(scalars[start...])
    if !rest.isEmpty { lines.append(SafeText(trusted: rest, width: Self.cells(in: rest))) }
    return lines
  }

  /// Where a line of so many cells ends that begins at `start`; nil where the rest fits. A wide character has its two
  /// cells also where there is one, or wrapping never ends.
  private static func lineEnd(
    in scalars: String.UnicodeScalarView, from start: String.Index, cells: Int
  ) -> String.Index? {
    var taken = 0
    var index = start
    while index < scalars.endIndex {
      let next = width(of: scalars[index])
      if next > 0, taken > 0, taken + next > cells { return index }
      taken += next
      index = scalars.index(after: index)
    }
    return nil
  }

  /// The place after the character at `start` and the marks on it.
  private static func afterCell(in scalars: String.UnicodeScalarView, from start: String.Index) -> String.Index {
    var index = scalars.index(after: start)
    while index < scalars.endIndex, width(of: scalars[index]) == 0 { index = scalars.index(after: index) }
    return index
  }

  private var trimmedEnd: SafeText {
    let spaces = text.utf8.reversed().prefix { $0 == 0x20 }.count
    return spaces == 0 ? self : SafeText(trusted: String(text.utf8.dropLast(spaces)) ?? text, width: width - spaces)
  }

  private static func cells(in safe: String) -> Int {
    safe.unicodeScalars.reduce(0) { $0 + width(of: $1) }
  }
}
