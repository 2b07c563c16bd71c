/// Where the parts of the feedback screen stand. Under 80 columns or 22 rows there are a few lines of numbers instead of
/// the charts; from 118 columns on the analysts stand beside the slices.
struct FeedbackLayout: Equatable {
  let size: ScreenSize

  init(_ size: ScreenSize) { self.size = size }

  var isCompact: Bool { size.columns < 80 || size.rows < 22 }
  var isWide: Bool { size.columns >= 118 && !isCompact }

  /// The column between the two panels of the upper bands.
  var split: Int { isWide ? size.columns / 2 : 44 }
  /// Rows under the rule of the upper band, and of the middle one.
  var topHeight: Int { isCompact ? 4 : size.rows >= 34 ? 12 : size.rows >= 24 ? 7 : 5 }
  var middleHeight: Int {
    // In one column the diagram stands under the bins.
    isCompact ? 0 : size.rows >= 56 && !isWide ? 20 : size.rows >= 46 ? 12 : size.rows >= 34 ? 7 : 5
  }

  var middleRow: Int { 2 + topHeight }
  var listRow: Int { isCompact ? 2 + topHeight : middleRow + 1 + middleHeight }
  /// The slices' width; the analysts stand beside them.
  var listWidth: Int { isWide ? size.columns - min(72, max(42, size.columns - 112)) : size.columns }
  /// Between the titles of the list and the row of messages.
  var listHeight: Int { max(1, size.rows - listRow - 4) }
}
