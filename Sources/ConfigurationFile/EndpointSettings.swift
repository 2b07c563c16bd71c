/// How an endpoint is reached; paths are as written, `~` and all.
public struct EndpointSettings: Hashable, Sendable {
  /// Where a bearer token comes from: the token itself never stands in the file.
  public enum Token: Hashable, Sendable {
    case file(String)
    /// A program and its arguments, run without a shell.
    case command([String])
  }

  public var url: String
  /// Allows plain http to another machine.
  public var isInsecure: Bool
  /// A PEM file of the authorities to trust, in place of the system's.
  public var authority: String?
  /// PEM files that say who we are.
  public var certificate: String?
  public var key: String?
  public var token: Token?
  /// SHA-256 of the public keys one of which the server must have, in base64.
  public var pins: [String]
  /// The way there: an address, or `none` for the straight one; nil as the environment says.
  public var proxy: String?
  /// The `Host` that a mesh routes by, where it is not the address's.
  public var host: String?

  public init(
    url: String, isInsecure: Bool = false, authority: String? = nil, certificate: String? = nil, key: String? = nil,
    token: Token? = nil, pins: [String] = [], proxy: String? = nil, host: String? = nil
  ) {
    self.url = url
    self.isInsecure = isInsecure
    self.authority = authority
    self.certificate = certificate
    self.key = key
    self.token = token
    self.pins = pins
    self.proxy = proxy
    self.host = host
  }
}
