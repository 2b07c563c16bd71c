extension EndpointSettings {
  static let noToken = "a credential does not belong in this file: name a token_file, or a token_command that prints it"
  /// Names under which people write a credential itself.
  static let secrets = ["token", "bearer", "password", "secret", "api_key", "apikey", "authorization", "headers"]

  /// Reads an endpoint: its address as text, or a table with `url`; nil where there is none or it is wrong.
  init?(_ name: String, in reader: inout TableReader) {
    guard let node = reader.node(name) else { return nil }
    let title = "\(reader.title.dropLast()).\(name)]"
    switch node.value {
    case .string(let url):
      let wrong = EndpointSettings.wrong(url, isInsecure: false, isCollector: name == "collector")
      if let wrong { reader.note(Mistake(line: node.line, what: wrong.what, advice: wrong.advice)) }
      guard wrong == nil else { return nil }
      self.init(url: url)
    case .table:
      var endpoint = TableReader(node, title: title)
      let read = EndpointSettings(reading: &endpoint, isCollector: name == "collector")
      let mistakes = endpoint.finish(
        others: Dictionary(uniqueKeysWithValues: EndpointSettings.secrets.map { ($0, EndpointSettings.noToken) }))
      reader.note(mistakes)
      guard let read, mistakes.isEmpty else { return nil }
      self = read
    case .integer, .number, .bool, .array, .other:
      reader.note(
        Mistake(
          line: node.line, what: "\(name) is \(node.kind)", advice: "it is an address in quotes, or a table \(title)"))
      return nil
    }
  }

  private init?(reading reader: inout TableReader, isCollector: Bool) {
    let url = reader.string("url")
    let isInsecure = reader.bool("insecure") ?? false
    let authority = reader.string("ca")
    let certificate = reader.string("certificate")
    let key = reader.string("key")
    let file = reader.string("token_file")
    let command = reader.strings("token_command", example: "[\"pass\", \"show\", \"mds\"]")
    let pins = EndpointSettings.pins(in: &reader)
    let proxy = EndpointSettings.proxy(in: &reader)
    let host = reader.string("host").flatMap { Settings.line($0, "host", &reader) }
    if isCollector, isInsecure {
      reader.note(
        Mistake(line: reader.line(of: "insecure"), what: "a collector is never reached insecurely"))
    }
    if (certificate == nil) != (key == nil) {
      reader.note(
        Mistake(
          line: reader.line, what: "certificate and key go together in \(reader.title)",
          advice: "both are PEM files"))
    }
    if file != nil, command != nil {
      reader.note(Mistake(line: reader.line, what: "token_file and token_command both stand in \(reader.title)"))
    }
    guard let url else {
      if !reader.has("url") {
        reader.note(Mistake(line: reader.line, what: "\(reader.title) has no url"))
      }
      return nil
    }
    let insecure = isInsecure && !isCollector
    if let wrong = EndpointSettings.wrong(url, isInsecure: insecure, isCollector: isCollector) {
      reader.note(Mistake(line: reader.line(of: "url"), what: wrong.what, advice: wrong.advice))
      return nil
    }
    self.init(
      url: url, isInsecure: isInsecure, authority: authority, certificate: certificate, key: key,
      token: file.map(Token.file) ?? command.map(Token.command), pins: pins, proxy: proxy, host: host)
  }

  /// SHA-256 of public keys, in base64 as curl takes them.
  private static func pins(in reader: inout TableReader) -> [String] {
    let example = "\"47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\""
    let pins = reader.oneOrMore("pins", example: example)
    for pin in pins where !isDigest(pin) {
      reader.note(
        Mistake(
          line: reader.line(of: "pins"), what: "\(quoted(pin)) is no pin",
          advice: "it is the SHA-256 of a public key in base64, as in \(example)"))
    }
    return pins
  }

  /// Whether a text is a SHA-256 in base64, as pins are.
  public static func isDigest(_ text: String) -> Bool {
    text.utf8.count == 44 && text.hasSuffix("=")
      && text.utf8.dropLast().allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"):
          true
        default: false
        }
      }
  }

  private static func proxy(in reader: inout TableReader) -> String? {
    guard let proxy = reader.string("proxy"), proxy != "none" else {
      return reader.has("proxy") ? "none" : nil
    }
    let schemes = ["http://", "https://", "socks5h://"]
    guard let scheme = schemes.first(where: { proxy.lowercased().hasPrefix($0) }), !proxy.contains("@"),
      proxy.utf8.count > scheme.utf8.count
    else {
      reader.note(
        Mistake(
          line: reader.line(of: "proxy"),
          what: proxy.contains("@") ? "proxy holds a user or a password" : "\(quoted(proxy)) is no proxy",
          advice: "it is \"none\", or an address that begins with \(schemes.joined(separator: ", "))"))
      return nil
    }
    return proxy
  }

  /// Why the endpoint cannot be used as it is.
  public func wrong(isCollector: Bool) -> (what: String, advice: String)? {
    EndpointSettings.wrong(url, isInsecure: isInsecure, isCollector: isCollector)
  }

  /// Why an address cannot be used; never with what may be a credential in it.
  static func wrong(_ url: String, isInsecure: Bool, isCollector: Bool) -> (what: String, advice: String)? {
    guard let mark = url.firstRange(of: "://") else {
      return ("\(quoted(url)) is no address", "it begins with https:// or http://")
    }
    let scheme = url[..<mark.lowerBound].lowercased()
    let authority = url[mark.upperBound...].prefix { !"/?#".contains($0) }
    guard scheme == "https" || scheme == "http" else {
      return ("\(quoted(scheme)) is no way to reach a service", "https and http are")
    }
    guard !authority.contains("@") else { return ("the address holds a user or a password", noToken) }
    let host = hostName(authority)
    guard !host.isEmpty, !url.contains(where: \.isWhitespace) else {
      return ("\(quoted(url)) is no address", "as in https://mds.example:9000")
    }
    if scheme == "http", !isLoopback(host), !isInsecure {
      return (
        "plain http to \(quoted(String(host))) can be read by others on the way",
        isCollector
          ? "a collector is reached by https" : "use https, or a table with url and insecure = true if you must"
      )
    }
    return nil
  }

  private static func hostName(_ authority: Substring) -> Substring {
    if authority.hasPrefix("[") { return authority.prefix { $0 != "]" }.dropFirst() }
    return authority.prefix { $0 != ":" }
  }

  private static func isLoopback(_ host: Substring) -> Bool {
    let host = host.lowercased()
    return host == "localhost" || host == "::1"
      || host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
  }
}
