internal import Domain
internal import Feedback
internal import SyncProtocol

/// Streams and events for tests.
enum Stub {
  static func body(_ number: Int, analyst: String = "ana") -> [UInt8] {
    Array(
      "{\"analyst\":\"\(analyst)\",\"at\":\"2026-11-23T12:00:00.000000Z\",\"kind\":\"note\",\"n\":\(number),\"v\":1}"
        .utf8
    )
  }

  static func event(_ body: [UInt8], seq: Int, id: UInt64, prev: Hash, stream: StreamID) -> OfferedEvent {
    let eventID = EventID(at: Timestamp(microseconds: 0), random: id)
    let leaf = Hash.of(body)
    return OfferedEvent(
      seq: seq, eventID: eventID, prev: prev, leaf: leaf,
      hash: Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf), body: body)
  }

  /// So many linked events; `from` tells two lineages apart.
  static func chain(
    _ count: Int, in stream: StreamID, after base: OfferedEvent? = nil, from first: Int = 1
  ) -> [OfferedEvent] {
    var events: [OfferedEvent] = []
    var last = base?.position ?? .empty
    for offset in 0..<count {
      let number = first + (base?.seq ?? 0) + offset
      let event = event(body(number), seq: last.seq + 1, id: UInt64(number), prev: last.hash, stream: stream)
      events.append(event)
      last = event.position
    }
    return events
  }

  static func hashes(_ events: [OfferedEvent]) -> [Int: Hash] {
    Dictionary(uniqueKeysWithValues: events.map { ($0.seq, $0.hash) })
  }
}

extension StreamID {
  static func numbered(_ number: UInt8) -> StreamID {
    guard let id = StreamID(bytes: [UInt8](repeating: number, count: 16)) else { fatalError("16 bytes make an id") }
    return id
  }
}

/// A collector in memory that runs the production rules; a value, so that a backup is a copy.
struct MemoryCollector: CollectorHistory {
  struct Row {
    var stream: StreamID
    var event: OfferedEvent
    var isAlias: Bool
    var note: IntakeNote
  }

  var epoch = 1
  var rows: [Row] = []
  var streams: [StreamID: [Hash]] = [:]
  var originals: [EventID: (leaf: Hash, hasBody: Bool)] = [:]
  var safe: [StreamID: Position] = [:]
  var limits = Hello.Limits()
  var sender = CollectorRules.Sender(analyst: "ana")

  func head(of stream: StreamID) -> Position {
    guard let hashes = streams[stream], let last = hashes.last else { return .empty }
    return Position(seq: hashes.count, hash: last)
  }

  func hash(at seq: Int, of stream: StreamID) -> Hash? {
    guard let hashes = streams[stream], hashes.indices.contains(seq - 1) else { return nil }
    return hashes[seq - 1]
  }

  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) -> Bool {
    guard originals[event.eventID] == nil else { return false }
    originals[event.eventID] = (event.leaf, event.body != nil)
    add(Row(stream: stream, event: event, isAlias: false, note: note))
    return true
  }

  func original(of eventID: EventID) -> (leaf: Hash, hasBody: Bool)? { originals[eventID] }

  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) {
    if event.body != nil, originals[event.eventID]?.leaf == event.leaf { originals[event.eventID]?.hasBody = true }
    add(Row(stream: stream, event: event, isAlias: true, note: note))
  }

  private mutating func add(_ row: Row) {
    rows.append(row)
    streams[row.stream, default: []].append(row.event.hash)
  }

  mutating func backUp() -> MemoryCollector {
    let copy = self
    for stream in streams.keys { safe[stream] = head(of: stream) }
    return copy
  }

  /// What this collector answers to a request.
  mutating func answer(_ request: SyncRequest) -> Reply {
    switch request {
    case .hello: return .hello(Hello(collectorID: "c", epoch: epoch, now: Timestamp(microseconds: 0), limits: limits))
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
    if let seq = CollectorRules.oversized(in: batch, limits: limits) {
      return .refusal(413, Refusal("too-large", seq: seq))
    }
    guard let outcome = try? CollectorRules.receive(batch, from: sender, into: &self) else {
      return .refusal(500, Refusal("broken"))
    }
    switch outcome {
    case .diverged(let head): return .lineage(batch, Lineage(epoch: epoch, head: head))
    case .taken(let head, let results):
      return .answer(
        batch,
        BatchAnswer(
          epoch: epoch, head: head, safe: safe[batch.stream] ?? .empty, now: Timestamp(microseconds: 0),
          results: results))
    }
  }

  enum Reply {
    case hello(Hello)
    case head(StreamHead)
    case hashes(StreamID, StreamHashes)
    case answer(EventBatch, BatchAnswer)
    case lineage(EventBatch, Lineage)
    case refusal(Int, Refusal)
  }
}
