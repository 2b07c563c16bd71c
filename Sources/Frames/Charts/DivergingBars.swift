public import SafeText

/// What speaks for and against, on one zero line: `█` to the right, `▒` to the left, the longest first.
public struct DivergingBars: Hashable, Sendable {
  /// A feature, its value, and how much it moved the answer.
  public struct Item: Hashable, Sendable {
    public var label: SafeText
    public var detail: SafeText
    public var amount: Double

    public init(_ label: SafeText, _ detail: SafeText = .empty, amount: Double) {
      self.label = label
      self.detail = detail
      self.amount = amount
    }
  }

  /// In the order they are shown.
  public var items: [Item]
  /// What is not shown, in one row: `5 other features` and their sum. The row also names the sides.
  public var others: Item?
  /// What the left side speaks for: `towards <=50K`.
  public var left: SafeText
  /// What the right side speaks for.
  public var right: SafeText
  /// The column of the zero line.
  public var axis: Int
  /// The cells of the longest bar.
  public var reach: Int
  /// The column after the numbers.
  public var amountEnd: Int
  /// The column of the details.
  public var detailColumn: Int
  public var places: Int
  /// The size of the longest bar; nil for the largest item's. A part of a longer list is drawn by the list's own.
  public var scale: Double?

  /// Columns are those of an 80-column panel unless given.
  public init(
    _ items: [Item], others: Item? = nil, left: SafeText, right: SafeText, axis: Int = 48, reach: Int = 16,
    amountEnd: Int = 77, detailColumn: Int = 18, places: Int = 2,
    scale: Double? = nil
  ) {
    self.items = items
    self.others = others
    self.left = left
    self.right = right
    self.axis = axis
    self.reach = reach
    self.amountEnd = amountEnd
    self.detailColumn = detailColumn
    self.places = places
    self.scale = scale
  }

  /// The largest `count` items by size, and the rest as one.
  public static func largest(
    _ count: Int, of items: [Item], restLabel: (Int) -> SafeText = { Numeral.count($0) + " other features" }
  ) -> (shown: [Item], others: Item?) {
    let order = items.enumerated().sorted {
      ($0.element.amount.magnitude, $1.offset) > ($1.element.amount.magnitude, $0.offset)
    }.map(\.element)
    let rest = order.dropFirst(count)
    let sum = rest.reduce(0) { $0 + $1.amount }
    return (Array(order.prefix(count)), rest.isEmpty ? nil : Item(restLabel(rest.count), amount: sum))
  }

  /// The size of the longest bar.
  private var longest: Double { scale ?? items.map(\.amount.magnitude).filter(\.isFinite).max() ?? 0 }

  /// Draws in `rect`, whose last row is for the others and the sides; the columns are counted from its first.
  public func draw(on frame: inout Frame, in rect: Rect, cursor: ListCursor? = nil) {
    guard rect.rows > 0 else { return }
    let room = max(0, rect.rows - 1)
    let visible = (cursor ?? ListCursor()).visible(count: items.count, height: room)
    var row = rect.row
    for index in visible {
      if index == cursor?.selection { frame.draw("▌", row: row, column: rect.column, style: .select) }
      draw(items[index], row: row, on: &frame, rect)
      row += 1
    }
    let edge = rect.column + axis
    if let others {
      frame.write(others.label, row: row, column: rect.column + 2, limit: max(0, axis - 4 - left.width - 2))
      let amount = Numeral.decimal(others.amount, places: places, signed: true)
      frame.write(amount, row: row, endingAt: rect.column + amountEnd)
    }
    frame.write("0", row: row, column: edge)
    frame.write("◀ " + left, row: row, endingAt: edge - 1)
    frame.write(right.cut(to: max(0, amountEnd - axis - 10)) + " ▶", row: row, column: edge + 2)
  }

  private func draw(_ item: Item, row: Int, on frame: inout Frame, _ rect: Rect) {
    let detail = rect.column + detailColumn
    let edge = rect.column + axis
    let label = item.detail.isEmpty ? axis - reach - 3 : detailColumn - 3
    frame.write(item.label, row: row, column: rect.column + 2, limit: max(0, label))
    frame.write(item.detail, row: row, column: detail, limit: max(0, axis - detailColumn - reach - 1))
    frame.draw("│", row: row, column: edge, style: .dim)
    let share = longest > 0 ? item.amount / longest : 0
    if share > 0 {
      frame.write(Bar.text(share, cells: reach), row: row, column: edge + 1, style: .positive)
    } else if !isZero(item.amount) {
      // The smallest that is not zero has one cell: a side without a bar would say nothing.
      let cells = max(1, Int(min(1, -share) * Double(reach) + 0.5))
      frame.write(SafeText(repeating: "▒", count: cells), row: row, endingAt: edge, style: .negative)
    }
    let amount = Numeral.decimal(item.amount, places: places, signed: true)
    frame.write(amount, row: row, endingAt: rect.column + amountEnd)
  }

  private func isZero(_ amount: Double) -> Bool {
    !amount.isFinite || Numeral.decimal(amount, places: places, signed: true) == Numeral.decimal(0, places: places)
  }

  public var table: ChartTable {
    let all = items + (others.map { [$0] } ?? [])
    return ChartTable(
      ["FEATURE", "VALUE", "AMOUNT", "SPEAKS FOR"],
      rows: all.map {
        [
          $0.label, $0.detail, Numeral.decimal($0.amount, places: places, signed: true),
          isZero($0.amount) ? Numeral.absent : $0.amount > 0 ? right : left,
        ]
      })
  }
}
