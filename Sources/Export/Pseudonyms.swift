internal import Domain
internal import Feedback

/// Names that stand for analysts in files that leave the project: the same name for the same analyst and key, from
/// which nobody without the key gets back.
public struct Pseudonyms: Hashable, Sendable {
  private let key: [UInt8]

  /// The shortest key, in bytes.
  public static let shortestKey = 16

  /// nil for a key that is too short to be secret.
  public init?(key: [UInt8]) {
    guard key.count >= Pseudonyms.shortestKey else { return nil }
    self.key = key
  }

  /// The key is the first line of its file, of which no more than 4 KiB count.
  public init?(keyFile bytes: [UInt8]) { self.init(key: Array(bytes.prefix(4096).prefix { $0 != 0x0A })) }

  /// `analyst-` and 16 hexadecimal digits of HMAC-SHA256(key, name). Where nobody is named, nobody is.
  func name(for analyst: RawText) -> RawText {
    analyst.isEmpty ? "" : RawText("analyst-" + Pseudonyms.code(of: analyst.bytes, key: key).hex.prefix(16))
  }

  /// HMAC by RFC 2104 over SHA-256, whose blocks are of 64 bytes.
  static func code(of message: [UInt8], key: [UInt8]) -> Hash {
    var block = key.count > 64 ? Hash.of(key).bytes : key
    block += [UInt8](repeating: 0, count: 64 - block.count)
    let inner = Hash.of(block.map { $0 ^ 0x36 } + message)
    return Hash.of(block.map { $0 ^ 0x5C } + inner.bytes)
  }
}
