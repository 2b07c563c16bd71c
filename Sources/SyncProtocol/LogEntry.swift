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
  /// What is known of a statement whose words were redacted; nil for any other event.
  public var redacted: Redacted?

  /// A statement, or a retraction, without its words.
  public struct Redacted: Hashable, Sendable {
    public var kind: EventKind
    public var at: Timestamp
    public var caseID: ShortHash
    /// nil where nobody kept it.
    public var remains: Remains?

    public init(kind: EventKind, at: Timestamp, caseID: ShortHash, remains: Remains? = nil) {
      self.kind = kind
      self.at = at
      self.caseID = caseID
      self.remains = remains
    }
  }

  public init(
    cursor: LogCursor, receivedAt: Timestamp, stream: StreamID, event: OfferedEvent, analyst: RawText,
    quarantine: RawText = "", redacted: Redacted? = nil
  ) {
    self.cursor = cursor
    self.receivedAt = receivedAt
    self.stream = stream
    self.event = event
    self.analyst = analyst
    self.quarantine = quarantine
    self.redacted = redacted
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    guard let cursor = LogCursor(text: try object.text("cursor").string) else { throw WireError("cursor is no cursor") }
    self.init(
      cursor: cursor, receivedAt: try object.timestamp("received_at"), stream: try object.stream("stream"),
      event: try OfferedEvent(wire: object), analyst: try object.text("analyst"),
      quarantine: try object.optional("quarantine", object.text) ?? "",
      redacted: try object.optional("redacted", object.object).map(Redacted.init(wire:)))
  }

  public var json: JSON {
    var members = [
      JSON.Member("cursor", .text(cursor.text)), JSON.Member("received_at", .time(receivedAt)),
      JSON.Member("stream", .hexadecimal(stream.bytes)), JSON.Member("analyst", .string(analyst)),
    ]
    if !quarantine.isEmpty { members.append(JSON.Member("quarantine", .string(quarantine))) }
    if let redacted { members.append(JSON.Member("redacted", redacted.json)) }
    return .object(members + event.members)
  }

  /// Reads lines of JSON; an empty text is no entry.
  public static func entries(in bytes: [UInt8]) throws(WireError) -> [LogEntry] {
    var entries: [LogEntry] = []
    for line in bytes.split(separator: UInt8(ascii: "\n")) { entries.append(try LogEntry(bytes: Array(line))) }
    return entries
  }
}

extension LogEntry.Redacted {
  init(wire: WireObject) throws(WireError) {
    guard let caseID = ShortHash(bytes: try wire.hexadecimal("case_id")) else { throw WireError("case_id is no case") }
    var remains: Remains?
    if let kept = try wire.optional("remains", wire.object) {
      do throws(EventBodyError) {
        remains = try Remains(json: kept.json)
      } catch {
        throw WireError(error.reason)
      }
    }
    self.init(
      kind: EventKind(try wire.text("kind")), at: try wire.timestamp("at"), caseID: caseID, remains: remains)
  }

  var json: JSON {
    var members = [
      JSON.Member("kind", .string(kind.text)), JSON.Member("at", .time(at)),
      JSON.Member("case_id", .hexadecimal(caseID.bytes)),
    ]
    if let remains { members.append(JSON.Member("remains", remains.json)) }
    return .object(members)
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

  /// After which publication a collector of this epoch reads on: after a restore from the first, as numbers are given
  /// out anew.
  public func inboxPlace(in epoch: Int) -> Int { self.epoch == epoch ? number : 0 }

  public init?(text: String) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let epoch = Int(parts[0]), let number = Int(parts[1]), epoch >= 0, number >= 0 else {
      return nil
    }
    self.init(epoch: epoch, number: number)
  }
}
