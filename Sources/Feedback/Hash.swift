internal import Crypto
public import Domain

/// A SHA-256: 32 bytes.
public struct Hash: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// Keeps exactly 32 bytes; nil for any other number.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 32 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Reads 64 hexadecimal digits.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(of: hex) else { return nil }
    self.init(bytes: bytes)
  }

  private init(digest: SHA256.Digest) { bytes = Array(digest) }

  /// The SHA-256 of these bytes.
  public static func of(_ bytes: [UInt8]) -> Hash { Hash(digest: SHA256.hash(data: bytes)) }

  /// 32 zero bytes: what the first event of a stream has before it.
  public static let zero = Hash(zeroes: ())

  private init(zeroes: Void) { bytes = [UInt8](repeating: 0, count: 32) }

  /// 64 hexadecimal digits.
  public var hex: String { Hexadecimal.text(of: bytes) }

  public var description: String { hex }

  public static func < (left: Hash, right: Hash) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension ShortHash {
  /// The first 16 bytes of the SHA-256 of these bytes.
  public static func of(_ bytes: [UInt8]) -> ShortHash {
    let short = SHA256.hash(data: bytes).withUnsafeBytes { ShortHash(bytes: $0.prefix(16)) }
    guard let short else { fatalError("a SHA-256 has 32 bytes") }
    return short
  }
}
