internal import Domain
internal import Frames
internal import SafeText

/// A rule that holds the answer: IF … AND … THEN, with the precision that each predicate brings. Of a picture the predicates
/// are the regions that are kept.
enum AnchorPanel {
  /// What the panel shows beside the rule itself.
  struct Marking {
    /// The predicate that a mark goes on; nil where the cursor is elsewhere.
    var selection: Int?
    /// The mark on each predicate.
    var marks: [MarkKind?] = []
  }

  /// Draws as many predicates as there are rows, those around the selection, and what follows from them.
  static func draw(_ anchor: Anchor, label: RawText, _ marking: Marking, in rect: Rect, on frame: inout Frame) {
    let start = rect.column + 2
    let width = rect.columns - 3
    let predicates = words(of: anchor)
    guard !predicates.isEmpty else {
      let none: SafeText = "The explainer found that the answer needs nothing: no rule to show."
      for (line, text) in none.wrapped(to: width).prefix(rect.rows).enumerated() {
        frame.write(text, row: rect.row + line, column: start, limit: width)
      }
      return
    }
    let lines = max(1, rect.rows - 1)
    let first = max(0, (marking.selection ?? 0) - lines + 1)
    let shown = first..<min(first + lines, predicates.count)
    // The bar of a predicate's precision takes what the predicates leave.
    let end = start + min(45, width - 4)
    for (line, index) in shown.enumerated() {
      let row = rect.row + line
      if index == marking.selection { frame.draw("▌", row: row, column: rect.column, style: .select) }
      frame.write(index == 0 ? "IF" : "AND", row: row, column: start, style: .dim)
      if marking.marks.indices.contains(index), let mark = marking.marks[index] {
        frame.write(mark.sign.safe, row: row, column: start + 4, style: .bold)
      }
      frame.write(predicates[index], row: row, column: start + 6, limit: end - start - 12)
      guard index < anchor.steps.count else { continue }
      frame.write(Numeral.decimal(anchor.steps[index]), row: row, endingAt: end)
      frame.write(
        Bar.text(anchor.steps[index], cells: min(26, rect.endColumn - end - 2)), row: row, column: end + 1)
    }
    let last = rect.row + shown.count
    guard last < rect.endRow else { return }
    frame.write("THEN", row: last, column: start, style: .dim)
    let share = Numeral.whole(100 * anchor.precision)
    let follows = label.safe + "  in ".safe + share + " of 100"
    let whole = follows + (anchor.segments == nil ? " perturbed rows" : " perturbed pictures")
    frame.write(whole.width <= width - 6 ? whole : follows, row: last, column: start + 6, limit: width - 6)
  }

  /// Rows that the rule takes.
  static func rows(_ anchor: Anchor) -> Int { anchor.parts.count + 1 }

  /// `precision .94  coverage .008`, which are estimates.
  static func numbers(_ anchor: Anchor, columns: Int) -> SafeText {
    let isNarrow = columns < 60
    let precision = (isNarrow ? "prec " : "precision ") + Numeral.decimal(anchor.precision)
    let coverage = (isNarrow ? " cov " : "  coverage ") + Numeral.decimal(anchor.coverage, places: 3)
    return precision + coverage + (isNarrow ? .empty : "  estimates")
  }

  /// The predicates as rows of a table.
  static func table(_ anchor: Anchor) -> [[String]] {
    words(of: anchor).enumerated().map { index, predicate in
      [predicate.text, anchor.steps.indices.contains(index) ? Numeral.decimal(anchor.steps[index]).text : "·"]
    }
  }

  /// Each predicate in words; a region with how much of the picture it is.
  private static func words(of anchor: Anchor) -> [SafeText] {
    let parts = ExplanationParts(anchor.parts).all.map(\.text.safe)
    guard anchor.predicates.isEmpty, let segments = anchor.segments else { return parts }
    var pixels: [Int: Int] = [:]
    for id in segments.ids { pixels[id, default: 0] += 1 }
    return zip(parts, segments.kept).map { part, id in part + "  \(pixels[id, default: 0]) pixels".safe }
  }
}

/// What a rule on a picture keeps of it: the picture, and beside it the regions, the selected one in `█`.
struct AnchorPicture {
  private let picture: RecordPicture?
  private let regions: PixelGrid?
  private let rect: Rect
  /// Cells of each of the two.
  private let cells: Int

  /// nil where there is neither a picture nor a region, or no room for one of them beside `text` columns.
  init?(_ anchor: Anchor, _ picture: RecordPicture?, selection: Int?, beside text: Int, in rect: Rect) {
    let kept = anchor.segments.map { segments in
      let selected = selection.flatMap { segments.kept.indices.contains($0) ? segments.kept[$0] : nil }
      let isKept = Set(segments.kept)
      return PixelGrid(
        rows: segments.rows, columns: segments.columns,
        values: segments.ids.map { $0 == selected ? 1 : isKept.contains($0) ? 0.4 : 0 })
    }
    let regions = anchor.segments?.kept.isEmpty == false ? kept : nil
    let free = rect.columns - text
    func fits(_ grid: PixelGrid?, _ columns: Int) -> Bool {
      grid.map { $0.scale(fitting: Rect(row: 0, column: 0, rows: rect.rows, columns: columns)) > 0 } ?? true
    }
    let (both, alone) = (min(44, free / 2 - 1), min(44, free - 1))
    if let picture, regions != nil, fits(picture.grid, both), fits(regions, both) {
      (self.picture, self.regions, cells) = (picture, regions, both)
    } else if let regions, fits(regions, alone) {
      // What is kept says more than what there is.
      (self.picture, self.regions, cells) = (nil, regions, alone)
    } else if regions == nil, let picture, fits(picture.grid, alone) {
      (self.picture, self.regions, cells) = (picture, nil, alone)
    } else {
      return nil
    }
    self.rect = rect
  }

  /// Columns that they take at the right.
  var columns: Int { (picture != nil && regions != nil ? 2 : 1) * (cells + 1) }

  func draw(on frame: inout Frame) {
    var place = Rect(row: rect.row, column: rect.endColumn - columns, rows: rect.rows, columns: cells)
    if let picture {
      picture.draw(on: &frame, in: place)
      place = Rect(row: place.row, column: place.column + cells + 1, rows: place.rows, columns: cells)
    }
    if let regions { AttributionMap(regions).draw(on: &frame, in: place) }
  }
}
