public import Deployment
public import Domain
internal import Feedback
public import Ledger
internal import Synchronization
public import Transport
internal import Workbench

/// One context at work: its ledger, its service, and the stream that judgements go to.
public final class Workspace: Sendable {
  public let context: Context
  let worker: LedgerWorker
  public let service: InferenceService
  let controlPlane: ControlPlane
  private let currentStream: Mutex<LedgerStream>
  /// Who the analyst is at the collector; nil where the context has none, or was not enrolled at it.
  let account: CollectorAccount?
  /// What the service of the cases was called so far.
  private let serviceNames: [RawText]
  let link = Mutex<CollectorLink?>(nil)
  let session = RawText(Machine.uuid())
  /// What is known of the service's models: from the ledger until the service has answered.
  let knownModels: Mutex<KnownModels>
  /// What of the published catalogue cannot be read.
  let catalogueProblems: Mutex<[Problem]>
  let sessionNote = Mutex(SessionNote.none)
  let signing = Mutex(HeadSigning.off)
  private let screen = Mutex(Stamp.Screen(mode: "command"))
  /// What was looked at without a judgement and is not written yet.
  let looks = Mutex<[EventBody]>([])
  /// In which epoch a stream beside the one that goes on was last asked about.
  let askedOthers = Mutex<[StreamID: Int]>([:])

  /// Opens the ledger and makes the context's stream where there was none. After one that the analyst ended, the next
  /// begins with what is saved next.
  public init(_ context: Context, transport: Transport = Transport()) throws(Problem) {
    self.context = context
    controlPlane = ControlPlane(context)
    var options = InferenceOptions(kind: context.kind ?? .openInference)
    options.catalogue = try Catalogue(files: context.catalogues)
    do {
      service = try InferenceService(base: context.service, transport: transport, options: options)
    } catch {
      throw error.problem
    }
    do {
      let (ledger, account, names) = try Self.ledger(of: context)
      serviceNames = names
      worker = LedgerWorker(ledger)
      self.account = account
      knownModels = Mutex(KnownModels(remembered: try ledger.models(context: RawText(context.name))))
      let published = try PublishedCatalogue(ledger, context: RawText(context.name))
      service.take(published: published.catalogue)
      catalogueProblems = Mutex(published.problems)
      let stamp = Self.stamp(account?.analyst ?? context.analyst, session: session, context)
      let (name, collector) = (RawText(context.name), account.map { RawText($0.endpoint.address) })
      if let latest = try ledger.latestStream(for: name, collector: collector) {
        currentStream = Mutex(latest)
      } else {
        let device = RawText(Machine.host)
        currentStream = Mutex(try ledger.stream(for: name, collector: collector, device: device, stamp: stamp))
      }
    } catch {
      throw error.problem
    }
  }

  /// The context's ledger, who the analyst is at the collector, and what the service was called so far. Its cases are known
  /// by the service's name, unless another program has them on its screen: whoever opens it alone sees to that.
  private static func ledger(of context: Context) throws(LedgerError) -> (Ledger, CollectorAccount?, [RawText]) {
    let ledger = try Ledger(path: context.ledgerPath)
    let account = try account(of: context, in: ledger)
    let (name, service) = (RawText(context.name), context.serviceName(at: account))
    let names = try ledger.serviceNames(of: name)
    guard ledger.obstacle == nil, names.last != service else { return (ledger, account, names) }
    try ledger.close()
    do throws(LedgerError) {
      try Ledger.nameCases(at: context.ledgerPath, of: name, for: service)
    } catch .inUse {
      // A case that is stored meanwhile is found under either name.
    }
    let reopened = try Ledger(path: context.ledgerPath)
    return (reopened, account, try reopened.serviceNames(of: name))
  }

  /// The account that was made at the context's collector; what the configuration says of the way there is newer.
  private static func account(of context: Context, in ledger: Ledger) throws(LedgerError) -> CollectorAccount? {
    guard var account = try CollectorAccount.load(from: ledger, context: RawText(context.name)) else { return nil }
    guard let configured = context.collector else { return account }
    guard configured.address == account.endpoint.address else { return nil }
    let enrolled = account.endpoint.configuration
    account.endpoint = configured
    account.endpoint.configuration.token = configured.configuration.token ?? enrolled.token
    account.endpoint.configuration.authorityPath = configured.configuration.authorityPath ?? enrolled.authorityPath
    return account
  }

  /// Under which name the next event is saved.
  static func analyst(of context: Context, in ledger: Ledger) throws(LedgerError) -> RawText {
    let account = try account(of: context, in: ledger)
    let latest = try ledger.latestStream(
      for: RawText(context.name), collector: account.map { RawText($0.endpoint.address) })
    guard let latest, latest.endedAt == nil else { return account?.analyst ?? context.analyst }
    return latest.analyst
  }

  /// Whether what is saved goes to a collector.
  public var hasCollector: Bool { account != nil }

  /// Who judges here: the collector's name for the analyst where there is one.
  public var analyst: RawText { account?.analyst ?? stream.analyst }

  /// The stream that judgements go to now: a fork gives it a new identity.
  var stream: LedgerStream { currentStream.withLock { $0 } }

  /// Goes on with another state of the stream, or with the one that took its place.
  func adopt(_ stream: LedgerStream) { currentStream.withLock { $0 = stream } }

  var contextName: RawText { RawText(context.name) }

  var serviceName: RawText { context.serviceName(at: account) }

  /// The names that a case of this ledger may be known by, the one that a new case gets first.
  var everyServiceName: [RawText] { [serviceName] + serviceNames.filter { $0 != serviceName } + [contextName] }

  /// The name that a case's identity was made with.
  func serviceName(of item: Case) -> RawText {
    everyServiceName.first { item.id == CaseIdentity.of(record: item.recordID, service: $0, model: item.model) }
      ?? serviceName
  }

  /// Name and version of this program, as `mds --version` prints it; collectors go by it.
  public static let tool: RawText = "mds 0.1"

  /// Notes the size and mode of the screen that judgements are made on.
  public func setScreen(mode: RawText, columns: Int, rows: Int) {
    screen.withLock { $0 = Stamp.Screen(mode: mode, columns: columns, rows: rows) }
  }

  func stamp() -> Stamp {
    var stamp = Self.stamp(stream.analyst, session: session, context)
    stamp.screen = screen.withLock { $0 }
    return stamp
  }

  /// This moment on this machine.
  private static func stamp(_ analyst: RawText, session: RawText, _ context: Context) -> Stamp {
    let now = Machine.now
    return Stamp(
      at: now, monotonicMilliseconds: Machine.monotonicMilliseconds, bootID: RawText(Machine.bootID),
      timeZoneMinutes: Machine.timeZoneMinutes(at: now), analyst: analyst, session: session,
      context: RawText(context.name), tool: Workspace.tool)
  }

  /// Runs ledger work on the ledger's own thread.
  public func onLedger<Result: Sendable>(
    _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Result
  ) async throws(Problem) -> Result {
    try await worker.attempt(body)
  }

  /// Reads much, beside what is saved meanwhile; a task that is cancelled ends it.
  func studied<Result: Sendable>(
    _ body: @escaping @Sendable (LedgerEvents, _ isWanted: () -> Bool) throws -> Result
  ) async throws(Problem) -> Result {
    do throws(LedgerError) {
      return try await worker.study(body)
    } catch {
      throw error.problem
    }
  }

  /// The collector's address where the context has one: what its streams are kept under.
  var collectorAddress: RawText? { account.map { RawText($0.endpoint.address) } }

  /// Runs ledger work that appends to the stream that goes on now. Another program on the same ledger may have given
  /// it a new identity meanwhile: then the work is done on that one. Where the analyst ended it, a new one begins.
  func onStream<Result: Sendable>(
    _ body: @escaping @Sendable (Ledger, StreamID) throws(LedgerError) -> Result
  ) async throws(Problem) -> Result {
    let stamp = stamp()
    let result = try await onLedger { [self] ledger throws(LedgerError) in
      do throws(LedgerError) {
        try beginSession(ledger, in: stream.id)
        return try body(ledger, stream.id)
      } catch .ended {
        try goOn(ledger, stamp)
        try beginSession(ledger, in: stream.id)
        return try body(ledger, stream.id)
      }
    }
    keepLooksSoon()
    signHeadSoon()
    return result
  }

  /// The same, unless `answer` says that there is nothing to append, which begins neither a session nor a stream.
  func onStream<Result: Sendable>(
    _ answer: @escaping @Sendable (Ledger, StreamID) throws(LedgerError) -> Result?,
    else body: @escaping @Sendable (Ledger, StreamID) throws(LedgerError) -> Result
  ) async throws(Problem) -> Result {
    let known = try await onLedger { [self] ledger throws(LedgerError) in
      try answer(ledger, ledger.latestStream(for: contextName, collector: collectorAddress)?.id ?? stream.id)
    }
    if let known { return known }
    return try await onStream(body)
  }

  /// Goes on with what took the place of a stream that has ended.
  private func goOn(_ ledger: Ledger, _ stamp: Stamp) throws(LedgerError) {
    let wasEndedForGood = try ledger.ending(of: stream.id) != nil
    adopt(
      try ledger.stream(for: contextName, collector: collectorAddress, device: RawText(Machine.host), stamp: stamp))
    // Under another name the session's beginning came along; a new stream says it anew.
    if wasEndedForGood, sessionNote.withLock({ $0 }) == .begun { noteSession() }
  }

  /// Puts work on the ledger's own thread behind what waits there, without waiting for it; says where it failed.
  func ledgerWork(
    _ post: @escaping @Sendable (Action) -> Void, _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Void
  ) {
    worker.submit(body) { post(.failed($0.problem)) }
  }

  /// Waits for ledger work that was begun, then closes; what comes later is refused.
  public func close() { worker.close() }

  /// The names of a new call. A batch is spread over the candidates of an experiment; an analyst stays with one.
  func call(keepsRoute: Bool = true) -> InferenceCall {
    InferenceCall(
      requestID: Machine.uuid(), traceID: Hexadecimal.text(of: Machine.randomBytes(16)),
      spanID: Hexadecimal.text(of: Machine.randomBytes(8)), keepsRoute: keepsRoute)
  }
}
