public import SafeText

/// Rows and columns under one line of titles, a gutter for the selection's mark.
public struct Table: Hashable, Sendable {
  /// One column: its title in capitals, its width in cells, and what happens where there is no room.
  public struct Column: Hashable, Sendable {
    public var title: SafeText
    public var width: Int
    public var alignment: Alignment
    /// Cells before it.
    public var gap: Int
    /// 0 is never dropped; where there is no room the highest goes first.
    public var priority: Int
    /// Whether it takes the cells that are left; more than one share them.
    public var isFlexible: Bool

    public init(
      _ title: SafeText, width: Int, _ alignment: Alignment = .left, gap: Int = 2, priority: Int = 0,
      isFlexible: Bool = false
    ) {
      self.title = title
      self.width = width
      self.alignment = alignment
      self.gap = gap
      self.priority = priority
      self.isFlexible = isFlexible
    }
  }

  /// How the selected row is shown.
  public enum Selection: Hashable, Sendable {
    /// `▌` in the gutter: the few bytes that make a held key cheap.
    case gutter
    /// The mark, and the first column bold.
    case boldName
    /// The whole row in reverse.
    case bar
  }

  public var columns: [Column]
  public var selectionStyle: Selection
  /// Without titles the rows start at once.
  public var showsTitles: Bool

  /// The cells before the first column: the mark and a space.
  public static let gutter = 2

  public init(_ columns: [Column], selectionStyle: Selection = .gutter, showsTitles: Bool = true) {
    self.columns = columns
    self.selectionStyle = selectionStyle
    self.showsTitles = showsTitles
  }

  /// How many rows of data fit into so many rows.
  public func height(in rows: Int) -> Int { max(0, rows - (showsTitles ? 1 : 0)) }

  /// Where the columns stand when the table has `width` cells, those dropped left out: index, start, width.
  public func layout(width: Int) -> [(index: Int, start: Int, width: Int)] {
    var kept = Array(columns.indices)
    let needed = { (indices: [Int]) in
      indices.reduce(Self.gutter - (indices.first.map { columns[$0].gap } ?? 0)) {
        $0 + columns[$1].gap + columns[$1].width
      }
    }
    while needed(kept) > width,
      let victim = kept.filter({ columns[$0].priority > 0 }).max(by: { columns[$0].priority < columns[$1].priority })
    {
      kept.removeAll { $0 == victim }
    }
    let flexible = kept.filter { columns[$0].isFlexible }
    let free = max(0, width - needed(kept))
    var start = Self.gutter
    return kept.enumerated().map { offset, index in
      let column = columns[index]
      if offset > 0 { start += column.gap }
      var cells = column.width
      if let rank = flexible.firstIndex(of: index) {
        cells += free * (rank + 1) / flexible.count - free * rank / flexible.count
      }
      let place = start
      start += cells
      return (index, place, max(0, min(cells, width - place)))
    }
  }

  /// Draws titles and the rows that `cursor` shows of `count`; `cells` is asked only for those, and answers one text a
  /// column. Without a cursor nothing is selected and the first rows are shown.
  public func draw(
    on frame: inout Frame, in rect: Rect, count: Int, cursor: ListCursor? = nil,
    cells: (Int) -> [StyledText]
  ) {
    let layout = layout(width: rect.columns)
    var row = rect.row
    if showsTitles, rect.rows > 0 {
      for part in layout { write(StyledText(columns[part.index].title), part, row: row, on: &frame, rect) }
      row += 1
    }
    let visible = (cursor ?? ListCursor()).visible(count: count, height: rect.endRow - row)
    for index in visible {
      let isSelected = index == cursor?.selection
      if isSelected { frame.draw("▌", row: row, column: rect.column, style: .select) }
      for (offset, (part, text)) in zip(layout, pick(cells(index), layout)).enumerated() {
        var text = text
        if isSelected, selectionStyle == .boldName, offset == 0 {
          text.spans = text.spans.map { StyledText.Span($0.text, $0.style.emboldened) }
        }
        write(text, part, row: row, on: &frame, rect)
      }
      if isSelected, selectionStyle == .bar {
        frame.restyle(Rect(row: row, column: rect.column, rows: 1, columns: rect.columns)) { $0.reverse = true }
      }
      row += 1
    }
  }

  private func pick(_ cells: [StyledText], _ layout: [(index: Int, start: Int, width: Int)]) -> [StyledText] {
    layout.map { $0.index < cells.count ? cells[$0.index] : StyledText() }
  }

  private func write(
    _ text: StyledText, _ part: (index: Int, start: Int, width: Int), row: Int, on frame: inout Frame, _ rect: Rect
  ) {
    let text = text.cut(to: part.width)
    let space = part.width - text.width
    let shift =
      switch columns[part.index].alignment {
      case .left: 0
      case .right: space
      case .center: space / 2
      }
    frame.write(text, row: row, column: rect.column + part.start + shift)
  }
}

extension Style {
  var emboldened: Style {
    var style = self
    style.bold = true
    return style
  }
}
