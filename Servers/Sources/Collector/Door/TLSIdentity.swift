public import Domain
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
    /// From when and until when each certificate of the chain counts, in seconds since 1970.
    var terms: [(from: Int, until: Int)]
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

  /// Why clients will not trust what is shown at this time, with the day that decides it; nil where the dates are right. It is
  /// shown all the same: whoever set it up may be about to renew it, and a clock may be wrong.
  public func remark(at now: Timestamp) -> String? {
    let terms = loaded.withLock { $0.terms }
    let second = Int(now.microseconds / 1_000_000)
    func date(_ second: Int) -> String { Timestamp(microseconds: Int64(second) * 1_000_000).description }
    for (number, term) in terms.enumerated() where second > term.until || second < term.from {
      let which = number == 0 ? "the certificate" : "certificate \(number + 1)"
      let what = second > term.until ? "ended at \(date(term.until))" : "counts only from \(date(term.from)) on"
      return "\(which) in \(files.certificate) \(what): clients will not trust it"
    }
    return nil
  }

  private static func load(_ files: Files) throws -> Loaded {
    let chain = try certificates(files.certificate)
    let key: NIOSSLPrivateKey
    let bytes = try OwnersFile.read(files.key)
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
      let terms = chain.map { (from: Int($0.notValidBefore), until: Int($0.notValidAfter)) }
      return Loaded(context: context, validUntil: Int(chain[0].notValidAfter), terms: terms)
    } catch {
      throw CollectorError.tls(files.key, "is not the key of the certificate in \(files.certificate)")
    }
  }

  private static func certificates(_ path: String) throws -> [NIOSSLCertificate] {
    let bytes = try OwnersFile.read(path, isSecret: false)
    guard let chain = try? NIOSSLCertificate.fromPEMBytes(bytes), !chain.isEmpty else {
      throw CollectorError.tls(path, "holds no PEM certificate")
    }
    return chain
  }
}
