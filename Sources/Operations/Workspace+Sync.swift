public import Domain
internal import Feedback
internal import Ledger
internal import Sync
internal import SyncProtocol
internal import Synchronization
internal import Transport
internal import Workbench

/// How an exchange with the collector went, for a person.
public struct ExchangeSummary: Sendable {
  public var sent: Int
  public var received: Int
  public var fetched: Int
  /// Events of the collector's log that are damaged there, and left out here.
  public var leftOut = 0
  /// Events that no collector has yet.
  public var waiting: Int
  /// Why it is not finished; nil where it is.
  public var problem: Problem?
  /// When to try again; nil where a person has to act, or nothing waits.
  public var nextTry: Timestamp?
  /// Whether it is not finished because the collector takes only so many requests a minute.
  public var isThrottled: Bool
  /// Whether a person has to act though it is tried again: the collector asks for a newer mds, or its certificate is not
  /// trusted.
  public var needsAnalyst = false
  /// What only a person can mend.
  public var stop: Problem? { nextTry == nil || needsAnalyst ? problem : nil }
  public var isForked: Bool
  /// Whether nothing was done, because another session of the analyst's on this ledger was at it.
  public var isElsewhere = false
  /// Whether `problem` is only that the collector does not take some large records.
  public var isContentRefused = false
  /// Whether what waits stays here, because the token only reads.
  public var isReadOnly = false
  /// Whether the researchers' catalogue changed: signatures may say more now.
  public var hasNewCatalogue = false
  /// Other things that the researchers published and were not here before, by kind, and those that they withdrew.
  public var published: [RawText: Int] = [:]
  public var withdrawn: [RawText: Int] = [:]

  /// What the researchers did, in words: `sent 2 questions, 1 queue`, `withdrew 1 queue`; nil where it is nothing.
  /// Catalogues are told apart.
  public var researchersWords: String? {
    let words = [("sent", Self.words(published)), ("withdrew", Self.words(withdrawn))].compactMap { verb, items in
      items.map { "\(verb) \($0)" }
    }
    return words.isEmpty ? nil : words.joined(separator: " and ")
  }

  /// What was left out of what colleagues said, in words; nil where it is nothing.
  public var leftOutWords: String? {
    guard leftOut > 0 else { return nil }
    let events = leftOut == 1 ? "1 event of the collector's log is" : "\(leftOut) events of the collector's log are"
    return "\(events) damaged and left out; `mds-collector verify` there names the first"
  }

  /// Whether the inbox has something that was not there before.
  public var hasNews: Bool { Self.words(published) != nil }

  private static func words(_ counts: [RawText: Int]) -> String? {
    let words = InboxKind.allCases.compactMap { kind -> String? in
      guard kind != .catalogue, let count = counts[kind.text] else { return nil }
      let noun = kind == .adjudication ? "decision" : kind.rawValue
      return "\(count) \(noun)\(count == 1 ? "" : "s")"
    }
    return words.isEmpty ? nil : words.joined(separator: ", ")
  }

  /// Both exchanges, one after the other, told as one.
  public func continued(by next: ExchangeSummary) -> ExchangeSummary {
    var both = next
    both.sent += sent
    both.received += received
    both.fetched += fetched
    both.leftOut += leftOut
    both.isForked = isForked || next.isForked
    both.hasNewCatalogue = hasNewCatalogue || next.hasNewCatalogue
    both.published.merge(published, uniquingKeysWith: +)
    both.withdrawn.merge(withdrawn, uniquingKeysWith: +)
    return both
  }
}

extension Workspace {
  /// One exchange with the collector: what waits is offered, colleagues' judgements are fetched, and how it went is
  /// remembered. Only one runs at a time. Where the collector does not let this analyst send, the rest is done all the same.
  public func sync() async throws(Problem) -> ExchangeSummary {
    guard let link = try await collectorLink() else {
      let key = CollectorAccount.key(for: contextName)
      if try await onLedger({ ledger throws(LedgerError) in try ledger.isDamaged(key) }) {
        throw Problem(
          "what this ledger keeps of its enrolment cannot be read: what you save stays in it",
          advice: "mds connect URL --token-file FILE enrols it anew, and what waits goes with the next mds sync.")
      }
      throw Problem(
        "no collector: what you save stays in this ledger",
        advice: "mds connect URL --token-file FILE enrols it at the researchers' collector.")
    }
    // Another session's exchange takes along what this one saved.
    guard let seat = SyncSeat(besides: context.ledgerPath) else { return try await elsewhere() }
    defer { withExtendedLifetime(seat) {} }
    let started = Machine.now
    var report = try await offer(link)
    if case .caughtUp = report.outcome { try await syncOthers(&report) }
    // A token that only reads is refused each time: the researchers may have let it write since.
    let isReadOnly = account?.canWrite == false && report.outcome.isForbidden
    var pause = report.outcome.pause
    var problem = isReadOnly ? nil : report.outcome.problem
    var isThrottled = report.outcome.isThrottled
    var news = InboxNews()
    var refusedContents: Problem?
    var leftOut = 0
    if report.outcome.letsFetch {
      do throws(CollectorFailure) {
        if case .caughtUp = report.outcome { refusedContents = try await link.attachments.run().problem }
        let fetched = try await fetchAnyway(link)
        // What has come counts, however the rest goes.
        if case .success(let events) = fetched { (report.fetched, leftOut) = (events.new, events.damaged) }
        news = try await link.inbox.run()
        if case .failure(let failure) = fetched { throw failure }
      } catch {
        problem = error.problem
        pause = error.pause
        if case .refused(429, _) = error { isThrottled = true }
      }
    }
    let isContentRefused = problem == nil && refusedContents != nil
    if isContentRefused { pause = Workspace.contentPause }
    var summary = try await remember(report, problem ?? refusedContents, pause: pause, since: started)
    summary.leftOut = leftOut
    summary.isContentRefused = isContentRefused
    summary.isThrottled = isThrottled
    summary.needsAnalyst = report.outcome.needsPerson
    summary.isReadOnly = isReadOnly
    summary.published = news.sent
    summary.withdrawn = news.withdrawn
    if news.sent[InboxKind.catalogue.text] != nil || news.withdrawn[InboxKind.catalogue.text] != nil {
      try await takePublishedCatalogue()
      summary.hasNewCatalogue = true
    }
    return summary
  }

  /// Offers what waits.
  private func offer(_ link: CollectorLink) async throws(Problem) -> SyncReport {
    do throws(LedgerError) {
      let report = try await link.sync.round()
      if report.isForked {
        let id = await link.sync.stream
        adopt(try await worker.run { ledger throws(LedgerError) in try ledger.stream(id) })
      }
      return report
    } catch {
      throw error.problem
    }
  }

  /// What colleagues said. Where that alone cannot be had, what the researchers published is asked for all the same.
  private func fetchAnyway(_ link: CollectorLink) async throws(CollectorFailure) -> Result<
    ColleagueFetch.Fetched, CollectorFailure
  > {
    do {
      return .success(try await link.fetch.run())
    } catch  where error.isOfOneAnswer {
      return .failure(error)
    }
  }

  /// Waits until the researchers have published something that is not here; whether they have. Nil where nobody can say:
  /// the collector is gone, or answers at once what it should wait for.
  func somethingIsPublished() async -> Bool? {
    guard let link = try? await collectorLink() else { return nil }
    let began = ContinuousClock.now
    guard let isThere = try? await link.inbox.wait(seconds: Workspace.inboxWait) else { return nil }
    let isTooSoon = began.duration(to: .now) < .seconds(Workspace.inboxWait) / 5
    return isThere || !isTooSoon ? isThere : nil
  }

  /// Milliseconds after which contents that were refused are offered again.
  private static let contentPause = 300_000

  /// How many seconds one request waits: proxies cut what stands still for half a minute.
  private static let inboxWait = 25

  /// Another session of the analyst's talks to the collector just now.
  private func elsewhere() async throws(Problem) -> ExchangeSummary {
    ExchangeSummary(
      sent: 0, received: 0, fetched: 0, waiting: try await waitingCount(),
      problem: nil, nextTry: Machine.now.advanced(bySeconds: 15), isThrottled: false, isForked: false, isElsewhere: true
    )
  }

  /// Fetches what colleagues said, without offering anything; how many events were new.
  @discardableResult
  func fetchColleagues() async throws(Problem) -> Int {
    guard let link = try await collectorLink() else { return 0 }
    do {
      return try await link.fetch.run().new
    } catch {
      throw error.problem
    }
  }

  private func remember(
    _ report: SyncReport, _ problem: Problem?, pause: Int?, since started: Timestamp
  ) async throws(Problem) -> ExchangeSummary {
    let now = Machine.now
    let next = pause.map { now.advanced(bySeconds: Double($0) / 1000) }
    let key = LastExchange.key(of: stream.id)
    let name = contextName
    let done = OutboxScreen.LastSync(
      at: now, sent: report.offered, received: report.received, fetched: report.fetched,
      milliseconds: Int((now.microseconds - started.microseconds) / 1000), bytes: report.bytes)
    let nextTry = next
    let needsPerson = report.outcome.needsPerson
    let waiting = try await onLedger { ledger throws(LedgerError) in
      var exchange = try ledger.value(for: key).flatMap { LastExchange(json: $0) } ?? LastExchange()
      if problem == nil { exchange.done = done }
      exchange.problem = problem
      exchange.nextTry = nextTry
      exchange.needsAnalyst = needsPerson
      try ledger.set(exchange.json, for: key)
      return try ledger.waitingCount(context: name)
    }
    return ExchangeSummary(
      sent: report.offered, received: report.received, fetched: report.fetched, waiting: waiting, problem: problem,
      nextTry: nextTry, isThrottled: false, isForked: report.isForked)
  }

  /// What syncs this workspace; nil where it has no collector.
  func collectorLink() async throws(Problem) -> CollectorLink? {
    guard let account else { return nil }
    if let known = link.withLock({ $0 }), await known.sync.stream == stream.id, try await isCurrent(known) {
      return known
    }
    let client: CollectorClient
    do {
      client = try CollectorClient(
        address: account.endpoint.address, transport: Transport(configuration: account.endpoint.configuration))
    } catch {
      throw error.problem
    }
    do throws(LedgerError) {
      let made = CollectorLink(
        client: client, sync: try await streamSync(of: stream, client),
        fetch: ColleagueFetch(
          worker: worker, collector: client, context: contextName, own: (there: account.analyst, here: stream.analyst)),
        inbox: InboxFetch(worker: worker, collector: client, context: contextName, now: { Machine.now }),
        attachments: BlobPush(worker: worker, collector: client, context: contextName),
        blobs: BlobFetch(collector: client, besides: context.ledgerPath))
      link.withLock { $0 = made }
      return made
    } catch {
      throw error.problem
    }
  }
}

extension Workspace {
  /// What keeps one of the analyst's streams in step with the collector.
  func streamSync(of stream: LedgerStream, _ client: CollectorClient) async throws(LedgerError) -> StreamSync {
    try await StreamSync(
      stream, worker: worker, collector: client,
      surroundings: .init(
        now: { Machine.now }, random: { Double.random(in: 0..<1) }, stamp: { self.stamp() },
        workstation: RawText(Machine.host), tool: Workspace.tool))
  }

  /// Whether what a link knows of the stream is what the ledger knows: another session may have synced meanwhile.
  private func isCurrent(_ link: CollectorLink) async throws(Problem) -> Bool {
    let id = stream.id
    let known = try await onLedger { ledger throws(LedgerError) in try ledger.stream(id) }
    return await link.sync.isAt(known)
  }
}

/// What one collector needs to be kept in step.
struct CollectorLink: Sendable {
  var client: CollectorClient
  var sync: StreamSync
  var fetch: ColleagueFetch
  var inbox: InboxFetch
  var attachments: BlobPush
  var blobs: BlobFetch
}

extension CollectorFailure {
  /// Whether it says nothing of what else the collector may be asked for.
  fileprivate var isOfOneAnswer: Bool {
    switch self {
    case .refused(401, _), .refused(408, _), .refused(429, _): false
    case .refused, .unanswered(.garbled): true
    case .unanswered, .unusable, .noToken, .cancelled: false
    }
  }
}

extension SyncOutcome {
  /// Milliseconds after which to go on; nil where it is finished or a person has to act.
  var pause: Int? {
    if case .waiting(let milliseconds, _) = self { milliseconds } else { nil }
  }

  /// Whether the collector is there and knows the token: what others said can be fetched, also where it does not let this
  /// analyst send.
  var letsFetch: Bool { self == .caughtUp || isForbidden }

  var isForbidden: Bool { if case .stopped(.forbidden) = self { true } else { false } }

  /// Whether only a person can mend it, though it is tried again: another program, another certificate.
  var needsPerson: Bool {
    switch self {
    case .waiting(_, .outdated), .waiting(_, .untrusted): true
    case .caughtUp, .waiting, .stopped: false
    }
  }

  var isThrottled: Bool {
    if case .waiting(_, .busy(status: 429, _)) = self { true } else { false }
  }

  /// Why the round is not finished; nil where it is.
  var problem: Problem? {
    switch self {
    case .caughtUp: nil
    case .waiting(_, let failure): failure.problem
    case .stopped(let stop): stop.problem
    }
  }
}
