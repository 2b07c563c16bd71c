public import SafeText

/// Letters that a text must hold in their order, as one types them into a palette or a filter; words parted by spaces
/// may stand in any order.
///
/// Made once, asked of many texts: it compares bytes, and letters of ASCII without their case.
public struct FuzzyPattern: Hashable, Sendable {
  private let words: [[UInt8]]

  public init(_ pattern: String) {
    words = pattern.utf8.split(separator: 0x20).map { $0.map(Self.lowered) }
  }

  /// Whether every text matches.
  public var isEmpty: Bool { words.isEmpty }

  /// How well the text matches, or nil if it does not: letters in a row, starts of words and short texts count for it,
  /// letters left out against it. An empty pattern scores 0 for any text.
  public func score(_ text: SafeText) -> Int? { score(text.text) }

  public func score(_ text: String) -> Int? {
    if words.isEmpty { return 0 }
    var text = text
    return text.withUTF8 { text in
      var total = 0
      var length = 0
      for word in words {
        guard let score = Self.score(word, in: text) else { return nil }
        total += score
        length += word.count
      }
      return total - max(0, min(text.count - length, 30)) / 3
    }
  }

  /// Whether a text of these bytes scores at all: what a filter asks, of very many names.
  public func matches(_ bytes: [UInt8]) -> Bool {
    bytes.withUnsafeBufferPointer { text in words.allSatisfy { Self.stands($0[...], in: text, from: 0) } }
  }

  private static func score(_ word: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard word.count <= text.count, stands(word[...], in: text, from: 0) else { return nil }
    // From the left, but a letter that starts a word later on is preferred to one inside a word now.
    var score = 0
    var place = 0
    var last = -2
    for (offset, byte) in word.enumerated() {
      var found = place
      while lowered(text[found]) != byte { found += 1 }
      if found != last + 1, !startsWord(text, found), let better = wordStart(byte, in: text, from: found + 1),
        stands(word[(offset + 1)...], in: text, from: better + 1)
      {
        found = better
      }
      if found == last + 1 { score += 8 }
      score += startsWord(text, found) ? 10 : -min(found - place, 6)
      last = found
      place = found + 1
    }
    return max(score, bestRun(word, in: text) ?? .min)
  }

  /// The score where the letters stand in a row, best at the start of a word.
  private static func bestRun(_ word: [UInt8], in text: UnsafeBufferPointer<UInt8>) -> Int? {
    var best: Int?
    for start in 0...(text.count - word.count) where lowered(text[start]) == word[0] {
      guard word.indices.dropFirst().allSatisfy({ lowered(text[start + $0]) == word[$0] }) else { continue }
      let isWord = startsWord(text, start)
      let score = word.count * (isWord ? 12 : 7) + (start == 0 ? 20 : isWord ? 15 : 0) - min(start, 20) / 2
      if best.map({ score > $0 }) ?? true { best = score }
    }
    return best
  }

  /// Whether the letters occur in their order.
  private static func stands(_ letters: ArraySlice<UInt8>, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Bool
  {
    var next = letters.startIndex
    var place = start
    while next < letters.endIndex, place < text.count {
      if lowered(text[place]) == letters[next] { next += 1 }
      place += 1
    }
    return next == letters.endIndex
  }

  private static func wordStart(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    var place = start
    while place < text.count {
      if lowered(text[place]) == byte, startsWord(text, place) { return place }
      place += 1
    }
    return nil
  }

  private static func startsWord(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    if place == 0 { return true }
    let before = text[place - 1]
    let isHump = (0x61...0x7A).contains(before) && (0x41...0x5A).contains(text[place])
    return isHump || !isWordByte(before)
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
