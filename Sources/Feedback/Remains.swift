public import Domain

/// What stays of a statement, or of a retraction, whose words were removed: what it took the place of or took back.
/// Without it what the analyst had changed or taken back would seem to be in force again.
public struct Remains: Hashable, Sendable {
  /// What it said first or anew: `judgement`, `mark`, `note`, `flag` or `adjudicate`; or `retract`.
  public var kind: EventKind
  /// The stage of a judgement.
  public var stage: JudgementStage?
  /// The events that it spoke of.
  public var references: [EventReference]

  public init(kind: EventKind, stage: JudgementStage? = nil, references: [EventReference]) {
    self.kind = kind
    self.stage = stage
    self.references = references
  }

  /// nil for what says nothing of a case.
  public init?(_ body: EventBody) {
    if case .retract = body.payload {
      self.init(kind: .retract, references: body.references)
      return
    }
    guard let statement = Statement(body.payload) else { return nil }
    var stage: JudgementStage?
    if case .judgement(let judgement) = statement { stage = judgement.stage }
    self.init(kind: statement.kind, stage: stage, references: body.references)
  }

  /// The events that it spoke of in one way.
  public func targets(_ relation: EventReference.Relation) -> [EventID] {
    references.filter { $0.relation == relation }.map(\.eventID)
  }

  /// What it was about, as far as that is known without its words: a mark's place went with them.
  func subject(of eventID: EventID) -> Subject? {
    switch kind {
    case .judgement: stage.map { .judgement($0) }
    case .note: .note(eventID)
    case .flag: .flag
    case .adjudicate: .decision
    default: nil
    }
  }
}

extension Remains: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      kind: EventKind(try json.requiredRaw("of")), stage: try json.choice("stage"), references: try json.values("refs"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("of", kind.text)
    object.put("stage", stage.map { RawText($0.rawValue) })
    object.put("refs", references)
    return object.json
  }
}

/// What is known of statements on a case whose words were removed.
public struct RemovedStatements: Sendable {
  /// A `redact` that tells what stays of its target.
  fileprivate struct Redaction: Sendable {
    var event: Event
    var target: EventID
    var remains: Remains
  }

  fileprivate let redactions: [Redaction]
  private let kept: [EventID: Remains]

  /// From what was said of a case; `kept` is what a collector kept where no `redact` tells.
  public init(among events: [Event], kept: [EventID: Remains] = [:]) {
    redactions = events.compactMap { event in
      guard event.kind == .redact, let body = try? event.decoded(), case .redact(_, let remains?) = body.payload,
        let target = body.targets(.redacts).first
      else { return nil }
      return Redaction(event: event, target: target, remains: remains)
    }
    self.kept = kept
  }

  /// What stays of an event without a body; nil where nobody kept it.
  public func remains(of event: Event) -> Remains? {
    redactions.first { $0.target == event.eventID && $0.event.analyst == event.analyst }?.remains
      ?? kept[event.eventID]
  }

  /// Whether an event without a body was a judgement. A change of mind may have been one of a flag, a note or a mark; where
  /// nobody kept what it was of, it counts as one.
  public func wasJudgement(_ event: Event) -> Bool {
    switch event.kind {
    case .judgement: true
    case .amend: remains(of: event).map { $0.kind == .judgement } ?? true
    default: false
    }
  }
}

extension StatementLink {
  /// The links of a case's events: of what was said, and of what was said and then removed. `remains` is what a
  /// collector kept where no `redact` tells.
  public static func links(
    of events: [Event], entries: [Fold.Entry], remains: [EventID: Remains] = [:]
  ) -> [StatementLink] {
    let readable = Set(entries.map(\.event.eventID))
    let removed = RemovedStatements(among: events, kept: remains)
    var links = entries.map { StatementLink($0) }
    var met = readable
    for event in events where event.body == nil && (event.kind.isStatement || event.kind == .retract) {
      guard !readable.contains(event.eventID) else { continue }
      met.insert(event.eventID)
      links.append(StatementLink(removed: event, removed.remains(of: event)))
    }
    // The event itself never came: what it took the place of did.
    for redaction in removed.redactions where !met.contains(redaction.target) {
      links.append(StatementLink(removed: redaction.target, by: redaction.event, redaction.remains))
    }
    return links
  }
}
