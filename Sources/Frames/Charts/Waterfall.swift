public import SafeText

/// From a base to a sum, step by step: each bar begins where the one before it ended.
public struct Waterfall: Hashable, Sendable {
  /// What moves the sum, and by how much.
  public struct Step: Hashable, Sendable {
    public var label: SafeText
    public var amount: Double

    public init(_ label: SafeText, amount: Double) {
      self.label = label
      self.amount = amount
    }
  }

  public var base: Step
  /// In the order they are added.
  public var steps: [Step]
  /// What the sum is called: `f(x)`.
  public var total: SafeText
  public var places: Int

  public init(base: Step, steps: [Step], total: SafeText, places: Int = 2) {
    self.base = base
    self.steps = steps
    self.total = total
    self.places = places
  }

  /// The sum after each step, the base first.
  public var sums: [Double] {
    steps.reduce(into: [base.amount]) { sums, step in sums.append(sums[sums.count - 1] + step.amount) }
  }

  /// The largest steps, as many as `rows` show beside base and sum, and the rest as one.
  public func fitting(rows: Int, restLabel: (Int) -> SafeText) -> Waterfall {
    let room = max(1, rows - 2)
    guard steps.count > room else { return self }
    let order = steps.enumerated().sorted {
      ($0.element.amount.magnitude, $1.offset) > ($1.element.amount.magnitude, $0.offset)
    }.map(\.element)
    let rest = order.dropFirst(room - 1)
    var fitting = self
    fitting.steps = order.prefix(room - 1) + [Step(restLabel(rest.count), amount: rest.reduce(0) { $0 + $1.amount })]
    return fitting
  }

  /// Draws a row for the base, one a step and one for the sum: label, bar, what the step adds, and the sum so far.
  public func draw(on frame: inout Frame, in rect: Rect, labelWidth: Int = 20) {
    let bars = rect.column + labelWidth + 1
    let cells = rect.endColumn - 17 - bars
    let sums = sums
    let ends = ([0] + sums).filter(\.isFinite)
    guard cells >= 4, let low = ends.min(), let high = ends.max() else { return }
    // Halved, as two sums may lie farther apart than the largest number.
    let span = high > low ? high / 2 - low / 2 : 1
    let place = { (value: Double) -> Int in
      guard value.isFinite else { return 0 }
      let share = min(1, max(0, (value / 2 - low / 2) / span))
      return Int(share * Double(cells - 1) + 0.5)
    }
    func row(_ index: Int, _ label: SafeText, _ amount: Double?, from start: Double, to end: Double) {
      let y = rect.row + index
      guard y < rect.endRow else { return }
      frame.write(label, row: y, column: rect.column, limit: labelWidth)
      frame.draw("│", row: y, column: bars + place(0), style: .dim)
      let isPositive = end >= start
      for cell in min(place(start), place(end))...max(place(start), place(end)) where amount != nil && start != end {
        frame.draw(isPositive ? "█" : "▒", row: y, column: bars + cell, style: isPositive ? .positive : .negative)
      }
      // Base and sum are places, not steps.
      if amount == nil { frame.draw("┃", row: y, column: bars + place(end), style: .accent) }
      if let amount {
        frame.write(Numeral.decimal(amount, places: places, signed: true), row: y, endingAt: rect.endColumn - 8)
      }
      let style: Style = amount == nil ? .bold : .dim
      frame.write(Numeral.decimal(end, places: places, signed: true), row: y, endingAt: rect.endColumn, style: style)
    }
    row(0, base.label, nil, from: base.amount, to: base.amount)
    for (index, step) in steps.enumerated() {
      row(index + 1, step.label, step.amount, from: sums[index], to: sums[index + 1])
    }
    row(steps.count + 1, total, nil, from: sums[steps.count], to: sums[steps.count])
  }

  public var table: ChartTable {
    let sums = sums
    let number = { (value: Double) in Numeral.decimal(value, places: places, signed: true) }
    let first = [base.label, Numeral.absent, number(base.amount)]
    let last = [total, Numeral.absent, number(sums[steps.count])]
    return ChartTable(
      ["STEP", "ADDS", "SUM"],
      rows: [first] + steps.enumerated().map { [$1.label, number($1.amount), number(sums[$0 + 1])] } + [last])
  }
}
