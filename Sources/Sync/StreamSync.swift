public import Domain
public import Feedback
public import Ledger
internal import SyncProtocol

/// Keeps one stream of a ledger in step with its collector: asks what `SyncClient` wants asked, reads and keeps what
/// it wants read and kept. One round at a time.
public actor StreamSync {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let surroundings: Surroundings
  private var client: SyncClient
  private var hasKnownCollector: Bool
  private var prepared: PreparedBatch?

  /// What is not in the ledger: clocks, chance and names.
  public struct Surroundings: Sendable {
    public var now: @Sendable () -> Timestamp
    /// Uniform in 0 ..< 1.
    public var random: @Sendable () -> Double
    /// What a stream's own events are stamped with.
    public var stamp: @Sendable () -> Stamp
    public var workstation: RawText
    public var tool: RawText

    public init(
      now: @escaping @Sendable () -> Timestamp, random: @escaping @Sendable () -> Double,
      stamp: @escaping @Sendable () -> Stamp, workstation: RawText, tool: RawText
    ) {
      self.now = now
      self.random = random
      self.stamp = stamp
      self.workstation = workstation
      self.tool = tool
    }
  }

  public init(
    _ stream: LedgerStream, worker: LedgerWorker, collector: CollectorClient, surroundings: Surroundings
  ) async throws(LedgerError) {
    self.worker = worker
    self.collector = collector
    self.surroundings = surroundings
    let key = Self.collectorKey(of: collector.address)
    let known = try await worker.run { ledger throws(LedgerError) in try ledger.value(for: key)?.text }
    hasKnownCollector = known != nil
    client = SyncClient(
      cursor: SyncCursor(stream: stream.id, epoch: stream.epoch, acked: stream.acked, safe: stream.safe),
      collectorID: known ?? "", version: ProgramVersion(tool: surroundings.tool))
  }

  /// The stream as it is called now: a fork gives it a new identity.
  public var stream: StreamID { client.cursor.stream }

  /// Whether it knows of the stream what the ledger knows.
  public func isAt(_ known: LedgerStream) -> Bool {
    let cursor = client.cursor
    return cursor.stream == known.id && cursor.epoch == known.epoch && cursor.acked == known.acked
      && cursor.safe == known.safe
  }

  /// Under which name the ledger keeps the identity of the collector at an address.
  public static func collectorKey(of address: String) -> String { "collector \(address)" }

  /// One round: everything that waits is offered; ends when it is received, or with when to try again.
  public func round() async throws(LedgerError) -> SyncReport {
    var report = SyncReport(.caughtUp)
    let id = client.cursor.stream
    let head = try await worker.run { ledger throws(LedgerError) in try ledger.head(of: id) }
    var waiting = client.handle(.began(last: head))
    while !waiting.isEmpty {
      let effect = waiting.removeFirst()
      if case .finish(let outcome) = effect {
        report.outcome = outcome
        break
      }
      for input in try await perform(effect, &report) { waiting += client.handle(input) }
    }
    try await rememberCollector()
    return report
  }

  /// Does one thing; what came of it are inputs.
  private func perform(
    _ effect: SyncClient.Effect, _ report: inout SyncReport
  ) async throws(LedgerError) -> [SyncClient.Input] {
    let id = client.cursor.stream
    switch effect {
    case .ask(let request): return [try await ask(request, &report)]
    case .read(let place, let limit, let bytes):
      if let prepared, prepared.reading == effect, prepared.batch.stream == id { return [.read(prepared.events)] }
      prepared = nil
      let events = try await worker.run { ledger throws(LedgerError) in
        try ledger.events(of: id, after: place, limit: limit, bytes: bytes)
      }
      return [.read(events.map { OfferedEvent($0) })]
    case .save(let cursor):
      let limit = Ledger.SizeLimit(bytes: client.limits.eventBytes, at: surroundings.now())
      try await worker.run { ledger throws(LedgerError) in
        try ledger.keepCursor(
          of: cursor.stream, epoch: cursor.epoch, acked: cursor.acked, safe: cursor.safe, limit: limit)
      }
    case .wedge(let seq, let code): try await wedge(id, seq, code)
    case .fork(let shared):
      let stamp = surroundings.stamp()
      let (stream, last) = try await worker.run { ledger throws(LedgerError) in
        let stream = try ledger.fork(id, sharedSeq: shared.seq, reason: "lineage", stamp: stamp).id
        return (stream, try ledger.head(of: stream))
      }
      report.isForked = true
      return [.forked(into: stream, last: last)]
    case .finish: break
    }
    return []
  }

  private func wedge(_ stream: StreamID, _ seq: Int, _ code: RawText) async throws(LedgerError) {
    let now = surroundings.now()
    try await worker.run { ledger throws(LedgerError) in _ = try ledger.wedge(stream, seq: seq, code: code, at: now) }
  }

  private func wedge(_ stream: StreamID, setAside result: RecordResult) async throws(LedgerError) {
    let now = surroundings.now()
    try await worker.run { ledger throws(LedgerError) in
      _ = try ledger.wedge(stream, setAside: result.position.seq, because: result.code, at: now)
    }
  }

  private func ask(_ request: SyncRequest, _ report: inout SyncReport) async throws(LedgerError) -> SyncClient.Input {
    do {
      switch request {
      case .hello: return .greeted(try await collector.hello())
      case .open(let stream):
        let opening = StreamOpening(
          stream: stream, workstation: surroundings.workstation, tool: surroundings.tool)
        return .opened(try await collector.open(opening))
      case .hashes(let stream, let places):
        let answer = try await collector.hashes(of: stream, at: places)
        return .hashed(stream, answer, own: try await hashes(of: stream, at: answer.hashes.map(\.seq) + places))
      case .push(let batch): return try await push(batch, &report)
      }
    } catch let failure as CollectorFailure {
      return input(failure, request)
    } catch let error as LedgerError {
      throw error
    } catch {
      return input(.unanswered(.garbled("\(error)")), request)
    }
  }

  private func push(_ batch: EventBatch, _ report: inout SyncReport) async throws -> SyncClient.Input {
    // That they may be there is noted while they are on their way.
    async let marked: Void = markSent(batch)
    report.offered += batch.events.count
    let written = prepared?.batch == batch ? prepared?.written : nil
    prepared = nil
    async let ahead = PreparedBatch(after: batch, client, worker)
    let (pushed, bytes) = try await collector.push(batch, as: written)
    try await marked
    report.bytes += bytes
    prepared = await ahead
    switch pushed {
    case .diverged(let lineage): return .diverged(batch, lineage)
    case .answered(let answer):
      report.received += answer.results.count(where: \.verdict.isReceipt)
      // It holds them, but the researchers' tools will not read them: a person has to know.
      for result in answer.results where result.verdict == .quarantined {
        try await wedge(batch.stream, setAside: result)
      }
      return .answered(batch, answer, own: try await hashes(of: batch.stream, at: answer.places))
    }
  }

  private func markSent(_ batch: EventBatch) async throws(LedgerError) {
    guard let last = batch.events.last else { return }
    try await worker.run { ledger throws(LedgerError) in try ledger.markSent(batch.stream, through: last.seq) }
  }

  private func hashes(of stream: StreamID, at places: [Int]) async throws(LedgerError) -> [Int: Hash] {
    try await worker.run { ledger throws(LedgerError) in try ledger.hashes(of: stream, at: places) }
  }

  private func input(_ failure: CollectorFailure, _ request: SyncRequest) -> SyncClient.Input {
    let random = surroundings.random()
    return switch failure {
    case .refused(let status, let refusal): .refused(request, status: status, refusal, random: random)
    case .unanswered(let failure): .failed(request, failure, random: random)
    case .unusable(let reason): .unasked(request, .unusable(reason))
    case .noToken(let reason): .unasked(request, .noToken(reason))
    case .cancelled: .failed(request, .unreachable("stopped"), random: random)
    }
  }

  private func rememberCollector() async throws(LedgerError) {
    guard !hasKnownCollector, !client.collectorID.isEmpty else { return }
    let key = Self.collectorKey(of: collector.address)
    let id = client.collectorID
    try await worker.run { ledger throws(LedgerError) in try ledger.set(.string(id), for: key) }
    hasKnownCollector = true
  }
}
