public import ConfigurationFile
public import Transport

extension EndpointSettings {
  /// How a transport is to reach the endpoint.
  public var transport: TransportConfiguration {
    var configuration = TransportConfiguration()
    configuration.authorityPath = authority
    if let certificate, let key {
      configuration.clientCertificate = .init(certificatePath: certificate, keyPath: key)
    }
    configuration.allowsInsecureHTTP = isInsecure
    configuration.token = tokenSource
    configuration.pinnedPublicKeys = pins
    configuration.proxy = TransportConfiguration.Proxy(setting: proxy)
    configuration.host = host
    return configuration
  }

  var tokenSource: TokenSource? {
    switch token {
    case .file(let path): .file(path: path)
    case .command(let words): .command(words)
    case nil: nil
    }
  }

  /// The same with its paths made absolute.
  func located(by file: UserSettings) -> EndpointSettings {
    var endpoint = self
    endpoint.authority = authority.map { file.located($0) }
    endpoint.certificate = certificate.map { file.located($0) }
    endpoint.key = key.map { file.located($0) }
    if case .file(let path) = token { endpoint.token = .file(file.located(path)) }
    return endpoint
  }
}

extension TransportConfiguration.Proxy {
  /// The way as a setting names it: none, an address, or nil for what the environment says. Hosts of `no_proxy` are
  /// reached straight also where an address is named.
  init(setting: String?) {
    switch setting {
    case nil: self = .environment
    case "none": self = .none
    case .some(let address):
      let hosts = Machine.environment("no_proxy") ?? Machine.environment("NO_PROXY") ?? ""
      self = .url(address, bypassing: hosts.split { $0 == "," || $0 == " " }.map(String.init))
    }
  }
}

extension CollectorEndpoint {
  /// The collector of a configuration file, its paths absolute.
  public init(_ settings: EndpointSettings) {
    self.init(address: settings.url)
    configuration = settings.transport
    configuration.allowsInsecureHTTP = false
  }
}
