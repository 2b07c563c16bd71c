internal import Domain
internal import Ledger
internal import Sync
public import Transport

/// Where a collector is, and how it is reached. Plain http is for this machine only.
public struct CollectorEndpoint: Sendable {
  /// Without a slash at its end.
  public var address: String
  /// Whom to trust, who we are, which way; never by plain http to another machine.
  var configuration = TransportConfiguration()

  public init(address: String, token: TokenSource? = nil, authorityPath: String? = nil) {
    self.address = URLParts.withoutEndingSlashes(address)
    configuration.token = token
    configuration.authorityPath = authorityPath
  }
}

/// Who the analyst is at a collector, as the ledger remembers it.
struct CollectorAccount: Sendable {
  var endpoint: CollectorEndpoint
  var collectorID: RawText
  var analyst: RawText
  var device: RawText
  /// What the collector calls the deployment service; empty where it does not say.
  var service: RawText
  /// Whether the token lets the analyst send; a token that only reads fetches all the same.
  var canWrite: Bool

  static func key(for context: RawText) -> String { "account \(context.string)" }

  static func load(from ledger: Ledger, context: RawText) throws(LedgerError) -> CollectorAccount? {
    try ledger.value(for: key(for: context)).flatMap { CollectorAccount(json: $0) }
  }

  private static func analystKey(at address: String, _ context: RawText) -> String {
    "analyst at \(address) in \(context.string)"
  }

  /// Who the analyst was at an address that a context is, or was, enrolled at; nil where nobody kept it.
  static func analyst(at address: String, in ledger: Ledger, context: RawText) throws(LedgerError) -> RawText? {
    if let kept = try ledger.value(for: analystKey(at: address, context))?.text { return kept }
    guard let last = try load(from: ledger, context: context), last.endpoint.address == address else { return nil }
    return last.analyst
  }

  /// Keeps the account, who the analyst is at the address, and the collector's identity for it.
  func keep(in ledger: Ledger, context: RawText) throws(LedgerError) {
    try ledger.set(json, for: Self.key(for: context))
    try ledger.set(.string(analyst), for: Self.analystKey(at: endpoint.address, context))
    try ledger.set(.string(collectorID), for: StreamSync.collectorKey(of: endpoint.address))
  }

  init(
    endpoint: CollectorEndpoint, collectorID: RawText, analyst: RawText, device: RawText, service: RawText = "",
    canWrite: Bool = true
  ) {
    self.endpoint = endpoint
    self.collectorID = collectorID
    self.analyst = analyst
    self.device = device
    self.service = service
    self.canWrite = canWrite
  }

  init?(json: JSON) {
    guard let address = json["address"]?.string, let analyst = json["analyst"]?.text else { return nil }
    var token: TokenSource?
    if let path = json["token_file"]?.string { token = .file(path: path) }
    if let words = json["token_command"]?.array { token = .command(words.compactMap(\.string)) }
    var endpoint = CollectorEndpoint(address: address, token: token, authorityPath: json["ca_file"]?.string)
    if let certificate = json["certificate"]?.string, let key = json["key"]?.string {
      endpoint.configuration.clientCertificate = .init(certificatePath: certificate, keyPath: key)
    }
    endpoint.configuration.pinnedPublicKeys = (json["pins"]?.array ?? []).compactMap(\.string)
    endpoint.configuration.host = json["host"]?.string
    endpoint.configuration.proxy = TransportConfiguration.Proxy(setting: json["proxy"]?.string)
    self.init(
      endpoint: endpoint, collectorID: json["collector_id"]?.text ?? "", analyst: analyst,
      device: json["device"]?.text ?? "", service: json["service"]?.text ?? "",
      canWrite: json["can_write"]?.bool ?? true)
  }

  private var json: JSON {
    var members: [JSON.Member] = [
      .init("address", .text(endpoint.address)), .init("collector_id", .string(collectorID)),
      .init("analyst", .string(analyst)), .init("device", .string(device)),
      .init("service", .string(service)), .init("can_write", .bool(canWrite)),
    ]
    switch endpoint.configuration.token {
    case .file(let path, _): members.append(.init("token_file", .text(path)))
    case .command(let words, _): members.append(.init("token_command", .array(words.map { .text($0) })))
    case nil: break
    }
    return .object(members + wayMembers)
  }

  /// Whom to trust, who we are, which way: an account without its pin would trust whoever answers.
  private var wayMembers: [JSON.Member] {
    let configuration = endpoint.configuration
    var members: [JSON.Member] = []
    if let path = configuration.authorityPath { members.append(.init("ca_file", .text(path))) }
    if let own = configuration.clientCertificate {
      members += [.init("certificate", .text(own.certificatePath)), .init("key", .text(own.keyPath))]
    }
    if !configuration.pinnedPublicKeys.isEmpty {
      members.append(.init("pins", .array(configuration.pinnedPublicKeys.map { .text($0) })))
    }
    if let host = configuration.host { members.append(.init("host", .text(host))) }
    switch configuration.proxy {
    case .environment: break
    case .none: members.append(.init("proxy", "none"))
    case .url(let url, _): members.append(.init("proxy", .text(url)))
    }
    return members
  }
}
