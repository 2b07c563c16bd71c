public import Domain

/// What an analyst says of a case and can change or take back.
public enum Statement: Hashable, Sendable {
  case judgement(JudgementBody)
  case mark(MarkBody)
  case note(RawText)
  case flag(FlagBody)
  case decision(DecisionBody)

  /// The kind of the event that says it first.
  public var kind: EventKind {
    switch self {
    case .judgement: .judgement
    case .mark: .mark
    case .note: .note
    case .flag: .flag
    case .decision: .adjudicate
    }
  }

  /// The payload of the event that says it first.
  public var payload: EventPayload {
    switch self {
    case .judgement(let body): .judgement(body)
    case .mark(let body): .mark(body)
    case .note(let text): .note(text)
    case .flag(let body): .flag(body)
    case .decision(let body): .adjudicate(body)
    }
  }

  /// What a payload states, as a first word or an amended one; nil for any other.
  public init?(_ payload: EventPayload) {
    switch payload {
    case .judgement(let body): self = .judgement(body)
    case .mark(let body): self = .mark(body)
    case .note(let text): self = .note(text)
    case .flag(let body): self = .flag(body)
    case .adjudicate(let body): self = .decision(body)
    case .amend(let amendment): self = amendment.statement
    default: return nil
    }
  }
}

extension Statement {
  /// What it says, without how it came about: how long it took, and over what.
  var withoutCircumstances: Statement {
    guard case .judgement(let body) = self else { return self }
    return .judgement(JudgementBody(body.judgement, stage: body.stage))
  }

  /// Whether somebody who reads both finds no difference.
  public func saysTheSame(as other: Statement) -> Bool { withoutCircumstances == other.withoutCircumstances }

  /// The analyst's own words in it.
  public var freeText: RawText {
    switch self {
    case .judgement(let body): body.judgement.note
    case .mark: ""
    case .note(let text): text
    case .flag(let flag): flag.text
    case .decision(let decision): decision.note
    }
  }
}

/// A statement in place of an earlier one.
public struct Amendment: Hashable, Sendable {
  public var statement: Statement
  /// Whether it only brings back what was undone.
  public var isRedo: Bool

  public init(_ statement: Statement, isRedo: Bool = false) {
    self.statement = statement
    self.isRedo = isRedo
  }
}

extension Amendment: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let content = json["statement"] ?? .object([])
    let payload = try EventPayload(kind: EventKind(try json.requiredRaw("of")), json: content)
    guard let statement = Statement(payload), payload.kind != .amend else {
      throw EventBodyError("an amendment states nothing")
    }
    self.init(statement, isRedo: try json.optionalBool("redo") ?? false)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("of", statement.kind.text)
    object.put("statement", statement.payload.json)
    object.put("redo", isRedo)
    return object.json
  }
}

/// Takes statements back.
public struct Retraction: Hashable, Sendable {
  /// Whether it came from the undo key.
  public var isUndo: Bool
  public var reason: RawText

  public init(isUndo: Bool = true, reason: RawText = "") {
    self.isUndo = isUndo
    self.reason = reason
  }
}

extension Retraction: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(isUndo: try json.optionalBool("undo") ?? false, reason: try json.raw("reason"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("undo", isUndo)
    object.putUnlessEmpty("reason", reason)
    return object.json
  }
}

/// A mark on an explanation or on a part of it.
public struct MarkBody: Hashable, Sendable {
  public var mark: Mark
  /// The model that explained, and its method.
  public var explainer: ModelID
  public var method: RawText
  /// The class whose shares were on screen; nil where that means nothing.
  public var label: RawText?

  public init(_ mark: Mark, explainer: ModelID, method: RawText = "", label: RawText? = nil) {
    self.mark = mark
    // Said once, beside it.
    self.mark.explainer = nil
    self.mark.label = nil
    self.explainer = explainer
    self.method = method
    self.label = label
  }
}

extension Explanation.Occurrence {
  /// As a mark says it; nil where it does not.
  init?(mark json: JSON) throws(EventBodyError) {
    guard let number = try json.optionalInt("occurrence"), let count = try json.optionalInt("occurrences") else {
      return nil
    }
    self.init(number, of: count)
  }
}

extension MarkBody {
  /// The same mark on the part as its explanation calls it, where the part's number stood for the name.
  public func named(by parts: ExplanationParts?) -> MarkBody {
    guard let part = mark.target.flatMap({ parts?.part(numbered: $0) }) else { return self }
    var body = self
    body.mark.target = part.name
    body.mark.occurrence = part.occurrence
    return body
  }
}

extension MarkBody: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let isWhole = try json.choice("on", Place.self) != .part
    self.init(
      Mark(
        kind: try json.choice("mark"), target: isWhole ? nil : try json.requiredRaw("target"),
        occurrence: isWhole ? nil : try Explanation.Occurrence(mark: json), rating: try json.optionalInt("rating")),
      explainer: ModelID(try json.raw("explainer"), version: try json.optionalRaw("explainer_version")),
      method: try json.raw("method"), label: try json.optionalRaw("label"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("mark", mark.kind.map { RawText($0.rawValue) })
    object.put("on", RawText((mark.target == nil ? Place.whole : Place.part).rawValue))
    object.put("target", mark.target)
    object.put("occurrence", mark.occurrence?.number)
    object.put("occurrences", mark.occurrence?.count)
    object.put("rating", mark.rating)
    object.put("explainer", JSON.raw(explainer.name))
    object.put("explainer_version", explainer.version)
    object.put("method", JSON.raw(method))
    object.put("label", label)
    return object.json
  }

  private enum Place: String { case whole, part }
}

/// Raises or lowers the analyst's flag on a case.
public struct FlagBody: Hashable, Sendable {
  public var isRaised: Bool
  public var text: RawText

  public init(isRaised: Bool, text: RawText = "") {
    self.isRaised = isRaised
    self.text = text
  }
}

extension FlagBody: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(isRaised: try json.optionalBool("raised") ?? true, text: try json.raw("text"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("raised", isRaised)
    object.putUnlessEmpty("text", text)
    return object.json
  }
}
