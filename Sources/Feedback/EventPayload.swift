public import Domain

/// What an event of each kind says.
public enum EventPayload: Hashable, Sendable {
  case streamStart(StreamStart)
  case streamFork(StreamFork)
  case streamEnd(reason: RawText)
  case sessionStart(SessionStart)
  case sessionEnd
  case seen(Seen)
  case judgement(JudgementBody)
  case amend(Amendment)
  case retract(Retraction)
  case mark(MarkBody)
  case note(RawText)
  case flag(FlagBody)
  /// The model's answer was shown to an analyst who had not seen it.
  case reveal(Assistance)
  /// A part of a case was looked at.
  case view(PaneTime)
  /// What was asked of the model beside the record: other values, and what it answered.
  case probe(JSON)
  /// A reply to an item of the inbox.
  case answer(item: RawText, text: RawText)
  /// What an analyst decided between judges.
  case adjudicate(DecisionBody)
  /// The words of an event go; `remains` is what its place in what was said is known by.
  case redact(reason: RawText, remains: Remains? = nil)
  /// A kind or a version that this program does not know, whole.
  case other(EventKind, JSON)

  public var kind: EventKind {
    switch self {
    case .streamStart: .streamStart
    case .streamFork: .streamFork
    case .streamEnd: .streamEnd
    case .sessionStart: .sessionStart
    case .sessionEnd: .sessionEnd
    case .seen: .seen
    case .judgement: .judgement
    case .amend: .amend
    case .retract: .retract
    case .mark: .mark
    case .note: .note
    case .flag: .flag
    case .reveal: .reveal
    case .view: .view
    case .probe: .probe
    case .answer: .answer
    case .adjudicate: .adjudicate
    case .redact: .redact
    case .other(let kind, _): kind
    }
  }

  init(kind: EventKind, json: JSON) throws(EventBodyError) {
    switch kind {
    case .streamStart: self = .streamStart(try StreamStart(json: json))
    case .streamFork: self = .streamFork(try StreamFork(json: json))
    case .streamEnd: self = .streamEnd(reason: try json.raw("reason"))
    case .sessionStart: self = .sessionStart(try SessionStart(json: json))
    case .sessionEnd: self = .sessionEnd
    case .seen: self = .seen(try Seen(json: json))
    case .judgement: self = .judgement(try JudgementBody(json: json))
    case .amend: self = .amend(try Amendment(json: json))
    case .retract: self = .retract(try Retraction(json: json))
    case .mark: self = .mark(try MarkBody(json: json))
    case .note: self = .note(try json.raw("text"))
    case .flag: self = .flag(try FlagBody(json: json))
    case .reveal: self = .reveal(try json.choice("assist") ?? .explanation)
    case .view: self = .view(try PaneTime(json: json))
    case .probe: self = .probe(json)
    case .answer: self = .answer(item: try json.raw("item"), text: try json.raw("text"))
    case .adjudicate: self = .adjudicate(try DecisionBody(json: json))
    case .redact: self = .redact(reason: try json.raw("reason"), remains: try json.value("remains"))
    default: self = .other(kind, json)
    }
  }

  var json: JSON {
    var object = ObjectBuilder()
    switch self {
    case .streamStart(let start): return start.json
    case .streamFork(let fork): return fork.json
    case .streamEnd(let reason): object.put("reason", JSON.raw(reason))
    case .sessionStart(let start): return start.json
    case .sessionEnd: break
    case .seen(let seen): return seen.json
    case .judgement(let body): return body.json
    case .amend(let amendment): return amendment.json
    case .retract(let retraction): return retraction.json
    case .mark(let mark): return mark.json
    case .note(let text): object.put("text", JSON.raw(text))
    case .flag(let flag): return flag.json
    case .reveal(let assistance): object.put("assist", RawText(assistance.rawValue))
    case .view(let pane): return pane.json
    case .probe(let json), .other(_, let json): return json
    case .adjudicate(let decision): return decision.json
    case .answer(let item, let text):
      object.put("item", JSON.raw(item))
      object.put("text", JSON.raw(text))
    case .redact(let reason, let remains):
      object.put("reason", JSON.raw(reason))
      object.put("remains", remains)
    }
    return object.json
  }
}
