public import Domain
public import Feedback

/// Events of one stream in order, and where the sender believes that the collector stands:
/// `POST /v1/streams/{id}/events`. Without events it only asks.
public struct EventBatch: Message {
  public var stream: StreamID
  /// The last event that the sender counts as received; the collector refuses the batch if it does not hold it.
  public var base: Position
  /// The epoch in which the sender last heard the collector.
  public var epoch: Int
  public var events: [OfferedEvent]

  public init(stream: StreamID, base: Position, epoch: Int, events: [OfferedEvent]) {
    self.stream = stream
    self.base = base
    self.epoch = epoch
    self.events = events
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    var events: [OfferedEvent] = []
    for event in try object.objects("events") { events.append(try OfferedEvent(wire: event)) }
    self.init(
      stream: try object.stream("stream"), base: try object.position("base"), epoch: try object.natural("epoch"),
      events: events)
  }

  public var json: JSON {
    .object([
      "stream": .hexadecimal(stream.bytes), "base": base.wire, "epoch": .count(epoch),
      "events": .array(events.map { .object($0.members) }),
    ])
  }
}
