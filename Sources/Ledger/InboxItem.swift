public import Domain
public import Feedback
internal import GRDB

/// Something that a collector asks or says.
public struct InboxItem: Hashable, Sendable, Identifiable {
  public var id: RawText
  public var kind: RawText
  /// Items of one kind and name take each other's place.
  public var name: RawText
  /// The exact bytes that came.
  public var body: [UInt8]
  public var publishedAt: Timestamp
  public var receivedAt: Timestamp
  /// When the analyst answered it; nil where nobody did, or nothing was asked.
  public var answeredAt: Timestamp?

  public init(
    id: RawText, kind: RawText, name: RawText = "", body: [UInt8], publishedAt: Timestamp, receivedAt: Timestamp,
    answeredAt: Timestamp? = nil
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.body = body
    self.publishedAt = publishedAt
    self.receivedAt = receivedAt
    self.answeredAt = answeredAt
  }

  init(_ row: Row) {
    self.init(
      id: row.raw("id"), kind: row.raw("kind"), name: row.raw("name"), body: row.bytes("body"),
      publishedAt: row.time("published_at"), receivedAt: row.time("received_at"),
      answeredAt: row.optionalTime("answered_at"))
  }

  /// What the body says, as the kind has it.
  public func decoded<Value: JSONCodable>(_: Value.Type = Value.self) throws(EventBodyError) -> Value {
    try Value(bytes: body)
  }
}
