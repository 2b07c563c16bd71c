public import Domain
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Transport

/// Makes a context's ledger known to a collector.
public enum Connection {
  /// What the collector said.
  public struct Result: Sendable {
    public var analyst: RawText
    public var device: RawText
    public var collectorID: RawText
    public var canRead: Bool
    public var canWrite: Bool
    /// Addresses that the same collector had before: what went there goes here now.
    public var formerAddresses: [String]
    /// What the service is called in the identity of its cases from now on.
    public var serviceName: RawText
    /// What there is to know about that name; nil where the collector has none and the configuration neither.
    public var serviceWords: String?
    /// Events saved before that will be sent now.
    public var waiting: Int
  }

  /// Enrols this device at the endpoint: the token says whose it is. What was saved in the context without a collector
  /// goes to this one from now on, under the name that it was saved with, and so does what was saved for the same
  /// collector at another address.
  public static func connect(_ context: Context, to endpoint: CollectorEndpoint) async throws(Problem) -> Result {
    let transport = Transport(configuration: endpoint.configuration)
    let worker: LedgerWorker
    let client: CollectorClient
    do {
      worker = LedgerWorker(try Ledger(path: context.ledgerPath))
    } catch {
      throw error.problem
    }
    defer { worker.close() }
    do {
      client = try CollectorClient(address: endpoint.address, transport: transport)
    } catch {
      throw error.problem
    }
    let name = RawText(context.name)
    let local = try await worker.attempt { ledger throws(LedgerError) in
      try ledger.streams(context: name, collector: nil)
    }
    var names: [RawText] = []
    for stream in local where !names.contains(stream.analyst) { names.append(stream.analyst) }
    let enrolled = try await enrol(client, under: names)
    let account = CollectorAccount(
      endpoint: endpoint, collectorID: enrolled.collectorID, analyst: enrolled.analyst, device: enrolled.device,
      service: enrolled.service, canWrite: enrolled.scopes.contains(.write))
    try await refuseAnother(account, worker)
    let (waiting, former) = try await worker.attempt { ledger throws(LedgerError) in
      for stream in local { _ = try ledger.bind(stream.id, to: RawText(endpoint.address)) }
      let former = try takeUp(account, in: ledger, context: name)
      try account.keep(in: ledger, context: name)
      return (try ledger.waitingCount(context: name), former)
    }
    await transport.close()
    return Result(
      analyst: enrolled.analyst, device: enrolled.device, collectorID: enrolled.collectorID,
      canRead: enrolled.scopes.contains(.read), canWrite: enrolled.scopes.contains(.write), formerAddresses: former,
      serviceName: context.serviceName(at: account), serviceWords: words(context, account), waiting: waiting)
  }

  private static func words(_ context: Context, _ account: CollectorAccount) -> String? {
    let told = account.service
    guard let configured = context.serviceName else {
      return told.isEmpty
        ? nil : "a case is named for the service \(told.string) from now on, as at the collector's others"
    }
    guard !told.isEmpty, told != RawText(configured) else { return "a case is named for the service \(configured)" }
    return "the configuration calls the service \(configured), the collector \(told.string): what you judge is another "
      + "case than at the others; take service_name out of the context to share theirs"
  }

  /// A ledger is one analyst's: what is on it counts as theirs, and goes on under the name that it was begun with. Another
  /// one's judgements would be said under that name, and set aside.
  private static func refuseAnother(_ account: CollectorAccount, _ worker: LedgerWorker) async throws(Problem) {
    let other = try await worker.attempt { ledger throws(LedgerError) -> RawText? in
      for stream in try ledger.streams() {
        guard let address = stream.collector?.string,
          try ledger.value(for: StreamSync.collectorKey(of: address))?.text == account.collectorID,
          let known = try CollectorAccount.analyst(at: address, in: ledger, context: stream.context),
          known != account.analyst
        else { continue }
        return known
      }
      return nil
    }
    guard let other else { return }
    throw Problem(
      "This ledger is \(other.string)'s at \(account.endpoint.address), and the token is \(account.analyst.string)'s.",
      advice:
        "\(account.analyst.string) needs a ledger of their own, by --ledger FILE. Whoever is \(other.string) under "
        + "another name asks the researchers for a token under \(other.string).", kind: .conflict)
  }

  /// Takes up what went to the same collector under other addresses as the same analyst; gives those addresses.
  static func takeUp(
    _ account: CollectorAccount, in ledger: Ledger, context: RawText
  ) throws(LedgerError) -> [String] {
    let address = account.endpoint.address
    var former: [String] = []
    for stream in try ledger.streams() where stream.context == context {
      guard let old = stream.collector?.string, old != address else { continue }
      guard try ledger.value(for: StreamSync.collectorKey(of: old))?.text == account.collectorID else { continue }
      let analyst = try CollectorAccount.analyst(at: old, in: ledger, context: context) ?? stream.analyst
      guard analyst == account.analyst else { continue }
      try ledger.move(stream.id, to: RawText(address))
      if !former.contains(old) { former.append(old) }
    }
    for old in former { try ReadingPlace.move(in: ledger, context: context, from: old, to: address) }
    return former
  }

  /// Says who this device is, and each name that something is saved under.
  private static func enrol(_ client: CollectorClient, under names: [RawText]) async throws(Problem) -> Enrolled {
    func enrol(_ name: RawText) async throws(CollectorFailure) -> Enrolled {
      try await client.enrol(Enrolment(formerAnalyst: name, workstation: RawText(Machine.host), tool: Workspace.tool))
    }
    do {
      var enrolled = try await enrol(names.first ?? "")
      for name in names.dropFirst() { enrolled = try await enrol(name) }
      return enrolled
    } catch {
      throw error.problem
    }
  }
}
