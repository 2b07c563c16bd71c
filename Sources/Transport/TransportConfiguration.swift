/// How one endpoint is reached: whom to trust, who we are, which way. TLS is always verified; there is no switch.
public struct TransportConfiguration: Sendable {
  /// Which way requests leave. Loopback never goes through a proxy.
  public enum Proxy: Hashable, Sendable {
    /// As `https_proxy`, `http_proxy`, `all_proxy` and `no_proxy` say.
    case environment
    case none
    /// `http://`, `https://` or `socks5h://`, but for the hosts of `bypassing` (names match their subdomains).
    case url(String, bypassing: [String] = [])
  }

  /// Who we are to a server that asks for a certificate: PEM files. The key must be readable by its owner only.
  public struct ClientCertificate: Hashable, Sendable {
    public var certificatePath: String
    public var keyPath: String

    public init(certificatePath: String, keyPath: String) {
      self.certificatePath = certificatePath
      self.keyPath = keyPath
    }
  }

  /// A PEM file of the authorities to trust, in place of the system's.
  public var authorityPath: String?
  public var clientCertificate: ClientCertificate?
  /// SHA-256 of the public keys (SubjectPublicKeyInfo) one of which the server must have, in base64; empty asks nothing.
  public var pinnedPublicKeys: [String] = []
  /// Where the bearer token comes from. A request with its own `Authorization` header keeps that.
  public var token: TokenSource?
  /// A command that gave the same token again is not asked again for so long: each refusal would run it.
  var tokenPause: Duration = .seconds(10)
  /// Whether plain http may leave this machine. Loopback always may.
  public var allowsInsecureHTTP = false
  public var proxy = Proxy.environment
  public var userAgent = "mds"
  /// The `Host` of requests that have none of their own, where a mesh routes by another than the address's.
  public var host: String?
  /// How many connections one host may have at a time; what is beyond them waits its turn.
  public var maxConnectionsPerHost = 32

  public init() {}
}
