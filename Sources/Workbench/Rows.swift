/// Order and filter of a list as indices, and where its window and selection stand.
///
/// Rebuilt only when its inputs change: sorting 100,000 rows at each draw would cost more than the frame.
public struct Rows: Equatable, Sendable {
  /// Indices of the shown items, in the shown order.
  public private(set) var indices: [Int32] = []
  public private(set) var selection = 0
  /// The first row on screen.
  public private(set) var top = 0
  /// Rows that fit on screen.
  public private(set) var height = 1

  public init() {}

  public var count: Int { indices.count }
  public var isEmpty: Bool { indices.isEmpty }

  /// The item that is selected, as an index of the unfiltered list.
  public var selected: Int? { indices.indices.contains(selection) ? Int(indices[selection]) : nil }

  /// The item in a row.
  public func item(inRow row: Int) -> Int? { indices.indices.contains(row) ? Int(indices[row]) : nil }

  /// The row that an item is shown in; nil where it is not.
  public func row(of item: Int) -> Int? { indices.firstIndex(of: Int32(item)) }

  /// The rows on screen.
  public var visible: Range<Int> { top..<min(top + height, indices.count) }

  /// Takes a new order; the selection stays on its item where that is still shown.
  public mutating func replace(_ order: [Int32], keeping item: Int? = nil) {
    let kept = item ?? selected
    indices = order
    select(kept.flatMap(row) ?? selection)
  }

  /// Takes a new order of a list that changed by itself: the selected item stays on its line of the screen where that
  /// can be, and where it is gone the one that took its row is selected.
  public mutating func refresh(_ order: [Int32], keeping item: Int?) {
    indices = order
    guard let row = item.flatMap(row) else { return select(selection) }
    top += row - selection
    select(row)
  }

  /// Selects a row, as near as there is one, and scrolls it into view.
  public mutating func select(_ row: Int) {
    selection = max(0, min(row, indices.count - 1))
    top = max(0, min(max(top, selection - height + 1), selection))
    top = max(0, min(top, indices.count - height))
  }

  /// Says how many rows fit.
  public mutating func resize(height: Int) {
    self.height = max(1, height)
    select(selection)
  }

  /// Answers a move command, `count` times; false for any other command.
  @discardableResult
  public mutating func perform(_ command: Command, count: Int? = nil) -> Bool {
    switch command {
    case .moveDown: select(selection + (count ?? 1))
    case .moveUp: select(selection - (count ?? 1))
    case .halfPageDown: select(selection + max(1, height / 2) * (count ?? 1))
    case .halfPageUp: select(selection - max(1, height / 2) * (count ?? 1))
    case .pageDown: select(selection + height * (count ?? 1))
    case .pageUp: select(selection - height * (count ?? 1))
    case .top: select((count ?? 1) - 1)
    case .bottom: select(count.map { $0 - 1 } ?? indices.count - 1)
    default: return false
    }
    return true
  }
}
