public import Domain

/// Why a collector did not do what was asked: the body of every answer with a status of 400 and above.
public struct Refusal: Message {
  /// A word for programs, such as `too-large`.
  public var error: RawText
  /// A sentence for people.
  public var detail: RawText
  /// When to come again, in milliseconds; nil where it says nothing.
  public var retryAfter: Int?
  /// The most events that it takes now.
  public var maximumEvents: Int?
  /// The place of the one event that was refused.
  public var seq: Int?
  /// Where the stream stands that a refused bundle goes on from a later place of: a bundle that goes back to its analyst.
  public var receipt: [UInt8]?

  public init(
    _ error: RawText, detail: RawText = "", retryAfter: Int? = nil, maximumEvents: Int? = nil, seq: Int? = nil,
    receipt: [UInt8]? = nil
  ) {
    self.error = error
    self.detail = detail
    self.retryAfter = retryAfter
    self.maximumEvents = maximumEvents
    self.seq = seq
    self.receipt = receipt
  }

  static let lineage = "lineage"

  /// The stream was never opened, or the collector has forgotten it.
  public static let unknownStream: RawText = "unknown-stream"
  /// Another analyst's stream.
  public static let foreignStream: RawText = "foreign-stream"

  public init(json: JSON) throws(WireError) {
    let object = try WireObject(json)
    self.init(
      try object.text("error"), detail: try object.optional("detail", object.text) ?? "",
      retryAfter: try object.optional("retry_after_ms", object.natural),
      maximumEvents: try object.optional("max_events", object.natural),
      seq: try object.optional("seq", object.natural), receipt: try object.optional("receipt", object.base64))
  }

  public var json: JSON {
    var members = [JSON.Member("error", .string(error))]
    if !detail.isEmpty { members.append(JSON.Member("detail", .string(detail))) }
    if let retryAfter { members.append(JSON.Member("retry_after_ms", .count(retryAfter))) }
    if let maximumEvents { members.append(JSON.Member("max_events", .count(maximumEvents))) }
    if let seq { members.append(JSON.Member("seq", .count(seq))) }
    if let receipt { members.append(JSON.Member("receipt", .string(RawText(bytes: Base64.text(of: receipt))))) }
    return .object(members)
  }
}
