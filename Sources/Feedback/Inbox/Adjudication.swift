public import Domain

/// What was decided of a case that analysts saw differently, or that is known by now. Nobody's judgement is changed.
public struct Adjudication: Hashable, Sendable {
  public var caseID: ShortHash
  /// The right label; nil where it is a number.
  public var label: RawText?
  /// The right number; nil where it is a label.
  public var value: Double?
  /// Who decided.
  public var by: RawText
  /// Why.
  public var note: RawText

  public init(caseID: ShortHash, label: RawText? = nil, value: Double? = nil, by: RawText = "", note: RawText = "") {
    self.caseID = caseID
    self.label = label
    self.value = value
    self.by = by
    self.note = note
  }

  /// What it says is true.
  public var stand: Stand { .label(label ?? RawText(Decimal.shortest(value ?? 0))) }

  /// The name of the item that carries it: a later decision on the same case takes its place.
  public var name: RawText { RawText(caseID.hex) }
}

extension Adjudication: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let caseID = try json.caseID() else { throw EventBodyError("case is missing") }
    self.init(
      caseID: caseID, label: try json.optionalRaw("label"), value: try json.optionalDouble("value"),
      by: try json.raw("by"), note: try json.raw("note"))
    guard (label == nil) != (value == nil) else { throw EventBodyError("either label or value says what is right") }
    guard label?.isEmpty != true else { throw EventBodyError("label is empty") }
    guard value?.isFinite != false else { throw EventBodyError("value is no finite number") }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("case", RawText(caseID.hex))
    object.put("label", label)
    object.put("value", value)
    object.putUnlessEmpty("by", by)
    object.putUnlessEmpty("note", note)
    return object.json
  }
}
