public import SafeText

/// Letters that a text must hold in this order, as one types them into a palette or a filter.
///
/// Made once, asked of many texts: it compares bytes, and letters of ASCII without their case.
public struct FuzzyPattern: Hashable, Sendable {
  private let bytes: [UInt8]

  public init(_ pattern: String) {
    bytes = pattern.utf8.filter { $0 != 0x20 }.map(Self.lowered)
  }

  /// Whether every text matches.
  public var isEmpty: Bool { bytes.isEmpty }

  /// How well the text matches, or nil if it does not: the first letters of words, runs of letters and short texts
  /// count for it, letters left out count against it. An empty pattern scores 0 for any text.
  public func score(_ text: SafeText) -> Int? { score(text.text) }

  public func score(_ text: String) -> Int? {
    if bytes.isEmpty { return 0 }
    var text = text
    return text.withUTF8 { score($0) }
  }

  private func score(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    guard bytes.count <= text.count, hasSubsequence(text) else { return nil }
    if let run = longestStart(text) { return run }
    // Greedy from the left, but a letter that starts a word later on is preferred to one inside a word now.
    var score = 0
    var place = 0
    var last = -2
    for (offset, byte) in bytes.enumerated() {
      var found = place
      while Self.lowered(text[found]) != byte { found += 1 }
      if found != last + 1, !Self.startsWord(text, found),
        let better = wordStart(byte, in: text, from: found + 1), isThere(from: offset + 1, in: text, at: better + 1)
      {
        found = better
      }
      score += found == last + 1 ? 8 : 0
      score += Self.startsWord(text, found) ? 10 : 0
      score -= min(found - place, 6)
      last = found
      place = found + 1
    }
    return score - min(text.count - bytes.count, 30) / 3
  }

  /// The score where the pattern stands in the text as it is: the common case, and better than any other.
  private func longestStart(_ text: UnsafeBufferPointer<UInt8>) -> Int? {
    var best: Int?
    for start in 0...(text.count - bytes.count) where Self.lowered(text[start]) == bytes[0] {
      guard (1..<max(1, bytes.count)).allSatisfy({ Self.lowered(text[start + $0]) == bytes[$0] }) else { continue }
      let score = bytes.count * 12 + (start == 0 ? 20 : Self.startsWord(text, start) ? 15 : 0) - min(start, 20) / 2
      if best.map({ score > $0 }) ?? true { best = score }
    }
    return best.map { $0 - min(text.count - bytes.count, 30) / 3 }
  }

  private func hasSubsequence(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
    isThere(from: 0, in: text, at: 0)
  }

  private func isThere(from offset: Int, in text: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool {
    var offset = offset
    var place = start
    while offset < bytes.count, place < text.count {
      if Self.lowered(text[place]) == bytes[offset] { offset += 1 }
      place += 1
    }
    return offset == bytes.count
  }

  private func wordStart(_ byte: UInt8, in text: UnsafeBufferPointer<UInt8>, from start: Int) -> Int? {
    guard start < text.count else { return nil }
    return (start..<text.count).first { Self.lowered(text[$0]) == byte && Self.startsWord(text, $0) }
  }

  private static func startsWord(_ text: UnsafeBufferPointer<UInt8>, _ place: Int) -> Bool {
    if place == 0 { return true }
    let before = text[place - 1]
    let isLetter = isWordByte(before)
    return !isLetter || (0x61...0x7A).contains(before) && (0x41...0x5A).contains(text[place])
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte >= 0x80
  }

  private static func lowered(_ byte: UInt8) -> UInt8 {
    (0x41...0x5A).contains(byte) ? byte | 0x20 : byte
  }
}
