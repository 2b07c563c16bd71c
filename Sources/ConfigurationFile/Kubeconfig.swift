public import Domain
internal import Yams

/// A kubeconfig: the clusters that `kubectl` knows, and who one is there (kubernetes.io, "Kubeconfig (v1)").
public struct Kubeconfig: Sendable {
  /// How one context reaches its cluster.
  public struct Access: Hashable, Sendable {
    public var name: String
    public var server: String
    public var namespace: String?
    public var authority: Material?
    public var certificate: Material?
    public var key: Material?
    public var token: Token?
    public var proxy: String?
    /// What cannot be carried over, in words.
    public var warnings: [String] = []
  }

  /// Something that stands in a file, or in the kubeconfig itself.
  public enum Material: Hashable, Sendable {
    case file(String)
    case inline([UInt8])
  }

  public enum Token: Hashable, Sendable {
    case file(String)
    case inline(String)
    /// A program and its arguments that print an ExecCredential.
    case program([String])
  }

  public var currentContext: String?
  public var contexts: [Access]

  /// Reads YAML or JSON.
  public init(parsing bytes: [UInt8]) throws(Problem) {
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Problem("The kubeconfig is no text.", kind: .invalidInput)
    }
    let root: Yams.Node?
    do {
      root = try Yams.compose(yaml: text)
    } catch let error as YamlError {
      throw Problem("The kubeconfig is no YAML.", detail: Kubeconfig.place(of: error), kind: .invalidInput)
    } catch {
      throw Problem("The kubeconfig is no YAML.", kind: .invalidInput)
    }
    guard let root, root["kind"]?.string == "Config" || root["clusters"] != nil else {
      throw Problem("The file is no kubeconfig: it has no clusters.", kind: .invalidInput)
    }
    currentContext = root["current-context"]?.text
    let clusters = Kubeconfig.named(root["clusters"], "cluster")
    let users = Kubeconfig.named(root["users"], "user")
    contexts = Kubeconfig.named(root["contexts"], "context").compactMap { name, context in
      guard let cluster = clusters.first(where: { $0.name == context["cluster"]?.text })?.node,
        let server = cluster["server"]?.text
      else { return nil }
      var access = Access(name: name, server: server, namespace: context["namespace"]?.text)
      access.take(cluster: cluster)
      if let user = users.first(where: { $0.name == context["user"]?.text })?.node { access.take(user: user) }
      return access
    }
  }

  private static func named(_ list: Yams.Node?, _ key: String) -> [(name: String, node: Yams.Node)] {
    (list?.array() ?? []).compactMap { element in
      guard let name = element["name"]?.text, let node = element[key] else { return nil }
      return (name, node)
    }
  }

  /// Where the YAML is wrong; its words may quote a credential.
  private static func place(of error: YamlError) -> String {
    switch error {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _), .composer(_, _, let mark, _):
      "line \(mark.line), column \(mark.column)"
    default: ""
    }
  }
}

extension Kubeconfig.Access {
  fileprivate mutating func take(cluster: Yams.Node) {
    authority = Self.material(cluster, "certificate-authority")
    proxy = cluster["proxy-url"]?.text
    if cluster["insecure-skip-tls-verify"]?.bool == true {
      warnings.append("insecure-skip-tls-verify is not taken over: name the authority's file as ca")
    }
    if cluster["tls-server-name"] != nil {
      warnings.append("tls-server-name is not taken over: the address must be the certificate's name")
    }
  }

  fileprivate mutating func take(user: Yams.Node) {
    certificate = Self.material(user, "client-certificate")
    key = Self.material(user, "client-key")
    if let path = user["tokenFile"]?.text {
      token = .file(path)
    } else if let text = user["token"]?.text {
      token = .inline(text)
    } else if let program = user["exec"], let command = program["command"]?.text {
      token = .program([command] + (program["args"]?.array() ?? []).compactMap(\.text))
      if program["env"]?.array().isEmpty == false {
        warnings.append("the environment of \(command) is not taken over: set it before mds starts")
      }
    } else if user["username"] != nil {
      warnings.append("a user name with a password is not taken over: Kubernetes has not taken one since 1.19")
    } else if user["auth-provider"] != nil {
      warnings.append("auth-provider is not taken over: name a token_command")
    }
  }

  private static func material(_ node: Yams.Node, _ name: String) -> Kubeconfig.Material? {
    if let data = node[name + "-data"]?.text { return .inline(Base64.decoded(data.utf8.filter { $0 > 0x20 }) ?? []) }
    return node[name]?.text.map(Kubeconfig.Material.file)
  }
}

extension Yams.Node {
  /// A scalar's text; nil for what is empty.
  fileprivate var text: String? { string.flatMap { $0.isEmpty ? nil : $0 } }
}
