public import Domain

/// The profiles of the `seldon` command line: `configs.json`, which names one file each.
public struct SeldonProfiles: Sendable {
  /// Name and path, in the order of the file.
  public var files: [(name: String, path: String)]
  public var active: String?

  public init(parsing bytes: [UInt8]) throws(Problem) {
    guard let json = try? JSON(parsing: bytes), let members = json["configs"]?.members else {
      throw Problem(
        "The file is no list of seldon profiles.", advice: "`seldon config add NAME PATH` makes one.",
        kind: .invalidInput)
    }
    files = members.compactMap { member in member.value.string.map { (member.key.string, $0) } }
    active = json["active"]?.string
  }

  /// Reads one profile as a context, with what cannot be carried over in words.
  public static func context(
    named name: String, parsing bytes: [UInt8]
  ) throws(Problem) -> (context: ContextSettings, warnings: [String]) {
    guard let json = try? JSON(parsing: bytes), json.members != nil else {
      throw Problem("The seldon profile \(name) is no JSON object.", kind: .invalidInput)
    }
    var warnings: [String] = []
    guard let service = endpoint(json["dataplane"], "inferHost", &warnings) else {
      throw Problem("The seldon profile \(name) has no dataplane with an inferHost.", kind: .invalidInput)
    }
    let context = ContextSettings(
      name: name, service: service, kind: .seldonCore2,
      scheduler: endpoint(json["controlplane"], "schedulerHost", &warnings),
      namespace: json["kafka"]?["namespace"]?.string)
    return (context, warnings)
  }

  /// Seldon's tools listen on 0.0.0.0 and name it as their address; it is this machine.
  private static func endpoint(_ json: JSON?, _ host: RawText, _ warnings: inout [String]) -> EndpointSettings? {
    guard let json, var host = json[host]?.string, !host.isEmpty else { return nil }
    if host.hasPrefix("0.0.0.0:") { host = "127.0.0.1" + host.dropFirst(7) }
    let certificate = json["crtPath"]?.filled
    let hasTLS = json["tls"]?.bool == true || certificate != nil
    var endpoint = EndpointSettings(
      url: (hasTLS ? "https://" : "http://") + host, authority: json["caPath"]?.filled, certificate: certificate,
      key: json["keyPath"]?.filled)
    if json["skipSSLVerify"]?.bool == true {
      warnings.append("skipSSLVerify of \(host) is not taken over: name the authority's file as ca")
    }
    if endpoint.wrong(isCollector: false) != nil, !hasTLS {
      endpoint.isInsecure = true
      warnings.append("\(host) is reached by plain http, which others on the way can read")
    }
    return endpoint
  }
}

extension JSON {
  fileprivate var filled: String? { string.flatMap { $0.isEmpty ? nil : $0 } }
}
