internal import Crypto
internal import Domain

/// The digests of a bundle's bytes as they pass: one to sign, one to name the file by.
public struct BundleDigest: Sendable {
  private var signed = SHA512()
  private var named = SHA256()

  public init() {}

  public mutating func update(_ bytes: [UInt8]) {
    signed.update(data: bytes)
    named.update(data: bytes)
  }

  /// The SHA-512, which a signature is about.
  public var message: [UInt8] { Array(signed.finalize()) }

  /// The SHA-256 in hexadecimal digits, which tells bundles apart.
  public var name: String { Hexadecimal.text(of: Array(named.finalize())) }

  /// What a bundle is called where nobody chose a name: the same bytes have the same one.
  public func fileName(_ ending: String) -> String { "\(name.prefix(16)).\(ending)" }
}
