internal import Domain
internal import Glibc
internal import NIOSSL
internal import Synchronization

/// The certificate that the server shows, with its key, and the authorities whose clients it lets in. Read again on
/// demand: connections that stand go on with what they have.
public final class TLSIdentity: Sendable {
  /// PEM files.
  public struct Files: Hashable, Sendable {
    /// The certificate, then those that lead from it to an authority that clients trust.
    public var certificate: String
    /// For the owner alone to read.
    public var key: String
    /// Clients must show a certificate of one of these; nil where they need none.
    public var clientAuthorities: String?

    public init(certificate: String, key: String, clientAuthorities: String? = nil) {
      self.certificate = certificate
      self.key = key
      self.clientAuthorities = clientAuthorities
    }
  }

  private struct Loaded {
    var context: NIOSSLContext
    var validUntil: Int
  }

  private let files: Files
  private let loaded: Mutex<Loaded>

  public init(_ files: Files) throws {
    self.files = files
    loaded = Mutex(try TLSIdentity.load(files))
  }

  /// Reads the files again; where they cannot be used it throws, and what was read before stays.
  public func reload() throws {
    let fresh = try TLSIdentity.load(files)
    loaded.withLock { $0 = fresh }
  }

  /// What the next connection begins with.
  var context: NIOSSLContext { loaded.withLock { $0.context } }

  /// When the certificate ends, in seconds since 1970.
  public var validUntil: Int { loaded.withLock { $0.validUntil } }

  private static func load(_ files: Files) throws -> Loaded {
    let chain = try certificates(files.certificate)
    let key: NIOSSLPrivateKey
    let bytes = try read(files.key, isSecret: true)
    do {
      key = try NIOSSLPrivateKey(bytes: bytes, format: .pem)
    } catch {
      throw CollectorError.tls(files.key, "holds no PEM key that can be read without a passphrase")
    }
    var configuration = TLSConfiguration.makeServerConfiguration(
      certificateChain: chain.map { .certificate($0) }, privateKey: .privateKey(key))
    configuration.minimumTLSVersion = .tlsv12
    configuration.applicationProtocols = ["http/1.1"]
    if let authorities = files.clientAuthorities {
      configuration.trustRoots = .certificates(try certificates(authorities))
      configuration.certificateVerification = .noHostnameVerification
    }
    do {
      let context = try NIOSSLContext(configuration: configuration)
      return Loaded(context: context, validUntil: Int(chain[0].notValidAfter))
    } catch {
      throw CollectorError.tls(files.key, "is not the key of the certificate in \(files.certificate)")
    }
  }

  private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
    let bytes = try read(path, isSecret: false)
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
      throw CollectorError.tls(path, "holds no PEM certificate")
    }
    return chain
  }

  private static func read(_ path: String, isSecret: Bool) throws(CollectorError) -> [UInt8] {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path, errno) }
    defer { close(descriptor) }
    if isSecret {
      var facts = stat()
      guard fstat(descriptor, &facts) == 0 else { throw .file(path, errno) }
      // A group may read what root gives to it: that is how systemd hands credentials to a service.
      let forbidden: mode_t = facts.st_uid == 0 ? 0o027 : 0o077
      guard facts.st_mode & forbidden == 0 else { throw .tls(path, "can be read by others: chmod 600 it") }
    }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(descriptor, &buffer, buffer.count)
      if count == 0 { return bytes }
      guard count > 0 || errno == EINTR else { throw .file(path, errno) }
      bytes += buffer.prefix(max(0, count))
      guard bytes.count <= 1 << 20 else { throw .tls(path, "has more than 1 MiB: it is no PEM file of this kind") }
    }
  }
}
