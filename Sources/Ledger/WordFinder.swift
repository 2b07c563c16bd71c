internal import Domain
internal import Foundation

/// Finds in a text what the full-text index found: words by their letters and digits, without case and accents.
struct WordFinder {
  /// Each word or phrase as the words of which it consists.
  private let wanted: [[String]]
  private let isOpen: Bool

  init(_ words: [String], isOpen: Bool) {
    wanted = words.map { WordFinder.words(in: $0).map(\.folded) }.filter { !$0.isEmpty }
    self.isOpen = isOpen
  }

  /// The first that is found; nil where none of them is.
  func first(in text: String) -> Range<String.Index>? {
    let words = WordFinder.words(in: text)
    for start in words.indices {
      for (index, phrase) in wanted.enumerated() where start + phrase.count <= words.count {
        let isPrefix = isOpen && index == wanted.count - 1
        let holds = phrase.indices.allSatisfy { offset in
          let word = words[start + offset].folded
          return word == phrase[offset] || (isPrefix && offset == phrase.count - 1 && word.hasPrefix(phrase[offset]))
        }
        if holds { return words[start].range.lowerBound..<words[start + phrase.count - 1].range.upperBound }
      }
    }
    return nil
  }

  /// The text cut around what was found: some of what stands before it, and as much as a line can show after it.
  func match(_ part: SearchText.Part, by analyst: RawText = "", isPast: Bool = false) -> SearchMatch? {
    let text = part.text.string
    guard let range = first(in: text) else { return nil }
    let before = text[..<range.lowerBound].suffix(WordFinder.context)
    let isCut = before.startIndex > text.startIndex
    return SearchMatch(
      part.place, of: part.of.isEmpty ? analyst : part.of, before: RawText((isCut ? "…" : "") + before),
      found: RawText(String(text[range].prefix(WordFinder.rest))),
      after: RawText(String(text[range.upperBound...].prefix(WordFinder.rest))), isPast: isPast)
  }

  /// Characters that are shown before what was found, and after it at most.
  private static let context = 16
  private static let rest = 240

  private struct Word {
    var folded: String
    var range: Range<String.Index>
  }

  private static func words(in text: String) -> [Word] {
    var words: [Word] = []
    var start: String.Index?
    let scalars = text.unicodeScalars
    func end(_ index: String.Index) {
      guard let begun = start else { return }
      words.append(Word(folded: folded(scalars[begun..<index]), range: begun..<index))
      start = nil
    }
    for index in scalars.indices {
      if belongs(scalars[index], inWord: start != nil) {
        start = start ?? index
      } else {
        end(index)
      }
    }
    end(scalars.endIndex)
    return words
  }

  /// As SQLite's `unicode61` cuts words: letters, numbers, private use, and marks inside of them.
  private static func belongs(_ scalar: Unicode.Scalar, inWord: Bool) -> Bool {
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber, .privateUse:
      true
    case .nonspacingMark, .spacingMark, .enclosingMark: inWord
    default: false
    }
  }

  private static func folded(_ scalars: Substring.UnicodeScalarView) -> String {
    if scalars.allSatisfy(\.isASCII) { return String(scalars).lowercased() }
    return String(scalars).folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil)
  }
}
