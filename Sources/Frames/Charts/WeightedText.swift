public import SafeText

/// A text with the weight of each word under it: `+` to `+++` for the answer, `−` to `−−−` against it.
public struct WeightedText: Hashable, Sendable {
  public struct Word: Hashable, Sendable {
    public var text: SafeText
    /// Nil for a word the explainer does not know.
    public var weight: Double?

    public init(_ text: SafeText, weight: Double?) {
      self.text = text
      self.weight = weight
    }
  }

  public var words: [Word]
  /// A smaller weight has no mark.
  public var least: Double

  public init(_ words: [Word], least: Double = 0.05) {
    self.words = words
    self.least = least
  }

  /// How many marks a weight gets, 0–3.
  private func strength(_ weight: Double?) -> Int {
    let largest = words.compactMap { $0.weight?.magnitude }.filter(\.isFinite).max() ?? 0
    guard let weight, weight.magnitude >= least, largest > 0 else { return 0 }
    return Int(min(3, 3 * weight.magnitude / largest + 0.999))
  }

  /// The words of each line at a width.
  private func wrapped(columns: Int) -> [[Word]] {
    var lines: [[Word]] = [[]]
    var used = 0
    for word in words {
      if used > 0, used + 1 + word.text.width > columns {
        lines.append([])
        used = 0
      }
      lines[lines.count - 1].append(word)
      used += (used > 0 ? 1 : 0) + word.text.width
    }
    return lines
  }

  /// The rows that the text takes with its marks: two a line.
  public func rows(columns: Int) -> Int { words.isEmpty ? 0 : wrapped(columns: columns).count * 2 }

  /// How many of the words are drawn in so many rows.
  public func fitting(rows: Int, columns: Int) -> Int {
    wrapped(columns: columns).prefix((rows + 1) / 2).reduce(0) { $0 + $1.count }
  }

  /// Draws lines from `top` on, each with a row of marks under it.
  public func draw(on frame: inout Frame, in rect: Rect, top: Int = 0) {
    for (index, line) in wrapped(columns: rect.columns).dropFirst(top).enumerated() {
      let row = rect.row + 2 * index
      guard row < rect.endRow else { break }
      var column = rect.column
      for word in line {
        frame.write(word.text, row: row, column: column, limit: max(0, rect.endColumn - column))
        let isFor = (word.weight ?? 0) > 0
        if row + 1 < rect.endRow {
          frame.write(
            SafeText(repeating: isFor ? "+" : "−", count: strength(word.weight)), row: row + 1, column: column,
            limit: max(0, rect.endColumn - column), style: isFor ? .positive : .negative)
        }
        column += word.text.width + 1
      }
    }
  }

  public var table: ChartTable {
    ChartTable(
      ["WORD", "WEIGHT"], rows: words.map { [$0.text, Numeral.decimal($0.weight, signed: true)] })
  }
}
