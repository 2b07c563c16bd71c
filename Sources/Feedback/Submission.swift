public import Domain

/// What is saved with one key: what was seen, and what is said of it, the judgement first.
public struct Submission: Hashable, Sendable {
  public var caseID: ShortHash
  public var seen: Seen?
  public var statements: [Statement]
  /// The analyst's marks on the case that they knew of: those that are not among the statements are taken back. One that
  /// was made meanwhile, in another session or on another device, stays.
  public var knownMarks: Set<Mark>
  /// Contents that what was seen names by their hash.
  public var attachments: [[UInt8]]
  /// Whether it is the whole of the case's draft, which goes then; a flag and a decision are none of it.
  public var isOfDraft: Bool
  /// The judgements that a decision among the statements decides between.
  public var judgements: [EventReference]

  public init(
    caseID: ShortHash, seen: Seen? = nil, statements: [Statement], knownMarks: Set<Mark> = [],
    attachments: [[UInt8]] = [], isOfDraft: Bool = true, judgements: [EventReference] = []
  ) {
    self.judgements = judgements
    self.caseID = caseID
    self.seen = seen
    self.statements = statements
    self.knownMarks = knownMarks
    self.attachments = attachments
    self.isOfDraft = isOfDraft
  }

  /// The events to append: first what was seen, unless `view` names the same view, then each statement. A statement
  /// on a subject of which one of the analyst's own is in force is an amendment of that one; one that repeats it
  /// word for word is left out, unless it is a judgement or a decision; none where nothing is said anew. A mark that is
  /// taken off goes with what is `beneath` it, so that none of before is in force again.
  public func drafts(
    stamp: Stamp, own standing: [Standing], view: EventReference?, beneath: (Standing) throws -> [EventID],
    nextID: () -> EventID
  ) rethrows -> [EventDraft] {
    var drafts: [EventDraft] = []
    var view = view
    if view == nil, let seen {
      let draft = EventDraft(
        eventID: nextID(), body: EventBody(stamp: stamp, caseID: caseID, payload: .seen(seen)))
      drafts.append(draft)
      view = EventReference(.seen, draft.eventID)
    }
    var head: EventID?
    for statement in statements {
      let earlier = standing.first { $0.caseID == caseID && $0.subject == statement.subject }
      // What is judged or decided again may rest on other grounds.
      let isSaidOnce = statement.kind != .judgement && statement.kind != .adjudicate
      if isSaidOnce, let earlier, earlier.statement == statement { continue }
      var references = view.map { [$0] } ?? []
      if case .decision = statement { references += judgements }
      if let earlier {
        references.append(EventReference(.amends, earlier.eventID, hash: earlier.hash))
        references += earlier.alike.map { EventReference(.amends, $0) }
      }
      if let head { references.append(EventReference(.partOf, head)) }
      let draft = EventDraft(
        eventID: nextID(),
        body: EventBody(
          stamp: stamp, caseID: caseID, references: references,
          payload: earlier == nil ? statement.payload : .amend(Amendment(statement))))
      drafts.append(draft)
      head = head ?? draft.eventID
    }
    let dropped = droppedMarks(among: standing)
    // A view alone says nothing: what is said was said before, or there is nothing.
    if head == nil, dropped.isEmpty { return [] }
    if !dropped.isEmpty {
      let body = EventBody(
        stamp: stamp, caseID: caseID,
        references: try dropped.flatMap { mark in
          try [EventReference(.retracts, mark.eventID, hash: mark.hash)]
            + (mark.alike + beneath(mark)).map { EventReference(.retracts, $0) }
        }
          + (head.map { [EventReference(.partOf, $0)] } ?? []),
        payload: .retract(Retraction(isUndo: false)))
      drafts.append(EventDraft(eventID: nextID(), body: body))
    }
    return drafts
  }

  /// Whether the analyst knew of a mark; one that names no class is known of on each.
  private func isKnown(_ body: MarkBody) -> Bool {
    var mark = body.mark
    if knownMarks.contains(mark) { return true }
    mark.label = body.label
    return knownMarks.contains(mark)
  }

  private func droppedMarks(among standing: [Standing]) -> [Standing] {
    let subjects = Set(statements.compactMap(\.subject))
    return standing.filter { item in
      guard case .mark(let body) = item.statement else { return false }
      return item.caseID == caseID && isKnown(body) && !subjects.contains(item.subject)
    }
  }
}

extension Statement {
  /// What the statement is about; nil for a note, which always stands for itself.
  public var subject: Subject? {
    switch self {
    case .judgement(let body): .judgement(body.stage)
    // The whole of an explanation is of no class.
    case .mark(let body):
      .mark(
        explainer: body.explainer, target: body.mark.target, label: body.mark.target == nil ? nil : body.label)
    case .note: nil
    case .flag: .flag
    case .decision: .decision
    }
  }
}
