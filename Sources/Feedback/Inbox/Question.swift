public import Domain

/// What researchers ask an analyst; the answer is an event that names the item.
public struct Question: Hashable, Sendable {
  public var text: RawText
  /// The case that it is about; nil for none.
  public var caseID: ShortHash?

  public init(text: RawText, caseID: ShortHash? = nil) {
    self.text = text
    self.caseID = caseID
  }
}

extension Question: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(text: try json.requiredRaw("text"), caseID: try json.caseID())
    guard !text.isEmpty else { throw EventBodyError("text is empty") }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("text", JSON.raw(text))
    object.put("case", caseID.map { RawText($0.hex) })
    return object.json
  }
}

extension JSON {
  /// The case that an item is about; nil where it names none.
  func caseID() throws(EventBodyError) -> ShortHash? {
    guard let digits = try optionalRaw("case") else { return nil }
    guard let id = ShortHash(hex: digits.string) else { throw EventBodyError("case is no identity of a case") }
    return id
  }
}
