internal import CNcurses
internal import Frames

extension Screen {
  /// The frame with short gaps between words of one style in that style, too, where nobody can see it: to change to plain
  /// and back takes 14 bytes, so that three blanks between two dim dots cost five times as much as blanks do.
  func joined(_ frame: Frame) -> Frame {
    var joined = frame
    for row in 0..<frame.rows {
      var last: (column: Int, style: Style)?
      for column in 0..<frame.columns {
        let cell = frame[row, column]
        if cell == .blank { continue }
        if let last, last.style == cell.style, cell.style != .plain, (2...Self.gap + 1).contains(column - last.column),
          isUnseenOnBlanks(cell.style)
        {
          joined.restyle(Rect(row: row, column: last.column + 1, rows: 1, columns: column - last.column - 1)) {
            $0 = cell.style
          }
        }
        last = (column, cell.style)
      }
    }
    return joined
  }

  /// Whether a blank looks the same in that style as in none.
  private func isUnseenOnBlanks(_ style: Style) -> Bool {
    palette[style].attributes & (mds_underline() | mds_reverse()) == 0
  }

  /// So many blanks at most: over more of them ncurses moves the cursor, which needs no change of style.
  private static let gap = 5
}
