public import Domain
public import Feedback

/// An event on its way: its place, its links and its exact bytes. The body may be withheld (too large, redacted,
/// damaged on this disk): its hash stands for it, so that the chain goes on.
public struct OfferedEvent: Hashable, Sendable {
  public var seq: Int
  public var eventID: EventID
  public var prev: Hash
  public var leaf: Hash
  public var hash: Hash
  public var body: [UInt8]?

  public init(seq: Int, eventID: EventID, prev: Hash, leaf: Hash, hash: Hash, body: [UInt8]?) {
    self.seq = seq
    self.eventID = eventID
    self.prev = prev
    self.leaf = leaf
    self.hash = hash
    self.body = body
  }

  /// The event as its ledger keeps it.
  public init(_ event: Event) {
    self.init(
      seq: event.seq, eventID: event.eventID, prev: event.prev, leaf: event.leaf, hash: event.hash, body: event.body)
  }

  public var position: Position { Position(seq: seq, hash: hash) }

  /// Whether the hash follows from the stream, the place, the link before and the body.
  public func isIntact(in stream: StreamID) -> Bool {
    if let body, Hash.of(body) != leaf { return false }
    return Event.hash(stream: stream, seq: seq, prev: prev, eventID: eventID, leaf: leaf) == hash
  }

  /// The same event without its body.
  public var withheld: OfferedEvent {
    var event = self
    event.body = nil
    return event
  }

  /// The event as a collector with these limits will take it, and why its body stays here.
  public func presentable(to limits: Hello.Limits) -> (OfferedEvent, wedge: RawText?) {
    guard let body else { return (self, nil) }
    if body.count > limits.eventBytes { return (withheld, "too-large") }
    if Hash.of(body) != leaf { return (withheld, "damaged") }
    return (self, nil)
  }

  init(wire: WireObject) throws(WireError) {
    let body: [UInt8]?
    if let text = try wire.optional("body", wire.text) {
      guard let bytes = Base64.bytes(of: text.bytes) else { throw WireError("body is no base64") }
      body = bytes
    } else {
      body = nil
    }
    let leaf = try wire.optional("leaf", wire.hash)
    guard let leaf = leaf ?? body.map(Hash.of) else { throw WireError("an event has neither body nor leaf") }
    self.init(
      seq: try wire.natural("seq"), eventID: try wire.eventID("event_id"), prev: try wire.hash("prev"), leaf: leaf,
      hash: try wire.hash("hash"), body: body)
  }

  /// The leaf travels only where the body does not: it is the body's hash.
  var members: [JSON.Member] {
    [
      JSON.Member("seq", .count(seq)), JSON.Member("event_id", .hexadecimal(eventID.bytes)),
      JSON.Member("prev", .hexadecimal(prev.bytes)), JSON.Member("hash", .hexadecimal(hash.bytes)),
      body.map { JSON.Member("body", .string(RawText(bytes: Base64.text(of: $0)))) }
        ?? JSON.Member("leaf", .hexadecimal(leaf.bytes)),
    ]
  }
}
