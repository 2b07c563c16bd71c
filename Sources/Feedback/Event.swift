public import Domain

/// An immutable, hash-chained entry of a stream, with the exact bytes that were hashed.
public struct Event: Hashable, Sendable, Identifiable {
  public var stream: StreamID
  /// 1, 2, 3 … in its stream, without gaps.
  public var seq: Int
  public var eventID: EventID
  /// The hash of the event before; zero for the first.
  public var prev: Hash
  /// SHA-256 of the body.
  public var leaf: Hash
  /// SHA-256 of `"mds-ev1\0" ‖ stream ‖ u64be seq ‖ prev ‖ event_id ‖ leaf`.
  public var hash: Hash
  /// Canonical JSON; nil once it was redacted or pruned: the chain still verifies.
  public var body: [UInt8]?
  /// Copies out of the body.
  public var kind: EventKind
  public var at: Timestamp
  public var analyst: RawText
  public var caseID: ShortHash?

  public var id: EventID { eventID }

  public init(
    stream: StreamID, seq: Int, eventID: EventID, prev: Hash, leaf: Hash, hash: Hash, body: [UInt8]?,
    kind: EventKind, at: Timestamp, analyst: RawText, caseID: ShortHash?
  ) {
    self.stream = stream
    self.seq = seq
    self.eventID = eventID
    self.prev = prev
    self.leaf = leaf
    self.hash = hash
    self.body = body
    self.kind = kind
    self.at = at
    self.analyst = analyst
    self.caseID = caseID
  }

  /// The event that these bytes make at this place of a stream; throws where the bytes are no event's body.
  public init(stream: StreamID, seq: Int, eventID: EventID, prev: Hash, body: [UInt8]) throws(EventBodyError) {
    let copies = try EventCopies(body: body)
    let leaf = Hash.of(body)
    self.init(
      stream: stream, seq: seq, eventID: eventID, prev: prev, leaf: leaf,
      hash: Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf), body: body,
      kind: copies.kind, at: copies.at, analyst: copies.analyst, caseID: copies.caseID)
  }

  /// What chains an event to its stream, its place and everything before it.
  public static func hash(stream: StreamID, seq: Int, prev: Hash, eventID: EventID, leaf: Hash) -> Hash {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + 16 + 8 + 32 + 16 + 32)
    bytes += "mds-ev1\0".utf8
    bytes += stream.bytes
    bytes += Bytes.bigEndian(UInt64(bitPattern: Int64(seq)))
    bytes += prev.bytes
    bytes += eventID.bytes
    bytes += leaf.bytes
    return Hash.of(bytes)
  }

  /// Whether the hash follows from the stream, the place, the link before and the body.
  public var isIntact: Bool {
    if let body, Hash.of(body) != leaf { return false }
    return Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf) == hash
  }

  /// The body, read; throws where it is gone or is no event's body.
  public func decoded() throws(EventBodyError) -> EventBody {
    guard let body else { throw EventBodyError("the body was redacted") }
    return try EventBody(bytes: body)
  }
}

/// What stands both in an event's body and beside it.
public struct EventCopies: Hashable, Sendable {
  public var kind: EventKind
  public var at: Timestamp
  public var analyst: RawText
  public var caseID: ShortHash?

  /// Reads them out of a body, and nothing else of it.
  public init(body: [UInt8]) throws(EventBodyError) {
    try self.init(json: EventBody.parse(body))
  }

  init(json: JSON) throws(EventBodyError) {
    guard let kind = json["kind"]?.text else { throw EventBodyError("kind is missing") }
    guard let at = json["at"]?.string.flatMap({ Timestamp($0) }) else { throw EventBodyError("at is no time") }
    guard let analyst = json["analyst"]?.text else { throw EventBodyError("analyst is missing") }
    self.kind = EventKind(kind)
    self.at = at
    self.analyst = analyst
    switch json["case_id"] {
    case nil, .null: caseID = nil
    case .string(let text):
      guard let id = ShortHash(hex: text.string) else { throw EventBodyError("case_id is no identity") }
      caseID = id
    default: throw EventBodyError("case_id is no identity")
    }
  }
}

/// Why bytes are no event's body.
public struct EventBodyError: Error, Hashable, Sendable, CustomStringConvertible {
  public var reason: String

  public init(_ reason: String) { self.reason = reason }

  public var description: String { reason }
}
