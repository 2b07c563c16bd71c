public import Feedback

/// What a collector holds of streams, as one transaction sees and changes it. Its store keeps two things unique:
/// a place in a stream, and an `event_id` among events that are no alias.
public protocol CollectorHistory {
  /// The last event of a stream; `.empty` for one without events.
  mutating func head(of stream: StreamID) throws -> Position

  /// The hash at a place; nil where the stream does not reach.
  mutating func hash(at seq: Int, of stream: StreamID) throws -> Hash?

  /// Adds an event at the end of its stream, or does nothing where its `event_id` is known; says which.
  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool

  /// The body's hash of the event with this identity, and whether its body is held.
  mutating func original(of eventID: EventID) throws -> (leaf: Hash, hasBody: Bool)?

  /// Adds, at the end of its stream, an event whose `event_id` is known.
  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws
}

/// What was read out of an event's body when it came in.
public struct IntakeNote: Hashable, Sendable {
  /// Why the event is set aside.
  public enum Quarantine: String, Hashable, Sendable, CaseIterable {
    /// The body is no event's body.
    case unreadable
    /// The body names an analyst that the token does not stand for.
    case analyst
    /// The body was not sent.
    case withheld
    /// The identity belongs to an event with another body.
    case identity
  }

  /// nil where the body could not be read.
  public var copies: EventCopies?
  public var quarantine: Quarantine?

  public init(copies: EventCopies? = nil, quarantine: Quarantine? = nil) {
    self.copies = copies
    self.quarantine = quarantine
  }
}
