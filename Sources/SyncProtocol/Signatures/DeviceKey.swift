internal import Crypto

/// The Ed25519 key that a device signs its bundles with.
public struct DeviceKey: Sendable {
  private let key: Curve25519.Signing.PrivateKey
  private let seed: [UInt8]
  public let publicKey: SSHPublicKey

  /// The key of 32 random bytes; nil for any other number.
  public init?(seed: [UInt8]) {
    guard seed.count == 32, let key = try? Curve25519.Signing.PrivateKey(rawRepresentation: seed),
      let publicKey = SSHPublicKey(bytes: Array(key.publicKey.rawRepresentation))
    else { return nil }
    self.key = key
    self.seed = seed
    self.publicKey = publicKey
  }

  /// The signature of a message with this SHA-512; nil where the library refuses.
  public func signature(of digest: [UInt8], namespace: String) -> SSHSignature? {
    guard let bytes = try? key.signature(for: SSHSignature.signed(digest, namespace: namespace)) else { return nil }
    return SSHSignature(key: publicKey, namespace: namespace, signature: Array(bytes))
  }

  private static let magic = Array("openssh-key-v1\0".utf8)
  private static let first = "-----BEGIN OPENSSH PRIVATE KEY-----"
  private static let last = "-----END OPENSSH PRIVATE KEY-----"

  /// The key as a file that `ssh-keygen` reads (PROTOCOL.key), without a passphrase.
  public func text(comment: String) -> String {
    var secret = PackedBytes()
    // Two equal numbers tell a right passphrase; there is none.
    secret.add(UInt32(0))
    secret.add(UInt32(0))
    secret.addString(SSHPublicKey.algorithm)
    secret.addString(publicKey.bytes)
    secret.addString(seed + publicKey.bytes)
    secret.addString(Array(comment.utf8))
    var padding: UInt8 = 0
    while secret.bytes.count % 8 != 0 {
      padding += 1
      secret.add(padding)
    }
    var packed = PackedBytes()
    packed.add(Self.magic)
    packed.addString(Array("none".utf8))
    packed.addString(Array("none".utf8))
    packed.addString([])
    packed.add(UInt32(1))
    packed.addString(publicKey.blob)
    packed.addString(secret.bytes)
    return SSHText.armoured(packed.bytes, between: Self.first, and: Self.last)
  }

  /// Reads such a file; nil for one with a passphrase, and for another kind of key.
  public init?(text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count > 2, lines.first == Self.first, lines.last == Self.last,
      let bytes = Base64.bytes(of: lines.dropFirst().dropLast().flatMap { Array($0.utf8) })
    else { return nil }
    var reader = PackedReader(bytes)
    guard reader.bytes(Self.magic.count) == Self.magic, reader.string() == Array("none".utf8),
      reader.string() == Array("none".utf8), reader.string() == [], reader.number(UInt32.self) == 1,
      let blob = reader.string(), let secret = reader.string(), reader.isAtEnd
    else { return nil }
    var inner = PackedReader(secret)
    guard let check = inner.number(UInt32.self), inner.number(UInt32.self) == check,
      inner.string() == SSHPublicKey.algorithm, inner.string() != nil, let pair = inner.string()
    else { return nil }
    self.init(seed: Array(pair.prefix(32)))
    guard publicKey.blob == blob else { return nil }
  }
}
