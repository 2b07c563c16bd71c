internal import ConfigurationFile
public import Domain
internal import Transport

/// Takes over what other programs know of a lab's services.
public enum ConfigurationImport {
  /// What was written, and what could not be carried over.
  public struct Result: Sendable {
    public var contexts: [String] = []
    public var warnings: [String] = []
  }

  /// Where the `seldon` command line keeps its profiles.
  public static var seldonPath: String {
    (Machine.home ?? "") + "/.config/seldon/cli/configs.json"
  }

  /// Makes a context of each profile of the `seldon` command line; the active one is chosen.
  public static func seldon(from path: String, into configuration: String) throws(Problem) -> Result {
    let profiles = try SeldonProfiles(parsing: try Files.contents(of: path))
    guard !profiles.files.isEmpty else { throw Problem("\(path) names no profile.", kind: .invalidInput) }
    var result = Result()
    let folder = Files.folder(of: path)
    // The active one comes last: the last that is added is the current one.
    for file in profiles.files.sorted(by: { first, _ in first.name != profiles.active }) {
      let place = file.path.hasPrefix("/") ? file.path : folder + "/" + file.path
      let read = try SeldonProfiles.context(named: file.name, parsing: try Files.contents(of: place))
      let added = try UserSettings(path: configuration).add(read.context, named: nil, suggesting: [file.name])
      result.contexts.append(added.name)
      result.warnings += read.warnings.map { "\(added.name): \($0)" }
    }
    return result
  }

  /// The kubeconfig that `kubectl` would read: the first of `$KUBECONFIG`, else `~/.kube/config`.
  public static var kubePath: String {
    let named = Machine.environment("KUBECONFIG")?.split(separator: ":").first.map(String.init)
    return named ?? (Machine.home ?? "") + "/.kube/config"
  }

  /// Adds the cluster of a kubeconfig's context to a context of `mds`: the one named, else the current one.
  ///
  /// Keys and tokens that stand in the kubeconfig itself go into files of their own beside `mds`' configuration, for
  /// the user alone.
  public static func kube(
    from path: String, context name: String?, into configuration: String, to target: String?
  ) throws(Problem) -> Result {
    let kubeconfig = try Kubeconfig(parsing: try Files.contents(of: path))
    let names = kubeconfig.contexts.map(\.name)
    guard let wanted = name ?? kubeconfig.currentContext ?? (names.count == 1 ? names.first : nil),
      let access = kubeconfig.contexts.first(where: { $0.name == wanted })
    else {
      throw Problem(
        name.map { "\(path) has no context \($0) with a cluster." } ?? "\(path) has no current context.",
        advice: names.isEmpty ? "" : "It has \(names.joined(separator: ", ")): --kube-context names one.",
        kind: .invalidInput)
    }
    let file = try UserSettings(path: configuration)
    let keeper = try SecretKeeper(folder: Files.folder(of: configuration) + "/kubernetes", beside: path)
    var endpoint = EndpointSettings(url: URLParts.withoutEndingSlashes(access.server), proxy: access.proxy)
    if let wrong = endpoint.wrong(isCollector: false) {
      throw Problem("The server of \(wanted) cannot be used: \(wrong.what).", advice: wrong.advice, kind: .invalidInput)
    }
    endpoint.authority = try keeper.path(of: access.authority, "\(wanted).ca.pem")
    endpoint.certificate = try keeper.path(of: access.certificate, "\(wanted).crt.pem")
    endpoint.key = try keeper.path(of: access.key, "\(wanted).key.pem")
    switch access.token {
    case .file(let path): endpoint.token = .file(keeper.located(path))
    case .inline(let text):
      endpoint.token = .file(try keeper.keep(Array(text.utf8) + [0x0A], "\(wanted).token"))
    // `mds config exec-token` runs it and takes the token out of its answer.
    case .program(let words): endpoint.token = .command(["mds", "config", "exec-token"] + words)
    case nil: break
    }
    let added = try file.add(endpoint, as: "kubernetes", to: target, namespace: access.namespace)
    var result = Result(contexts: [added.name], warnings: access.warnings)
    let kept = try UserSettings(path: configuration).settings?.context(added.name)?.namespace
    if let namespace = access.namespace, kept != namespace {
      result.warnings.append("the kubeconfig's namespace is \(namespace), the context keeps \(kept ?? "none")")
    }
    return result
  }
}

/// Keeps what stood in a kubeconfig itself in files for the user alone.
private struct SecretKeeper {
  let folder: String
  /// Paths of the kubeconfig are beside it.
  let base: String

  init(folder: String, beside path: String) throws(Problem) {
    self.folder = folder
    base = Files.folder(of: Files.absolute(path))
  }

  func located(_ path: String) -> String { path.hasPrefix("/") ? path : base + "/" + path }

  func path(of material: Kubeconfig.Material?, _ name: String) throws(Problem) -> String? {
    switch material {
    case .file(let path): located(path)
    case .inline(let bytes): try keep(bytes, name)
    case nil: nil
    }
  }

  func keep(_ bytes: [UInt8], _ name: String) throws(Problem) -> String {
    try Files.makeFolder(folder)
    let path = folder + "/" + String(name.map { $0 == "/" || $0 == "\0" || $0 == ":" ? "_" : $0 })
    try Files.write(bytes, to: path)
    return path
  }
}
