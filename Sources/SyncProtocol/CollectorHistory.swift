public import Feedback

/// What a collector holds of streams, as one transaction sees and changes it. Its store keeps two things unique:
/// a place in a stream, and an `event_id` among events that are no alias.
public protocol CollectorHistory {
  /// The last event of a stream; `.empty` for one without events.
  mutating func head(of stream: StreamID) throws -> Position

  /// The hash at a place; nil where the stream does not reach.
  mutating func hash(at seq: Int, of stream: StreamID) throws -> Hash?

  /// Why the event at a place that the stream reaches is set aside; nil where it is not, or was redacted, and for an alias
  /// without a body, whose words came with another event.
  mutating func quarantine(at seq: Int, of stream: StreamID) throws -> IntakeNote.Quarantine?

  /// Adds an event at the end of its stream, or does nothing where its `event_id` is known; says which.
  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool

  /// What is held under an identity that is known, in the order in which it came.
  mutating func held(under eventID: EventID) throws -> [HeldEvent]

  /// Adds, at the end of its stream, an event whose `event_id` is known.
  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws
}

/// An event that is held, as whoever sends one with its identity has to know it.
public struct HeldEvent: Hashable, Sendable {
  /// The hash of its body.
  public var leaf: Hash
  public var hasBody: Bool
  /// Whether its words were taken out.
  public var isRedacted: Bool
  /// Whether it counts for nothing.
  public var isSetAside: Bool
  /// Whether researchers took its words out of what was set aside: they stay away, whoever sends them.
  public var isKeptAway: Bool
  /// Whether it came from the analyst who sends now.
  public var isOwn: Bool

  public init(
    leaf: Hash, hasBody: Bool, isRedacted: Bool = false, isSetAside: Bool, isKeptAway: Bool = false, isOwn: Bool
  ) {
    self.leaf = leaf
    self.hasBody = hasBody
    self.isRedacted = isRedacted
    self.isSetAside = isSetAside
    self.isKeptAway = isKeptAway
    self.isOwn = isOwn
  }

  /// Whether it has a say in what becomes of another with its identity: what another analyst sent and was set aside for
  /// has none, or whoever comes first could keep anybody's event from counting. Where researchers took words out of that,
  /// they meant those words and no other.
  func concerns(_ event: OfferedEvent) -> Bool { isOwn || !isSetAside || (isKeptAway && leaf == event.leaf) }

  /// Whether an event need not bring its words: they are where everybody reads them, or were taken from there. One that is
  /// set aside need not where its analyst brought them before: another's row does not come to count with it.
  func spares(_ event: OfferedEvent, isSetAside isToSetAside: Bool) -> Bool {
    guard leaf == event.leaf, concerns(event) else { return false }
    return isRedacted || (hasBody && (!isSetAside || (isOwn && isToSetAside)))
  }
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
