internal import Domain

/// A text as counts of its words and pairs of neighbouring words, each counted in the bucket that its hash names.
struct HashedNGrams: Sendable {
  var buckets: Int
  /// The most that a bucket counts to.
  var cap: Int

  /// A word of a text, lower-case, and the bytes that it covers.
  struct Token: Hashable, Sendable {
    var word: [UInt8]
    var range: Range<Int>
  }

  /// A bucket that a text touches, and the tokens of every term that falls into it: one that is in two, twice.
  struct Touched: Hashable, Sendable {
    var count: Int
    var tokens: [Int]

    fileprivate mutating func add(_ places: ClosedRange<Int>, cap: Int) {
      count = min(cap, count + 1)
      tokens += places
    }
  }

  init(_ json: JSON) throws(ModelRefusal) {
    guard let buckets = json["buckets"]?.integer, buckets > 0, let cap = json["cap"]?.integer, cap > 0 else {
      throw ModelRefusal("the text encoding has no buckets or no cap")
    }
    guard json["hash"]?.string == "fnv1a-32", json["ngrams"]?.numbers == [1, 2] else {
      throw ModelRefusal("the text encoding has another hash than fnv1a-32 or other n-grams than 1 and 2")
    }
    self.buckets = Int(buckets)
    self.cap = Int(cap)
  }

  func row(of text: RawText) -> [Double] {
    var row = [Double](repeating: 0, count: buckets)
    eachTerm(of: HashedNGrams.tokens(of: text)) { bucket, _ in row[bucket] = min(Double(cap), row[bucket] + 1) }
    return row
  }

  /// The buckets that a text's tokens fall into.
  func touched(by tokens: [Token]) -> [Int: Touched] {
    var found: [Int: Touched] = [:]
    // In place: taking a bucket out to change it would copy all of its places, for a long text millions of times.
    eachTerm(of: tokens) { bucket, places in
      found[bucket, default: Touched(count: 0, tokens: [])].add(places, cap: cap)
    }
    return found
  }

  /// Every word, then every pair of neighbours: the bucket, and the places of its tokens.
  private func eachTerm(of tokens: [Token], _ body: (Int, ClosedRange<Int>) -> Void) {
    func bucket(_ hash: UInt32) -> Int { Int(hash % UInt32(buckets)) }
    let words = tokens.map { HashedNGrams.hash($0.word) }
    for place in tokens.indices { body(bucket(words[place]), place...place) }
    for place in tokens.indices.dropFirst() {
      // The hash of a pair goes on where that of its first word ended.
      let space = HashedNGrams.hash(CollectionOfOne(0x20), after: words[place - 1])
      body(bucket(HashedNGrams.hash(tokens[place].word, after: space)), place - 1...place)
    }
  }

  /// Maximal runs of ASCII letters, digits, apostrophes and bytes from 0x80 on, with A-Z as a-z.
  static func tokens(of text: RawText) -> [Token] {
    var tokens: [Token] = []
    var start: Int?
    let lower = text.bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }
    for (place, byte) in lower.enumerated() {
      if isWord(byte) {
        start = start ?? place
      } else if let from = start {
        tokens.append(Token(word: Array(lower[from..<place]), range: from..<place))
        start = nil
      }
    }
    if let from = start { tokens.append(Token(word: Array(lower[from...]), range: from..<lower.count)) }
    return tokens
  }

  private static func isWord(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "'"),
      0x80...0xFF:
      true
    default: false
    }
  }

  /// FNV-1a, 32 bits (Fowler, Noll, Vo; RFC 9923).
  static func hash(_ bytes: some Sequence<UInt8>, after state: UInt32 = 2_166_136_261) -> UInt32 {
    bytes.reduce(state) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
