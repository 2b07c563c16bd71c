internal import Frames

/// Lines of a panel that are wrapped as far as it has rows left, those at the top first.
enum WrappedLines {
  /// `lines` in rows of a width, with at most so many rows more than lines.
  static func fitting(_ lines: [StyledText], width: Int, spare: Int) -> [StyledText] {
    var spare = max(0, spare)
    return lines.flatMap { line -> [StyledText] in
      let rows = line.wrapped(to: width, rows: 1 + spare)
      spare -= rows.count - 1
      return rows
    }
  }
}
