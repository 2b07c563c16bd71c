internal import ConfigurationFile
public import Domain

/// Which context to work on: what was asked for, then the environment, then the configuration file.
public struct ContextChoice: Sendable {
  public var context: String?
  public var service: String?
  public var ledger: String?
  public var isInsecure: Bool

  public init(context: String? = nil, service: String? = nil, ledger: String? = nil, isInsecure: Bool = false) {
    self.context = context
    self.service = service
    self.ledger = ledger
    self.isInsecure = isInsecure
  }

  /// The context. One whose service is named by hand has none of the file's credentials: they belong to another
  /// address.
  public func context(in file: UserSettings) throws(Problem) -> Context {
    if let wrong = context.flatMap({ ContextSettings.wrong($0) }) { throw Problem(wrong, kind: .invalidInput) }
    var chosen = try named(in: file)
    if let ledger { chosen.ledgerPath = InputFile.expanded(ledger) }
    if isInsecure { chosen.serviceEndpoint.isInsecure = true }
    return chosen
  }

  private func named(in file: UserSettings) throws(Problem) -> Context {
    let name = context ?? Machine.environment("MDS_CONTEXT")
    if let wrong = name.flatMap({ ContextSettings.wrong($0) }) { throw Problem(wrong, kind: .invalidInput) }
    if let service { return byHand(name, service) }
    if let context, let settings = file.settings, !settings.contexts.isEmpty {
      guard let found = settings.context(context) else {
        throw file.noContext(context, among: settings.contexts.map(\.name))
      }
      return Context(found, of: file)
    }
    if let service = Machine.environment("MDS_SERVICE") { return byHand(name, service) }
    guard let settings = file.settings, !settings.contexts.isEmpty else { throw nothing(file, name) }
    let names = settings.contexts.map(\.name)
    let wanted = name ?? settings.currentContext ?? (names.count == 1 ? names.first : nil)
    guard let wanted else {
      throw Problem(
        "No context is chosen.", advice: "`mds config use NAME` chooses one of: \(names.joined(separator: ", ")).",
        kind: .invalidInput)
    }
    guard let found = settings.context(wanted) else {
      throw file.noContext(wanted, among: names)
    }
    return Context(found, of: file)
  }

  private func byHand(_ name: String?, _ service: String) -> Context {
    let name = name ?? "default"
    return Context(
      name: name, service: service, analyst: Context.localAnalyst, ledgerPath: Context.defaultLedger(for: name))
  }

  private func nothing(_ file: UserSettings, _ name: String?) -> Problem {
    let where_ = file.settings == nil ? "there is no \(file.path)" : "\(file.path) has none"
    return Problem(
      name.map { "There is no context \($0): \(where_)." } ?? "There is no context yet: \(where_).",
      advice: """
        `mds connect URL` finds out what speaks there and makes one; `--service URL` works without.
        `mds demo` opens a service on this machine, with real models; nothing is needed for it.
        """, kind: .invalidInput)
  }
}
