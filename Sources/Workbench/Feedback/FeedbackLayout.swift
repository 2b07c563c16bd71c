internal import Frames

/// Where the parts of the feedback screen stand. Under 80 columns or 22 rows there are a few lines of numbers instead of
/// the charts; from 118 columns on the analysts stand beside the slices. Where one panel stands alone each has the whole
/// width, one under the other.
struct FeedbackLayout: Equatable {
  let size: ScreenSize
  /// The rows of the panel that stands alone, where one does.
  let panelRows: Int?

  init(_ size: ScreenSize, panelRows: Int? = nil) {
    self.size = size
    self.panelRows = panelRows
  }

  /// Whether the panels stand one under the other, each as high as one that stands alone.
  var isStacked: Bool { panelRows != nil }
  var isCompact: Bool { !isStacked && (size.columns < 80 || size.rows < 22) }
  var isWide: Bool { !isStacked && !isCompact && size.columns >= 118 }

  /// The few lines of numbers, where several panels are not charts.
  var hasSummary: Bool { size.columns < 80 }
  private var summaryRows: Int { isStacked && hasSummary ? 5 : 0 }
  /// The rows of a panel among those that stand one under the other, its rule among them.
  private var stackedHeight: Int { max(8, min(30, panelRows ?? 0)) }
  /// The places of the panels that stand one under the other: trend, confusion, calibration, facts, analysts.
  func stacked(_ index: Int) -> Rect {
    Rect(row: 1 + summaryRows + index * stackedHeight, column: 0, rows: stackedHeight, columns: size.columns)
  }
  /// A screen so high has room for all of them and the list.
  var stackRows: Int { stacked(5).row + 8 }

  /// The column between the two panels of the upper bands.
  var split: Int { isWide ? size.columns / 2 : 44 }
  /// Rows under the rule of the upper band, and of the middle one.
  var topHeight: Int { isCompact || isStacked ? 4 : size.rows >= 34 ? 12 : size.rows >= 24 ? 7 : 5 }
  var middleHeight: Int {
    // In one column the diagram stands under the bins.
    isCompact ? 0 : size.rows >= 56 && !isWide ? 20 : size.rows >= 46 ? 12 : size.rows >= 34 ? 7 : 5
  }

  var middleRow: Int { 2 + topHeight }
  var listRow: Int { isStacked ? stacked(5).row : isCompact ? 2 + topHeight : middleRow + 1 + middleHeight }
  /// The slices' width; the analysts stand beside them.
  var listWidth: Int { isWide ? size.columns - min(72, max(42, size.columns - 112)) : size.columns }
  /// Between the titles of the list and the row of messages.
  var listHeight: Int { max(1, size.rows - listRow - 4) }
}
