internal import Domain
internal import Feedback
internal import SyncProtocol

/// A collector in memory that runs the production rules; a value, so that a backup is a copy.
struct MemoryCollector: CollectorHistory {
  struct Row {
    var stream: StreamID
    var event: OfferedEvent
    var isAlias: Bool
    var note: IntakeNote
    /// Whose token it came with.
    var analyst: RawText = "ana"
  }

  var epoch = 1
  var now = Timestamp(microseconds: 0)
  var rows: [Row] = []
  var streams: [StreamID: [Hash]] = [:]
  var originals: [EventID: (leaf: Hash, hasBody: Bool)] = [:]
  /// The rows of each identity, by their places in `rows`.
  private var places: [EventID: [Int]] = [:]
  var safe: [StreamID: Position] = [:]
  var limits = Hello.Limits()
  /// What was published for the analyst, in its order.
  var publications: [InboxPage.Item] = []
  var sender = CollectorRules.Sender(analyst: "ana")
  /// What is wrong with this one; nil for the production rules.
  var mutant: Mutant?
  /// The status with which one that refuses whole batches does so.
  var rejection = 503

  func head(of stream: StreamID) -> Position {
    guard let hashes = streams[stream], let last = hashes.last else { return .empty }
    return Position(seq: hashes.count, hash: last)
  }

  func hash(at seq: Int, of stream: StreamID) -> Hash? {
    guard let hashes = streams[stream], hashes.indices.contains(seq - 1) else { return nil }
    return hashes[seq - 1]
  }

  func quarantine(at seq: Int, of stream: StreamID) -> IntakeNote.Quarantine? {
    let row = rows.last { $0.stream == stream && $0.event.seq == seq }
    return row?.isAlias == true && row?.note.quarantine == .withheld ? nil : row?.note.quarantine
  }

  func holdsBody(of eventID: EventID) -> Bool { originals[eventID]?.hasBody == true }

  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) -> Bool {
    guard originals[event.eventID] == nil else { return false }
    originals[event.eventID] = (event.leaf, event.body != nil)
    add(Row(stream: stream, event: event, isAlias: false, note: note, analyst: sender.analyst))
    return true
  }

  func held(under eventID: EventID) -> [HeldEvent] {
    places[eventID, default: []].map { place in
      let row = rows[place]
      return HeldEvent(
        leaf: row.event.leaf, hasBody: row.event.body != nil, isSetAside: row.note.quarantine != nil,
        isOwn: row.analyst == sender.analyst)
    }
  }

  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) {
    if event.body != nil, originals[event.eventID]?.leaf == event.leaf { originals[event.eventID]?.hasBody = true }
    add(Row(stream: stream, event: event, isAlias: true, note: note, analyst: sender.analyst))
  }

  mutating func add(_ row: Row) {
    places[row.event.eventID, default: []].append(rows.count)
    rows.append(row)
    streams[row.stream, default: []].append(row.event.hash)
  }

  /// The copy that a restore would put in place. Streams are marked safe only after the copy is whole, so that the
  /// copy itself knows the marks of the one before.
  mutating func backUp(marking: Bool = true) -> MemoryCollector {
    let copy = self
    if marking { for stream in streams.keys { safe[stream] = head(of: stream) } }
    return copy
  }

  enum Reply {
    case hello(Hello)
    case head(StreamHead)
    case hashes(StreamID, StreamHashes)
    case answer(EventBatch, BatchAnswer)
    case lineage(EventBatch, Lineage)
    case refusal(Int, Refusal)
  }

  /// What this collector answers to a request.
  mutating func answer(_ request: SyncRequest) -> Reply {
    switch request {
    case .hello: return .hello(Hello(collectorID: "c", epoch: epoch, now: now, limits: limits))
    case .open(let stream):
      if streams[stream] == nil { streams[stream] = [] }
      return .head(StreamHead(epoch: epoch, head: head(of: stream), safe: safe[stream] ?? .empty))
    case .hashes(let stream, let places):
      let hashes = places.compactMap { place in
        hash(at: place, of: stream).map { Position(seq: place, hash: $0) }
      }
      return .hashes(stream, StreamHashes(epoch: epoch, head: head(of: stream), hashes: hashes))
    case .push(let batch): return take(batch)
    }
  }

  private mutating func take(_ batch: EventBatch) -> Reply {
    guard streams[batch.stream] != nil else { return .refusal(404, Refusal(Refusal.unknownStream)) }
    guard batch.events.count <= limits.events else {
      return .refusal(413, Refusal("too-many", maximumEvents: limits.events))
    }
    if let seq = CollectorRules.oversized(in: batch, limits: limits) {
      return .refusal(413, Refusal("too-large", seq: seq))
    }
    if mutant == .wholeBatchReject, batch.events.contains(where: { $0.body?.starts(with: "poison".utf8) == true }) {
      return .refusal(rejection, Refusal("broken"))
    }
    guard let outcome = try? receive(batch) else { return .refusal(500, Refusal("broken")) }
    switch outcome {
    case .diverged(let head): return .lineage(batch, Lineage(epoch: epoch, head: head))
    case .taken(let head, let results):
      return .answer(
        batch,
        BatchAnswer(epoch: epoch, head: head, safe: safe[batch.stream] ?? .empty, now: now, results: results))
    }
  }

  private mutating func receive(_ batch: EventBatch) throws -> CollectorRules.Outcome {
    switch mutant {
    case .noLineageCheck:
      var unchecked = batch
      unchecked.base = .empty
      return try CollectorRules.receive(unchecked, from: sender, into: &self)
    case .noDeduplication, .insertOrIgnore, .noAlias:
      var history = MisledHistory(collector: self, batch: batch)
      defer { self = history.collector }
      return try CollectorRules.receive(batch, from: sender, into: &history)
    default: return try CollectorRules.receive(batch, from: sender, into: &self)
    }
  }
}

/// A collector's history that tells the production rules what a wrong collector would believe.
private struct MisledHistory: CollectorHistory {
  var collector: MemoryCollector
  let batch: EventBatch

  func head(of stream: StreamID) -> Position {
    let head = collector.head(of: stream)
    switch collector.mutant {
    // Nothing of the batch was ever here.
    case .noDeduplication: return batch.base
    // Whatever comes next continues what is here.
    case .insertOrIgnore:
      return Position(seq: head.seq, hash: batch.events.first { $0.seq == head.seq + 1 }?.prev ?? head.hash)
    default: return head
    }
  }

  func hash(at seq: Int, of stream: StreamID) -> Hash? {
    let held = collector.hash(at: seq, of: stream)
    switch collector.mutant {
    case .noDeduplication where seq == batch.base.seq: return batch.base.hash
    // What stands at the place already is what was sent.
    case .insertOrIgnore where held != nil:
      return seq == batch.base.seq ? batch.base.hash : batch.events.first { $0.seq == seq }?.hash
    default: return held
    }
  }

  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) -> Bool {
    if collector.mutant == .insertOrIgnore { return collector.insert(event, into: stream, note: note) }
    collector.originals[event.eventID] = (event.leaf, event.body != nil)
    collector.add(MemoryCollector.Row(stream: stream, event: event, isAlias: false, note: note))
    return true
  }

  func quarantine(at seq: Int, of stream: StreamID) -> IntakeNote.Quarantine? {
    collector.quarantine(at: seq, of: stream)
  }

  func held(under eventID: EventID) -> [HeldEvent] { collector.held(under: eventID) }

  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) {
    collector.insertAlias(event, into: stream, note: note)
  }
}
