public import Domain
public import Feedback

/// One line of `GET /v1/events`: an event as the collector holds it, with what the collector knows of it.
public struct LogEntry: Message {
  /// Where to go on reading after this line.
  public var cursor: LogCursor
  public var receivedAt: Timestamp
  public var stream: StreamID
  public var event: OfferedEvent
  /// The analyst that the token stood for; the body may hold an earlier name.
  public var analyst: RawText
  /// Why the event was set aside; empty for a good one.
  public var quarantine: RawText

  public init(
    cursor: LogCursor, receivedAt: Timestamp, stream: StreamID, event: OfferedEvent, analyst: RawText,
    quarantine: RawText = ""
  ) {
    self.cursor = cursor
    self.receivedAt = receivedAt
    self.stream = stream
    self.event = event
    self.analyst = analyst
    self.quarantine = quarantine
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    guard let cursor = LogCursor(text: try object.text("cursor").string) else { throw WireError("cursor is no cursor") }
    self.init(
      cursor: cursor, receivedAt: try object.timestamp("received_at"), stream: try object.stream("stream"),
      event: try OfferedEvent(wire: object), analyst: try object.text("analyst"),
      quarantine: try object.optional("quarantine", object.text) ?? "")
  }

  public var json: JSON {
    var members = [
      JSON.Member("cursor", .text(cursor.text)), JSON.Member("received_at", .time(receivedAt)),
      JSON.Member("stream", .hexadecimal(stream.bytes)), JSON.Member("analyst", .string(analyst)),
    ]
    if !quarantine.isEmpty { members.append(JSON.Member("quarantine", .string(quarantine))) }
    return .object(members + event.members)
  }

  /// Reads lines of JSON; an empty text is no entry.
  public static func entries(in bytes: [UInt8]) throws(WireError) -> [LogEntry] {
    var entries: [LogEntry] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) { entries.append(try LogEntry(bytes: Array(line))) }
    return entries
  }
}

/// A place in a collector's log: opaque to readers, `epoch:number` inside.
public struct LogCursor: Hashable, Sendable {
  public var epoch: Int
  public var number: Int

  public init(epoch: Int, number: Int) {
    self.epoch = epoch
    self.number = number
  }

  /// Before the first event.
  public static let start = LogCursor(epoch: 0, number: 0)

  public var text: String { "\(epoch):\(number)" }

  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = Int(parts[0]), let number = Int(parts[1]), epoch >= 0, number >= 0 else {
      return nil
    }
    self.init(epoch: epoch, number: number)
  }
}
