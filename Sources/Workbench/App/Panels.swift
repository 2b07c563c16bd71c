internal import Frames

/// The panels of a screen as they stand on a frame: each begins with its rule, the one that has the list with a heavy one.
struct Panels {
  /// The row of each panel's rule, from the top.
  private(set) var starts: [Int] = []
  /// The panel that has the list.
  private(set) var main = 0
  /// The row after the last panel's.
  private let end: Int

  init(_ frame: Frame) {
    end = max(1, frame.rows - 2)
    var beside: Int?
    for row in 1..<end where frame[row, 0].scalar == "━" || frame[row, 0].scalar == "─" {
      if frame[row, 0].scalar == "━" { main = starts.count }
      // The list may have a picture at its left.
      if (1..<frame.columns).contains(where: { frame[row, $0].scalar == "━" }) { beside = beside ?? starts.count }
      starts.append(row)
    }
    if starts.indices.contains(main), frame[starts[main], 0].scalar != "━", let beside { main = beside }
  }

  var count: Int { starts.count }

  /// The rows of a panel, its rule the first.
  func rows(of panel: Int) -> Range<Int> {
    guard starts.indices.contains(panel) else { return 1..<end }
    return starts[panel]..<(panel + 1 < starts.count ? starts[panel + 1] : end)
  }

  /// The titles of all panels of a picture, also of those that stand beside another.
  static func titles(_ frame: Frame) -> [String] {
    let isRule = { (scalar: Unicode.Scalar) in scalar == "━" || scalar == "─" }
    return (1..<max(1, frame.rows - 2)).flatMap { row -> [String] in
      let line = (0..<frame.columns).map { frame[row, $0].scalar }
      let starts = line.indices.filter { column in
        isRule(line[column]) && (column == 0 || "│┯┴┼├┤".unicodeScalars.contains(line[column - 1]))
      }
      return starts.compactMap { start in
        var title = String.UnicodeScalarView(line[(start + 1)...].prefix { !isRule($0) })
        guard title.first == " ", title.last == " ", title.count > 2 else { return nil }
        title.removeFirst()
        title.removeLast()
        return String(title)
      }
    }
  }

  /// The panel that a row belongs to.
  func panel(at row: Int) -> Int? { starts.lastIndex { $0 <= row } }
}
