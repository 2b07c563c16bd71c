public import Domain
public import Feedback

/// The client's side of the protocol for one stream: it is told what happened and says what to do next, and does
/// nothing itself. It survives lost, repeated, late and reordered answers, a collector restored from a backup and a
/// ledger that was copied or put back.
public struct SyncClient: Hashable, Sendable {
  /// What happened.
  public enum Input: Hashable, Sendable {
    /// A round begins; the last event of the own stream.
    case began(last: Position)
    case greeted(Hello)
    case opened(StreamHead)
    /// What `Effect.read` asked for, in order.
    case read([OfferedEvent])
    /// An answer, with the own hashes at `BatchAnswer.places`.
    case answered(EventBatch, BatchAnswer, own: [Int: Hash])
    case diverged(EventBatch, Lineage)
    /// An answer, with the own hashes at the places that were asked for.
    case hashed(StreamID, StreamHashes, own: [Int: Hash])
    /// An answer with a status of 400 or above; `random` is uniform in 0 ..< 1.
    case refused(SyncRequest, status: Int, Refusal, random: Double)
    case failed(SyncRequest, SyncFailure, random: Double)
    /// It was not asked: a person has to act first.
    case unasked(SyncRequest, SyncStop)
    /// The ledger has put every event that it retains under a new stream.
    case forked(into: StreamID, last: Position)
  }

  /// What to do.
  public enum Effect: Hashable, Sendable {
    case ask(SyncRequest)
    /// Read up to so many events after a place; what follows the first so many bytes of bodies may be left out.
    case read(after: Int, limit: Int, bytes: Int)
    /// Remember the cursor durably before anything that follows.
    case save(SyncCursor)
    /// Show an event as one that needs a person: its body cannot be sent.
    case wedge(seq: Int, code: RawText)
    /// Put every retained event under a new stream, in one transaction; the last event both sides share.
    case fork(shared: Position)
    case finish(SyncOutcome)
  }

  enum Phase: Hashable, Sendable {
    case resting
    case greeting
    case opening
    case reading
    case pushing(EventBatch)
    case searching(AncestorSearch)
    case forking
  }

  public internal(set) var cursor: SyncCursor
  /// The collector that this ledger was enrolled at; empty before the first greeting.
  public internal(set) var collectorID: RawText
  public internal(set) var limits = Hello.Limits()
  /// What this program is; nil where it does not say, which no collector finds too old.
  public let version: ProgramVersion?
  var phase = Phase.resting
  var batchSize = BatchSize()
  var backoff = Backoff()
  /// The last event of the own stream that is known of.
  var last = Position.empty
  /// Events whose body the collector refused: offered without it.
  var withheld: Set<Int> = []
  /// How often an event came back damaged.
  var troubled: [Int: Int] = [:]
  /// Whether the collector has answered a batch in this round.
  var wasHeard = false
  /// Answers in a row that moved nothing.
  var stalls = 0

  public init(cursor: SyncCursor, collectorID: RawText, version: ProgramVersion? = nil) {
    self.cursor = cursor
    self.collectorID = collectorID
    self.version = version
  }

  /// Whether a round is under way.
  public var isResting: Bool { phase == .resting }

  public mutating func handle(_ input: Input) -> [Effect] {
    switch input {
    case .began(let last): return begin(last)
    case .greeted(let hello): return greet(hello)
    case .opened(let head): return open(head)
    case .read(let events): return push(events)
    case .answered(let batch, let answer, let own): return learn(batch, answer, own)
    case .diverged(let batch, let lineage): return diverge(batch, lineage)
    case .hashed(let stream, let answer, let own): return search(stream, answer, own)
    case .refused(let request, let status, let refusal, let random):
      return refuse(request, status, refusal, random)
    case .failed(let request, let failure, let random): return fail(request, failure, random)
    case .unasked(let request, let stop): return isAwaited(request) ? finish(.stopped(stop)) : []
    case .forked(let stream, let last): return adopt(stream, last)
    }
  }

  private mutating func begin(_ last: Position) -> [Effect] {
    self.last = last
    wasHeard = false
    stalls = 0
    phase = .greeting
    return [.ask(.hello)]
  }

  private mutating func greet(_ hello: Hello) -> [Effect] {
    guard phase == .greeting else { return [] }
    guard collectorID.isEmpty || collectorID == hello.collectorID else {
      return finish(.stopped(.otherCollector(found: hello.collectorID.string)))
    }
    guard hello.protocols.contains(Hello.version) else {
      return finish(.stopped(.protocolVersion(hello.protocols)))
    }
    guard hello.epoch >= cursor.epoch else {
      return finish(.stopped(.epochWentBack(from: cursor.epoch, to: hello.epoch)))
    }
    if let version, let wanted = hello.wanted(insteadOf: version) {
      // Nothing that it holds is in doubt, and no number of it is taken: the cursor stays.
      return finish(.waiting(milliseconds: Backoff.longest, .outdated(own: version, wanted: wanted)))
    }
    collectorID = hello.collectorID
    limits = hello.limits
    batchSize.cap(max(1, limits.events))
    if hello.epoch == cursor.epoch { return readOn() }
    return askToOpen()
  }

  private mutating func open(_ head: StreamHead) -> [Effect] {
    guard phase == .opening else { return [] }
    guard head.epoch >= cursor.epoch else {
      return finish(.stopped(.epochWentBack(from: cursor.epoch, to: head.epoch)))
    }
    return readOn()
  }

  private mutating func adopt(_ stream: StreamID, _ last: Position) -> [Effect] {
    guard phase == .forking else { return [] }
    cursor = SyncCursor(stream: stream)
    self.last = last
    withheld = []
    troubled = [:]
    return [.save(cursor)] + askToOpen()
  }

  mutating func askToOpen() -> [Effect] {
    phase = .opening
    return [.ask(.open(cursor.stream))]
  }

  mutating func readOn() -> [Effect] {
    phase = .reading
    return [.read(after: cursor.acked.seq, limit: batchSize.count, bytes: limits.batchBytes)]
  }

  mutating func finish(_ outcome: SyncOutcome) -> [Effect] {
    phase = .resting
    return [.finish(outcome)]
  }
}
