/// Which row of a list is selected, and which is the first shown.
public struct ListCursor: Hashable, Sendable {
  public private(set) var selection: Int
  public private(set) var top: Int

  public init(selection: Int = 0, top: Int = 0) {
    self.selection = selection
    self.top = top
  }

  /// Moves the selection by `step` rows, within `count` rows of which `height` are shown.
  public mutating func move(by step: Int, count: Int, height: Int) {
    let (target, overflows) = selection.addingReportingOverflow(step)
    select(overflows ? (step < 0 ? 0 : .max) : target, count: count, height: height)
  }

  /// Selects a row, or the nearest there is, and scrolls as little as shows it.
  public mutating func select(_ row: Int, count: Int, height: Int) {
    selection = max(0, min(row, count - 1))
    let height = max(1, height)
    top = min(max(top, selection - height + 1), selection)
    top = max(0, min(top, count - height))
  }

  /// A page down (`pages` 1) or up (-1): the selection keeps its place on the screen where it can.
  public mutating func page(_ pages: Int, count: Int, height: Int) {
    let step = pages * max(1, height)
    top = max(0, min(top + step, count - height))
    select(max(0, selection + step), count: count, height: height)
  }

  /// The rows that are shown.
  public func visible(count: Int, height: Int) -> Range<Int> {
    let start = max(0, min(top, count))
    return start..<max(start, min(count, start + max(0, height)))
  }
}
