public import Domain
public import Feedback
public import Ledger
internal import SyncProtocol

/// What of a stream a collector is not proved to hold, or may have lost, as the pieces of a bundle; memory does not grow with it.
public struct BundleSource: Sendable {
  private let worker: LedgerWorker
  private let stream: LedgerStream
  private let header: BundleHeader
  private let now: Timestamp
  private var writer = BundleWriter()
  private var place: Chain.Head
  private var stage = Stage.header
  /// Contents that still have to go along.
  private var contents: [Hash]

  private enum Stage { case header, events, contents, trailer, done }

  /// Events and bytes of bodies that are read at once.
  private static let events = 500
  private static let bytes = 4 << 20

  /// The stream up to its last event of now; what is saved later goes with the next bundle. With `after` also what the
  /// collector was proved to hold from there on, and contents that it had: it may have been restored to an earlier state.
  public init(
    of id: StreamID, after: Int? = nil, worker: LedgerWorker, collectorID: RawText, workstation: RawText, tool: RawText,
    now: Timestamp
  ) async throws(LedgerError) {
    self.worker = worker
    self.now = now
    let (stream, base, last, attached) = try await worker.run { ledger throws(LedgerError) in
      let stream = try ledger.stream(id)
      var base = stream.acked
      if let after, after < base.seq {
        // Where the ledger lacks that place, from the beginning: the collector knows what it has already.
        base = try ledger.hashes(of: id, at: [after])[after].map { Chain.Head(seq: after, hash: $0) } ?? .empty
      }
      let attached = try ledger.attachments(of: [id], withSent: after != nil, limit: .max)
      return (stream, base, try ledger.head(of: id), attached)
    }
    self.stream = stream
    contents = attached.map(\.hash)
    place = base
    header = BundleHeader(
      .events, stream: id, base: base, last: last,
      count: max(0, last.seq - base.seq) + attached.reduce(0) { $0 + BundleBlob.count(bytes: $1.bytes) },
      collectorID: collectorID, analyst: stream.analyst, workstation: workstation, tool: tool, created: now)
  }

  /// How many events it has.
  public var count: Int { max(0, header.last.seq - header.base.seq) }

  /// Whether there is nothing to carry.
  public var isEmpty: Bool { header.count == 0 }

  /// Whether all of them were given.
  public var isWhole: Bool { stage == .done && place == header.last }

  /// The next piece; nil after the last.
  public mutating func next() async throws(LedgerError) -> [UInt8]? {
    switch stage {
    case .header:
      stage = count > 0 ? .events : .contents
      return writer.begin(header)
    case .events: return try await events()
    case .contents:
      guard let hash = contents.first else {
        stage = .trailer
        return []
      }
      contents.removeFirst()
      let bytes = try await worker.run { ledger throws(LedgerError) in try ledger.blob(hash) ?? [] }
      return BundleBlob.pieces(of: bytes).flatMap { writer.add($0) }
    case .trailer:
      stage = .done
      return writer.end()
    case .done: return nil
    }
  }

  /// Remembers that the events are on their way.
  public func markSent() async throws(LedgerError) {
    let (id, seq) = (stream.id, header.last.seq)
    try await worker.run { ledger throws(LedgerError) in try ledger.markSent(id, through: seq) }
  }

  private mutating func events() async throws(LedgerError) -> [UInt8] {
    let (id, start, end, now) = (stream.id, place.seq, header.last.seq, now)
    let events = try await worker.run { ledger throws(LedgerError) in
      let found = try ledger.events(
        of: id, after: start, limit: min(Self.events, end - start), bytes: Self.bytes)
      return try found.map { event throws(LedgerError) in
        let (offered, code) = OfferedEvent(event).presentable(to: Hello.Limits())
        if let code { try ledger.wedge(id, seq: event.seq, code: code, at: now) }
        return offered
      }
    }
    var piece: [UInt8] = []
    for event in events { piece += writer.add(event) }
    if let last = events.last { place = last.position }
    // Without events a gap would never end: `isWhole` tells.
    if events.isEmpty || place.seq >= end { stage = .contents }
    return piece
  }
}
