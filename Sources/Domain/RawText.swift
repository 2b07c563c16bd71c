/// Text from outside, kept as its exact bytes and compared as bytes: Swift's `String` equality is canonical and
/// would merge two names that a service keeps apart.
public struct RawText: Hashable, Sendable, ExpressibleByStringLiteral {
  /// The bytes as they came; usually UTF-8, never guaranteed to be.
  public let bytes: [UInt8]

  /// Keeps these bytes.
  public init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// Keeps the UTF-8 of a string.
  public init(_ string: String) { bytes = Array(string.utf8) }

  public init(stringLiteral value: String) { self.init(value) }

  /// The text, with U+FFFD where the bytes are no UTF-8; to be made safe before it is drawn.
  public var string: String { String(decoding: bytes, as: UTF8.self) }

  public var isEmpty: Bool { bytes.isEmpty }

  /// Whether the bytes are well-formed UTF-8.
  public var isUTF8: Bool { RawText.isUTF8(bytes) }

  /// Whether bytes are well-formed UTF-8; ASCII is, at a glance.
  static func isUTF8(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy { $0 < 0x80 } || String(validating: bytes, as: UTF8.self) != nil
  }

  /// This text with another's bytes after it.
  public func appending(_ other: RawText) -> RawText { RawText(bytes: bytes + other.bytes) }
}

extension RawText: Comparable {
  /// Byte order, which for UTF-8 is the order of code points.
  public static func < (left: RawText, right: RawText) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension RawText: CustomStringConvertible {
  public var description: String { string }
}
