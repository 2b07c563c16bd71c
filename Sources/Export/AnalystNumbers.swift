public import Domain
internal import Feedback

/// What analysts are called where a program takes no names: the same for the same name in every export.
public struct AnalystNumbers: Hashable, Sendable {
  /// An analyst with the identities that stand for the name.
  public struct Analyst: Hashable, Sendable {
    /// The name, or the pseudonym.
    public var name: RawText
    /// A UUID of version 8 (RFC 9562 §5.8), of the SHA-256 of `mds-analyst`, a zero byte and the name.
    public var uuid: String
    /// From 1 to 2^31 - 1: of the same hash, and the next one that is free where two names meet.
    public var number: Int
  }

  /// Those who were met, in that order.
  public private(set) var analysts: [Analyst] = []
  private var places: [RawText: Int] = [:]
  private var taken: Set<Int> = []

  init() {}

  /// The identities of an analyst, who is remembered.
  mutating func analyst(_ name: RawText) -> Analyst {
    if let place = places[name] { return analysts[place] }
    let hash = Hash.of(Array("mds-analyst\0".utf8) + name.bytes).bytes
    var number = hash.suffix(4).reduce(0) { $0 << 8 | Int($1) } & 0x7FFF_FFFF
    while number == 0 || !taken.insert(number).inserted { number = number % 0x7FFF_FFFF + 1 }
    let analyst = Analyst(name: name, uuid: AnalystNumbers.uuid(hash), number: number)
    places[name] = analysts.count
    analysts.append(analyst)
    return analyst
  }

  private static func uuid(_ hash: [UInt8]) -> String {
    var bytes = Array(hash.prefix(16))
    bytes[6] = bytes[6] & 0x0F | 0x80
    bytes[8] = bytes[8] & 0x3F | 0x80
    return hyphenated(Hexadecimal.text(of: bytes))
  }

  /// 32 digits as a UUID is written.
  static func hyphenated(_ digits: String) -> String {
    var rest = digits[...]
    return [8, 4, 4, 4, 12].map { count in
      defer { rest = rest.dropFirst(count) }
      return String(rest.prefix(count))
    }.joined(separator: "-")
  }
}
