public import SafeText

/// Two distributions bin by bin: the reference in `░` above, the current in `█` below it.
public struct HistogramPair: Hashable, Sendable {
  public struct Bin: Hashable, Sendable {
    public var label: SafeText
    /// Shares 0–1.
    public var reference: Double
    public var current: Double
    /// What the bin adds to the statistic; at the right of the current bar.
    public var note: SafeText

    public init(_ label: SafeText, reference: Double, current: Double, note: SafeText = .empty) {
      self.label = label
      self.reference = reference
      self.current = current
      self.note = note
    }
  }

  public var bins: [Bin]
  /// The title of the labels: `AGE`.
  public var title: SafeText
  /// The title of the notes: `PSI`.
  public var noteTitle: SafeText
  /// Cells of the longest bar.
  public var reach: Int
  /// Cells before the bars, for the labels.
  public var labelWidth: Int
  /// Without it the reference stands alone, one row a bin.
  public var hasCurrent: Bool

  public init(
    _ bins: [Bin], title: SafeText, noteTitle: SafeText = .empty, reach: Int = 16, labelWidth: Int = 7,
    hasCurrent: Bool = true
  ) {
    self.bins = bins
    self.title = title
    self.noteTitle = noteTitle
    self.reach = reach
    self.labelWidth = labelWidth
    self.hasCurrent = hasCurrent
  }

  /// Draws a row of titles and two rows a bin, one without the current, of as many bins as have room; shares as whole
  /// percents that add up to 100 over all bins, shown or not.
  public func draw(on frame: inout Frame, in rect: Rect) {
    guard rect.rows > 0 else { return }
    let bars = rect.column + labelWidth
    let end = bars + reach + 6
    frame.write(title, row: rect.row, column: rect.column, limit: labelWidth)
    frame.write("SHARE", row: rect.row, column: bars + 1)
    frame.write(noteTitle, row: rect.row, endingAt: min(rect.endColumn, end + 6))
    let longest = bins.flatMap { [$0.reference, $0.current] }.max() ?? 0
    let references = Numeral.percents(bins.map(\.reference))
    let currents = Numeral.percents(bins.map(\.current))
    for (index, bin) in bins.enumerated() {
      let row = rect.row + 1 + (hasCurrent ? 2 : 1) * index
      guard row + (hasCurrent ? 1 : 0) < rect.endRow, longest > 0 else { break }
      frame.write(bin.label, row: row, column: rect.column, limit: labelWidth - 1)
      let reference = Bar.text(bin.reference / longest, cells: reach, shade: "░")
      frame.write(reference, row: row, column: bars, style: .dim)
      frame.write(Numeral.count(references[index]) + " %", row: row, endingAt: end)
      guard hasCurrent else { continue }
      frame.write(Bar.text(bin.current / longest, cells: reach), row: row + 1, column: bars)
      frame.write(Numeral.count(currents[index]) + " %", row: row + 1, endingAt: end)
      frame.write(bin.note, row: row + 1, endingAt: min(rect.endColumn, end + 6))
    }
  }

  public var table: ChartTable {
    let references = Numeral.percents(bins.map(\.reference))
    let currents = Numeral.percents(bins.map(\.current))
    return ChartTable(
      [title, "REFERENCE %", "CURRENT %", noteTitle],
      rows: bins.enumerated().map {
        [$0.element.label, Numeral.count(references[$0.offset]), Numeral.count(currents[$0.offset]), $0.element.note]
      })
  }
}
