public import Domain
public import Feedback

/// What a bundle says of itself before anything else.
public struct BundleHeader: Message {
  public enum Content: String, Hashable, Sendable {
    /// Events on their way to a collector.
    case events
    /// The collector's answer to a bundle of events.
    case receipt
  }

  public var content: Content
  public var stream: StreamID
  /// The event before the first of the bundle.
  public var base: Position
  /// The last event of the bundle.
  public var last: Position
  /// Frames between the header and the trailer: events and pieces of contents, or receipts and what is held.
  public var count: Int
  /// The collector that it is for, or from; empty where the ledger knows none.
  public var collectorID: RawText
  /// The name that the stream's events were recorded under.
  public var analyst: RawText
  public var workstation: RawText
  public var tool: RawText
  public var created: Timestamp

  public init(
    _ content: Content, stream: StreamID, base: Position, last: Position, count: Int, collectorID: RawText,
    analyst: RawText, workstation: RawText, tool: RawText, created: Timestamp
  ) {
    self.content = content
    self.stream = stream
    self.base = base
    self.last = last
    self.count = count
    self.collectorID = collectorID
    self.analyst = analyst
    self.workstation = workstation
    self.tool = tool
    self.created = created
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    guard let content = Content(rawValue: try object.text("content").string) else {
      throw WireError("content is neither events nor receipt")
    }
    self.init(
      content, stream: try object.stream("stream"), base: try object.position("base"),
      last: try object.position("last"), count: try object.natural("count"),
      collectorID: try object.text("collector_id"), analyst: try object.text("analyst"),
      workstation: try object.text("workstation"), tool: try object.text("tool"),
      created: try object.timestamp("created"))
  }

  public var json: JSON {
    .object([
      "content": .text(content.rawValue), "stream": .hexadecimal(stream.bytes), "base": base.wire, "last": last.wire,
      "count": .count(count), "collector_id": .string(collectorID), "analyst": .string(analyst),
      "workstation": .string(workstation), "tool": .string(tool), "created": .time(created),
    ])
  }
}
