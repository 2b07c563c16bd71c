internal import Domain

/// The links of one stream.
public enum Chain {
  /// The last link: where the next event goes.
  public struct Head: Hashable, Sendable {
    /// 0 for an empty stream.
    public var seq: Int
    public var hash: Hash

    public init(seq: Int, hash: Hash) {
      self.seq = seq
      self.hash = hash
    }

    /// Before the first event.
    public static let empty = Head(seq: 0, hash: .zero)
  }

  /// The first link that does not hold, and why.
  public struct BadLink: Error, Hashable, Sendable {
    public var seq: Int
    public var reason: Reason

    public init(seq: Int, reason: Reason) {
      self.seq = seq
      self.reason = reason
    }

    public enum Reason: Hashable, Sendable {
      case stream(StreamID)
      /// The number that should stand here.
      case gap(expected: Int)
      case prev
      case leaf
      case hash
      case body(EventBodyError)
      /// A copy beside the body that differs from it.
      case copy(String)

      /// The reason in words.
      public var text: String {
        switch self {
        case .stream(let id): "belongs to another stream, \(id.hex)"
        case .gap(let expected): "stands where #\(expected) should"
        case .prev: "does not name the hash of the event before it"
        case .leaf: "has a body that was changed"
        case .hash: "has a hash that is not its own"
        case .body(let error): "has a body that cannot be read: \(error.reason)"
        case .copy(let name): "has a \(name) beside the body that differs from it"
        }
      }
    }

    /// `event #12 has a body that was changed`.
    public var text: String { "event #\(seq) \(reason.text)" }
  }

  /// Goes along a stream from `head` on: the first bad link, or nil. A body that is gone is no fault.
  public static func verify(_ events: some Sequence<Event>, stream: StreamID, after head: Head = .empty) -> BadLink? {
    var walk = Walk(stream: stream, head: head)
    for event in events {
      if let bad = walk.step(event) { return bad }
    }
    return nil
  }

  /// A verification that takes events one by one.
  public struct Walk: Sendable {
    public let stream: StreamID
    public private(set) var head: Head

    public init(stream: StreamID, head: Head = .empty) {
      self.stream = stream
      self.head = head
    }

    /// Checks the next event; what is wrong with it, or nil.
    public mutating func step(_ event: Event) -> BadLink? {
      let seq = event.seq
      guard event.stream == stream else { return BadLink(seq: seq, reason: .stream(event.stream)) }
      guard seq == head.seq + 1 else { return BadLink(seq: seq, reason: .gap(expected: head.seq + 1)) }
      guard event.prev == head.hash else { return BadLink(seq: seq, reason: .prev) }
      if let body = event.body {
        guard Hash.of(body) == event.leaf else { return BadLink(seq: seq, reason: .leaf) }
      }
      let hash = Event.hash(stream: stream, seq: seq, prev: event.prev, eventID: event.eventID, leaf: event.leaf)
      guard hash == event.hash else { return BadLink(seq: seq, reason: .hash) }
      if let body = event.body, let reason = Walk.difference(of: event, body) {
        return BadLink(seq: seq, reason: reason)
      }
      head = Head(seq: seq, hash: hash)
      return nil
    }

    private static func difference(of event: Event, _ body: [UInt8]) -> BadLink.Reason? {
      do {
        let copies = try EventCopies(body: body)
        if copies.kind != event.kind { return .copy("kind") }
        if copies.at != event.at { return .copy("time") }
        if copies.analyst != event.analyst { return .copy("analyst") }
        if copies.caseID != event.caseID { return .copy("case") }
        return nil
      } catch {
        return .body(error)
      }
    }
  }

  /// The events that these bodies make after `head`, in order. A reference to an event of the same batch gets its
  /// hash here; every other reference must carry one.
  public static func seal(
    _ drafts: [EventDraft], stream: StreamID, after head: Head
  ) throws(EventBodyError) -> [Event] {
    var head = head
    var hashes: [EventID: Hash] = [:]
    var events: [Event] = []
    for draft in drafts {
      var body = draft.body
      for index in body.references.indices where body.references[index].hash == nil {
        body.references[index].hash = hashes[body.references[index].eventID]
      }
      let event = try Event(
        stream: stream, seq: head.seq + 1, eventID: draft.eventID, prev: head.hash, body: try body.bytes())
      hashes[event.eventID] = event.hash
      head = Head(seq: event.seq, hash: event.hash)
      events.append(event)
    }
    return events
  }
}

/// An event that has its identity but not yet its place.
public struct EventDraft: Hashable, Sendable {
  public var eventID: EventID
  public var body: EventBody

  public init(eventID: EventID, body: EventBody) {
    self.eventID = eventID
    self.body = body
  }
}
