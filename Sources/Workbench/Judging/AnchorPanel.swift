internal import Domain
internal import Frames
internal import SafeText

/// A rule that holds the answer: IF … AND … THEN, with the precision that each predicate brings.
enum AnchorPanel {
  static func draw(_ anchor: Anchor, label: RawText, in rect: Rect, on frame: inout Frame) {
    let start = rect.column + 2
    let width = rect.columns - 3
    guard !anchor.predicates.isEmpty else {
      frame.write(
        "The explainer found that the answer needs nothing: no rule to show.", row: rect.row, column: start,
        limit: width)
      return
    }
    let lines = max(1, rect.rows - 1)
    // The bar of a predicate's precision takes what the predicates leave.
    let end = start + min(45, width - 4)
    for (line, predicate) in anchor.predicates.prefix(lines).enumerated() {
      frame.write(line == 0 ? "IF" : "AND", row: rect.row + line, column: start, style: .dim)
      frame.write(predicate.safe, row: rect.row + line, column: start + 6, limit: end - start - 12)
      guard line < anchor.steps.count else { continue }
      frame.write(Numeral.decimal(anchor.steps[line]), row: rect.row + line, endingAt: end)
      frame.write(
        Bar.text(anchor.steps[line], cells: min(26, rect.endColumn - end - 2)), row: rect.row + line, column: end + 1)
    }
    let last = rect.row + min(anchor.predicates.count, lines)
    guard last < rect.endRow else { return }
    frame.write("THEN", row: last, column: start, style: .dim)
    let share = Int((100 * anchor.precision).rounded())
    frame.write(
      label.safe + "  in \(share) of 100 perturbed rows".safe, row: last, column: start + 6, limit: width - 6)
  }
}
