internal import Domain
internal import Frames
internal import SafeText

/// A rule that holds the answer: IF … AND … THEN, with the precision that each predicate brings.
enum AnchorPanel {
  static func draw(_ anchor: Anchor, label: RawText, row: Int, lines: Int, on frame: inout Frame) {
    guard !anchor.predicates.isEmpty else {
      frame.write("The explainer found that the answer needs nothing: no rule to show.", row: row, column: 2)
      return
    }
    for (line, predicate) in anchor.predicates.prefix(max(1, lines - 1)).enumerated() {
      frame.write(line == 0 ? "IF" : "AND", row: row + line, column: 2, style: .dim)
      frame.write(predicate.safe, row: row + line, column: 8, limit: 34)
      guard line < anchor.steps.count else { continue }
      let precision = anchor.steps[line]
      frame.write(Numeral.decimal(precision), row: row + line, endingAt: 47)
      frame.write(Bar.text(precision, cells: 26), row: row + line, column: 48)
    }
    let last = row + min(anchor.predicates.count, max(1, lines - 1))
    guard last < row + lines else { return }
    frame.write("THEN", row: last, column: 2, style: .dim)
    let share = Int((100 * anchor.precision).rounded())
    frame.write(label.safe + "  in \(share) of 100 perturbed rows".safe, row: last, column: 8)
  }
}
