internal import Domain
internal import Feedback
internal import Frames
internal import SafeText

extension AnswerComparison {
  /// `of 40 records that both answered: 1 alone right 10, 2 alone right 3, McNemar p .092`.
  var words: SafeText { parts[0] + ": " + parts.dropFirst().joined(separator: ", ") }

  /// The same of versions, which are named `v3` everywhere.
  var ofVersions: AnswerComparison {
    var named = self
    (named.first, named.second) = (RawText("v").appending(first), RawText("v").appending(second))
    return named
  }

  /// The same on lines of so many columns.
  func lines(columns: Int) -> [SafeText] {
    words.width <= columns ? [words] : FeedbackPanels.lines(parts, columns: columns)
  }

  private var parts: [SafeText] {
    let (b, c) = (Numeral.count(onlyFirst), Numeral.count(onlySecond))
    return [
      "of ".safe + Numeral.count(records) + " records that both answered", first.safe + " alone right " + b,
      second.safe + " alone right " + c, verdict,
    ]
  }

  /// What the exact test says.
  var verdict: SafeText {
    isTooFew ? "too few differ to tell" : "McNemar p ".safe + Numeral.pValue(pValue)
  }
}
