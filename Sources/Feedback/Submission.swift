public import Domain

/// What is saved with one key: what was seen, and what is said of it, the judgement first.
public struct Submission: Hashable, Sendable {
  public var caseID: ShortHash
  public var seen: Seen?
  public var statements: [Statement]
  /// The analyst's marks on the case that they knew of, each with its explainer: those that are not among the statements
  /// are taken back. One that was made meanwhile, in another session or on another device, stays.
  public var knownMarks: Set<Mark>
  /// The parts of the case's explanations, by explainer: a mark on a part by its number, made where inputs are not kept, is
  /// on the same one as a mark by its name.
  public var parts: [ModelID: ExplanationParts]
  /// Contents that what was seen names by their hash.
  public var attachments: [[UInt8]]
  /// Whether it is the whole of the case's draft, which goes then; a flag and a decision are none of it.
  public var isOfDraft: Bool
  /// The judgements that a decision among the statements decides between.
  public var judgements: [EventReference]

  public init(
    caseID: ShortHash, seen: Seen? = nil, statements: [Statement], knownMarks: Set<Mark> = [],
    parts: [ModelID: ExplanationParts] = [:], attachments: [[UInt8]] = [], isOfDraft: Bool = true,
    judgements: [EventReference] = []
  ) {
    self.judgements = judgements
    self.caseID = caseID
    self.seen = seen
    self.statements = statements
    self.knownMarks = knownMarks
    self.parts = parts
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
    let standing = standing.filter { $0.caseID == caseID }
    var head: EventID?
    var taken: Set<EventID> = []
    for statement in statements {
      let earlier = earlier(than: statement, among: standing)
      if let earlier { taken.insert(earlier.eventID) }
      // What is judged or decided again may rest on other grounds.
      let isSaidOnce = statement.kind != .judgement && statement.kind != .adjudicate
      if isSaidOnce, let earlier, named(earlier.statement) == named(statement) { continue }
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
    let dropped = standing.filter { !taken.contains($0.eventID) && isKnownMark($0) }
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

  /// What stands of before on what a statement is about: under its own name, or else as its explanation calls the part.
  private func earlier(than statement: Statement, among standing: [Standing]) -> Standing? {
    guard let subject = statement.subject else { return nil }
    if let same = standing.first(where: { $0.statement.subject == subject }) { return same }
    guard case .mark = statement, let place = named(statement).subject else { return nil }
    let others = Set(statements.compactMap(\.subject))
    return standing.first {
      $0.statement.subject.map { !others.contains($0) } == true && named($0.statement).subject == place
    }
  }

  private func named(_ statement: Statement) -> Statement {
    guard case .mark(let body) = statement else { return statement }
    return .mark(body.named(by: parts[body.explainer]))
  }

  /// Whether it is a mark that the analyst knew of; one that names no class is known of on each.
  private func isKnownMark(_ standing: Standing) -> Bool {
    guard case .mark(let body) = standing.statement else { return false }
    return [body.mark, body.named(by: parts[body.explainer]).mark].contains { mark in
      var mark = mark
      mark.explainer = body.explainer
      if knownMarks.contains(mark) { return true }
      mark.label = body.label
      return knownMarks.contains(mark)
    }
  }
}

extension Statement {
  /// What the statement is about; nil for a note, which always stands for itself.
  public var subject: Subject? {
    switch self {
    case .judgement(let body): .judgement(body.stage)
    case .mark(let body): .of(body)
    case .note: nil
    case .flag: .flag
    case .decision: .decision
    }
  }
}
