public import Domain

/// The identity of an event wherever it goes: a UUID of version 7, in time order to the microsecond.
public struct EventID: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// 16 bytes.
  public let bytes: [UInt8]

  /// Keeps exactly 16 bytes; nil for any other number.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Reads 32 hexadecimal digits, with or without the hyphens of a UUID.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(of: hex.filter { $0 != "-" }) else { return nil }
    self.init(bytes: bytes)
  }

  /// RFC 9562 §5.7: 48 bits of milliseconds, the microseconds within as 12 bits (§6.2 method 3), 62 random bits.
  public init(at moment: Timestamp, random: UInt64) {
    let microseconds = max(0, moment.microseconds)
    let milliseconds = UInt64(microseconds / 1000)
    let fraction = UInt64(microseconds % 1000) * 4096 / 1000
    let high = milliseconds << 16 | 0x7000 | fraction
    let low = 0x8000_0000_0000_0000 | (random & 0x3FFF_FFFF_FFFF_FFFF)
    bytes = Bytes.bigEndian(high) + Bytes.bigEndian(low)
  }

  /// As above, with 62 bits of the generator.
  public init(at moment: Timestamp, using generator: inout some RandomNumberGenerator) {
    self.init(at: moment, random: generator.next())
  }

  /// 32 hexadecimal digits.
  public var hex: String { Hexadecimal.text(of: bytes) }

  /// The moment that the identity was made, to the millisecond.
  public var moment: Timestamp {
    Timestamp(microseconds: bytes.prefix(6).reduce(Int64(0)) { $0 << 8 | Int64($1) } * 1000)
  }

  public var description: String { hex }

  public static func < (left: EventID, right: EventID) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// One device's chain of events for one collector: 16 random bytes, made when the chain starts.
public struct StreamID: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let bytes: [UInt8]

  /// Keeps exactly 16 bytes; nil for any other number.
  public init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 16 else { return nil }
    self.bytes = Array(bytes)
  }

  /// Reads 32 hexadecimal digits.
  public init?(hex: String) {
    guard let bytes = Hexadecimal.bytes(of: hex) else { return nil }
    self.init(bytes: bytes)
  }

  /// A new one, with 128 bits of the generator.
  public init(using generator: inout some RandomNumberGenerator) {
    bytes = Bytes.bigEndian(generator.next()) + Bytes.bigEndian(generator.next())
  }

  /// 32 hexadecimal digits.
  public var hex: String { Hexadecimal.text(of: bytes) }

  public var description: String { hex }

  public static func < (left: StreamID, right: StreamID) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

/// Numbers as bytes.
enum Bytes {
  static func bigEndian(_ value: UInt64) -> [UInt8] { withUnsafeBytes(of: value.bigEndian) { Array($0) } }
}
