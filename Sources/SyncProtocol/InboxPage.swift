public import Domain
internal import Feedback

/// What a collector has for an analyst, oldest first: `GET /v1/inbox?after=CURSOR`.
public struct InboxPage: Message {
  /// One thing that was published: a catalogue, or whatever a later version has.
  public struct Item: Hashable, Sendable, Identifiable {
    /// Made with the item, never used again: the same item may come twice.
    public var id: RawText
    public var kind: RawText
    /// Items of one kind and name take each other's place; the one that was published last is in force.
    public var name: RawText
    /// The exact bytes that were published; none withdraws what had the name.
    public var body: [UInt8]
    public var publishedAt: Timestamp

    public init(id: RawText, kind: RawText, name: RawText, body: [UInt8], publishedAt: Timestamp) {
      self.id = id
      self.kind = kind
      self.name = name
      self.body = body
      self.publishedAt = publishedAt
    }
  }

  public var items: [Item]
  /// Where to go on. After a restore of the collector everything comes again.
  public var next: LogCursor

  public init(items: [Item], next: LogCursor) {
    self.items = items
    self.next = next
  }

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    guard let next = LogCursor(text: try object.text("cursor").string) else { throw WireError("cursor is no cursor") }
    var items: [Item] = []
    for item in try object.objects("items") { items.append(try Item(wire: item)) }
    self.init(items: items, next: next)
  }

  public var json: JSON {
    .object(["items": .array(items.map(\.json)), "cursor": .text(next.text)])
  }
}

extension InboxPage.Item {
  fileprivate init(wire object: WireObject) throws(WireError) {
    guard let body = Base64.bytes(of: try object.text("body").bytes) else { throw WireError("body is no base64") }
    self.init(
      id: try object.text("id"), kind: try object.text("kind"), name: try object.text("name"), body: body,
      publishedAt: try object.timestamp("published_at"))
    guard try object.hash("sha256") == Hash.of(body) else { throw WireError("body is not what sha256 says") }
  }

  fileprivate var json: JSON {
    .object([
      "id": .string(id), "kind": .string(kind), "name": .string(name), "published_at": .time(publishedAt),
      "sha256": .hexadecimal(Hash.of(body).bytes), "body": .string(RawText(bytes: Base64.text(of: body))),
    ])
  }
}
