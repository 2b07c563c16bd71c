internal import Domain
internal import Frames
internal import SafeText

/// A text with the weight of each word under it: `+` to `+++`, `−` to `−−−`; the text itself stays clean.
enum TextPanel {
  /// The record's own text where the words are found in it, with all that stands between them; the words alone where not.
  static func text(_ attributions: Attributions, class index: Int, of record: Record? = nil) -> WeightedText {
    guard case .tokens(let tokens) = attributions.layout, attributions.classes.indices.contains(index) else {
      return WeightedText([])
    }
    let shares = attributions.classes[index].shares
    if let text = record.flatMap({ source(of: tokens, in: $0) }) {
      return WeightedText(words(of: text, zip(tokens, shares).map { ($0, $1) }))
    }
    return WeightedText(zip(tokens, shares).map { .init($0.text.safe, weight: $1) })
  }

  /// The text in which every token stands where it says, one after the other.
  private static func source(of tokens: [Attributions.Token], in record: Record) -> [UInt8]? {
    let texts = record.tensors.flatMap { tensor -> [RawText] in
      if case .bytes(let values) = tensor.elements { values.compactMap(\.self) } else { [] }
    }
    return texts.first { text in
      let bytes = text.bytes
      var place = 0
      return tokens.allSatisfy { token in
        guard token.start >= place, token.end >= token.start, token.end <= bytes.count else { return false }
        place = token.end
        return bytes[token.start..<token.end].elementsEqual(token.text.bytes)
      }
    }?.bytes
  }

  /// What stands between two tokens without a blank belongs to the one that it touches; the rest are words without a weight.
  private static func words(of text: [UInt8], _ tokens: [(Attributions.Token, Double)]) -> [WeightedText.Word] {
    var words: [WeightedText.Word] = []
    var place = 0
    func safe(_ bytes: some Sequence<UInt8>) -> SafeText { RawText(bytes: Array(bytes)).safe }
    func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    /// Takes what stands before `end`; what touches the token there is left to it.
    func takeGap(to end: Int) -> SafeText {
      let gap = text[place..<end]
      var parts = gap.split(whereSeparator: isBlank)
      if let first = parts.first, first.startIndex == place, let last = words.indices.last {
        words[last].text = words[last].text + safe(first)
        parts.removeFirst()
      }
      let touching = end < text.count && parts.last?.endIndex == end ? parts.popLast() : nil
      words += parts.map { .init(safe($0), weight: nil) }
      return touching.map(safe) ?? .empty
    }
    for (token, share) in tokens {
      let before = takeGap(to: token.start)
      words.append(.init(before + token.text.safe, weight: share))
      place = token.end
    }
    _ = takeGap(to: text.count)
    return words
  }

  static func draw(
    _ attributions: Attributions, class index: Int, of record: Record?, _ hints: Hints, row: Int, lines: Int,
    on frame: inout Frame
  ) {
    let text = text(attributions, class: index, of: record)
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
