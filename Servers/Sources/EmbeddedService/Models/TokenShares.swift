internal import Domain

/// The contributions of a text's buckets, shared among its words.
///
/// A bucket's contribution goes in equal parts to the tokens of the terms that fall into it, a token counting once for
/// each term that it is in; the buckets that the text does not touch are one last row. The sum stays what it was.
struct TokenShares: Sendable {
  /// The words as they stand in the text, then `words not present`.
  var names: [RawText]
  var tokens: [Attributions.Token]
  /// By class, then by name.
  var shares: [[Double]]

  init(text: RawText, grams: HashedNGrams, contributions: [[Double]]) {
    let tokens = HashedNGrams.tokens(of: text)
    let touched = grams.touched(by: tokens)
    self.tokens = tokens.map { token in
      Attributions.Token(
        text: RawText(bytes: text.bytes[token.range]), start: token.range.lowerBound, end: token.range.upperBound)
    }
    names = self.tokens.map(\.text) + ["words not present"]
    shares = contributions.map { buckets in
      var shares = [Double](repeating: 0, count: tokens.count + 1)
      for (bucket, contribution) in buckets.enumerated() {
        guard let places = touched[bucket]?.tokens else {
          shares[tokens.count] += contribution
          continue
        }
        for place in places { shares[place] += contribution / Double(places.count) }
      }
      return shares
    }
  }
}
