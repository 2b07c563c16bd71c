internal import Crypto

/// A detached signature in OpenSSH's format (PROTOCOL.sshsig), Ed25519 over a SHA-512.
public struct SSHSignature: Hashable, Sendable {
  /// What a bundle is signed for: a signature that was made for something else does not count.
  public static let bundles = "mds-bundle"
  /// What a collector's receipt is signed for.
  public static let receipts = "mds-receipt"

  /// What the head of a stream is signed for.
  public static let heads = "mds-head"

  public var key: SSHPublicKey
  public var namespace: String
  /// 64 bytes.
  var signature: [UInt8]

  init(key: SSHPublicKey, namespace: String, signature: [UInt8]) {
    self.key = key
    self.namespace = namespace
    self.signature = signature
  }

  private static let magic = Array("SSHSIG".utf8)
  private static let hashName = Array("sha512".utf8)
  private static let first = "-----BEGIN SSH SIGNATURE-----"
  private static let last = "-----END SSH SIGNATURE-----"

  /// The bytes that the key signs for a message with this SHA-512.
  static func signed(_ digest: [UInt8], namespace: String) -> [UInt8] {
    var packed = PackedBytes()
    packed.add(magic)
    packed.addString(Array(namespace.utf8))
    packed.addString([])
    packed.addString(hashName)
    packed.addString(digest)
    return packed.bytes
  }

  /// The SHA-512 of a message, which is what is signed.
  public static func digest(of message: [UInt8]) -> [UInt8] { Array(SHA512.hash(data: message)) }

  /// Whether it is the key's signature of a message with this SHA-512, made for this purpose.
  public func holds(for digest: [UInt8], namespace: String) -> Bool {
    namespace == self.namespace
      && key.isSignature(signature, of: SSHSignature.signed(digest, namespace: namespace))
  }

  /// Reads the text of a signature file; nil for every other algorithm, and for what is no signature.
  public init?(text: String) {
    let lines = text.split(whereSeparator: \.isNewline).map(String.init)
    guard lines.count > 2, lines.first == Self.first, lines.last == Self.last,
      let blob = Base64.bytes(of: lines.dropFirst().dropLast().flatMap { Array($0.utf8) })
    else { return nil }
    var reader = PackedReader(blob)
    guard reader.bytes(6) == Self.magic, reader.number(UInt32.self) == 1,
      let key = reader.string().flatMap({ SSHPublicKey(blob: $0) }), let namespace = reader.string(),
      reader.string() != nil, reader.string() == Self.hashName, let packed = reader.string(), reader.isAtEnd
    else { return nil }
    var inner = PackedReader(packed)
    guard inner.string() == SSHPublicKey.algorithm, let signature = inner.string(), inner.isAtEnd,
      signature.count == 64
    else { return nil }
    self.init(key: key, namespace: String(decoding: namespace, as: UTF8.self), signature: signature)
  }

  /// The text of a signature file, in lines of 70 as `ssh-keygen` writes them.
  public var text: String {
    var inner = PackedBytes()
    inner.addString(SSHPublicKey.algorithm)
    inner.addString(signature)
    var packed = PackedBytes()
    packed.add(Self.magic)
    packed.add(UInt32(1))
    packed.addString(key.blob)
    packed.addString(Array(namespace.utf8))
    packed.addString([])
    packed.addString(Self.hashName)
    packed.addString(inner.bytes)
    return SSHText.armoured(packed.bytes, between: Self.first, and: Self.last)
  }
}

/// Bytes in base64 between two lines.
enum SSHText {
  static func armoured(_ bytes: [UInt8], between first: String, and last: String) -> String {
    var text = first + "\n"
    var rest = Base64.text(of: bytes)[...]
    while !rest.isEmpty {
      text += String(decoding: rest.prefix(70), as: UTF8.self) + "\n"
      rest = rest.dropFirst(70)
    }
    return text + last + "\n"
  }
}
