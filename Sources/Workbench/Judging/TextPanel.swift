internal import Domain
internal import Frames
internal import SafeText

/// A text with the weight of each word under it: `+` to `+++`, `−` to `−−−`; the text itself stays clean.
enum TextPanel {
  static func text(_ attributions: Attributions, class index: Int) -> WeightedText {
    guard case .tokens(let tokens) = attributions.layout, attributions.classes.indices.contains(index) else {
      return WeightedText([])
    }
    let shares = attributions.classes[index].shares
    return WeightedText(zip(tokens, shares).map { .init($0.text.safe, weight: $1) })
  }

  static func draw(
    _ attributions: Attributions, class index: Int, _ hints: Hints, row: Int, lines: Int, on frame: inout Frame
  ) {
    let text = text(attributions, class: index)
    let inside = Rect(row: row + 1, column: 2, rows: lines, columns: frame.columns - 4)
    let all = text.words.count
    let shown = text.fitting(rows: inside.rows, columns: inside.columns)
    let words = Numeral.count(all) + (all == 1 ? " word" : " words")
    // Nobody judges on a part of a text for a whole.
    let more = shown < all ? hints(.table, "shows them all") : .empty
    let count = shown < all ? Numeral.count(shown) + " of " + words : words
    let right = more.isEmpty ? count : count + ", " + more
    Chrome.rule("Text", right: right, row: row, columns: 0..<frame.columns, on: &frame)
    text.draw(on: &frame, in: inside)
  }
}
