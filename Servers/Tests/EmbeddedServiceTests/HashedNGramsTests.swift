internal import Domain
internal import Testing

@testable internal import EmbeddedService

struct HashedNGramsTests {
  static let grams: JSON = .object([
    "kind": "hashed-ngrams", "buckets": 1024, "cap": 3, "hash": "fnv1a-32", "ngrams": [1, 2],
  ])

  @Test(
    "FNV-1a gives its published values",
    arguments: [
      ("", 0x811c_9dc5 as UInt32), ("a", 0xe40c_292c), ("foobar", 0xbf9c_f968),
    ])
  func hash(text: String, value: UInt32) {
    #expect(HashedNGrams.hash(text.utf8) == value)
  }

  @Test(
    "words are runs of letters, digits, apostrophes and bytes beyond ASCII",
    arguments: [
      ("Don't PANIC!", ["don't", "panic"]), ("Gdańsk, 4711", ["gdańsk", "4711"]), ("  ", []), ("", []),
      ("ÄB", ["Äb"]), ("a-b_c", ["a", "b", "c"]),
    ])
  func tokens(text: String, words: [String]) {
    #expect(HashedNGrams.tokens(of: RawText(text)).map { String(decoding: $0.word, as: UTF8.self) } == words)
  }

  @Test("a text of a hundred thousand words is counted word by word, and every token remembered") func long() throws {
    let words = 100_000
    let grams = try HashedNGrams(Self.grams)
    let text = RawText(String(repeating: "one two ", count: words / 2))
    let touched = grams.touched(by: HashedNGrams.tokens(of: text))
    #expect(touched.count == 4)
    #expect(touched.values.map(\.tokens.count).reduce(0, +) == words + 2 * (words - 1))
    #expect(touched.values.allSatisfy { $0.count == 3 })
  }

  @Test("a bucket counts to its cap, and remembers every token") func cap() throws {
    let grams = try HashedNGrams(Self.grams)
    let touched = grams.touched(by: HashedNGrams.tokens(of: "is is is is"))
    let word = try #require(touched[Int(HashedNGrams.hash("is".utf8) % 1024)])
    #expect(word.count == 3)
    #expect(word.tokens == [0, 1, 2, 3])
    let pair = try #require(touched[Int(HashedNGrams.hash("is is".utf8) % 1024)])
    #expect(pair.count == 3)
    #expect(pair.tokens == [0, 1, 1, 2, 2, 3])
  }

  @Test(
    "sharing a bucket among words keeps the sum",
    arguments: [
      "where is it where is it", "ok", "", "!!!", "Fwd: 4711 4712 4711",
    ])
  func sum(text: String) throws {
    let grams = try HashedNGrams(Self.grams)
    // Powers of two: no rounding hides a lost share.
    let contributions = (0..<1024).map { Double($0 % 2 == 0 ? 1 : -3) / 1024 }
    let shares = TokenShares(text: RawText(text), grams: grams, contributions: [contributions])
    #expect(abs(shares.shares[0].reduce(0, +) - contributions.reduce(0, +)) < 1e-12)
    #expect(shares.names.count == shares.tokens.count + 1)
  }

  @Test("a row holds what its text touches", arguments: ["where is it where is it where is it where", "ok", ""])
  func row(text: String) throws {
    let grams = try HashedNGrams(Self.grams)
    let touched = grams.touched(by: HashedNGrams.tokens(of: RawText(text)))
    let row = grams.row(of: RawText(text))
    #expect(row.count == 1024)
    for (bucket, count) in row.enumerated() { #expect(count == Double(touched[bucket]?.count ?? 0)) }
  }

  @Test("an encoding that we do not know is refused") func unknown() {
    #expect(throws: ModelRefusal.self) {
      try HashedNGrams(.object(["buckets": 1024, "cap": 3, "hash": "md5", "ngrams": [1, 2]]))
    }
  }
}
