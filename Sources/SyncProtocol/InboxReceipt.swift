public import Domain

/// How far a device has what is published for its analyst: `POST /v1/inbox/ack`. Only those who publish look at it.
public struct InboxReceipt: Message {
  public var cursor: LogCursor

  public init(cursor: LogCursor) { self.cursor = cursor }

  public init(json: JSON) throws(WireError) {
    guard let cursor = LogCursor(text: try WireObject(json).text("cursor").string) else {
      throw WireError("cursor is no cursor")
    }
    self.init(cursor: cursor)
  }

  public var json: JSON { .object(["cursor": .text(cursor.text)]) }
}
