internal import Crypto

/// An Ed25519 key as SSH writes it.
public struct SSHPublicKey: Hashable, Sendable {
  static let algorithm = Array("ssh-ed25519".utf8)

  /// 32 bytes.
  public let bytes: [UInt8]

  init?(bytes: [UInt8]) {
    guard bytes.count == 32 else { return nil }
    self.bytes = bytes
  }

  /// The key inside SSH's packing of it (RFC 8709 §4).
  init?(blob: [UInt8]) {
    var reader = PackedReader(blob)
    guard reader.string() == Self.algorithm, let key = reader.string(), reader.isAtEnd else { return nil }
    self.init(bytes: key)
  }

  var blob: [UInt8] {
    var packed = PackedBytes()
    packed.addString(Self.algorithm)
    packed.addString(bytes)
    return packed.bytes
  }

  /// `ssh-ed25519 AAAA…`
  public var text: String { "ssh-ed25519 " + String(decoding: Base64.text(of: blob), as: UTF8.self) }

  /// `SHA256:…`, as `ssh-keygen -l` shows it.
  public var fingerprint: String {
    let text = String(decoding: Base64.text(of: Array(SHA256.hash(data: blob))), as: UTF8.self)
    return "SHA256:" + text.prefix { $0 != "=" }
  }

  func isSignature(_ signature: [UInt8], of bytes: [UInt8]) -> Bool {
    guard let key = try? Curve25519.Signing.PublicKey(rawRepresentation: self.bytes) else { return false }
    return key.isValidSignature(signature, for: bytes)
  }
}
