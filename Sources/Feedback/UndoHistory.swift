public import Domain

/// What the undo key takes back and the redo key brings again, worked out from one stream's events alone: the same
/// after a restart.
public struct UndoHistory: Hashable, Sendable {
  /// What was saved with one key.
  public struct Step: Hashable, Sendable {
    /// The event that the step is named after, then those that were saved with it.
    public var parts: [Part]
    /// What it took back of earlier steps: marks that were no longer wanted.
    public var dropped: [Dropped] = []
    /// The session in which it was taken back; nil where it was not.
    public var undoneIn: RawText?

    public var head: Part? { parts.first }
    public var caseID: ShortHash? { head?.caseID }
    public var seq: Int { head?.seq ?? 0 }

    /// `#12 judgement disagree`.
    public var text: String { head.map { "#\($0.seq) \($0.statement.text)" } ?? "" }
  }

  /// One event of a step.
  public struct Part: Hashable, Sendable {
    public var eventID: EventID
    public var hash: Hash
    public var seq: Int
    public var at: Timestamp
    public var caseID: ShortHash?
    public var statement: Statement
    public var seen: EventReference?
    /// The session in which it was said.
    public var session: RawText
  }

  /// A part of an earlier step, and the event which that step is named after.
  public struct Dropped: Hashable, Sendable {
    public var part: Part
    public var head: EventID
  }

  public private(set) var undoable: [Step] = []
  public private(set) var redoable: [Step] = []

  public init() {}

  /// From the events of one stream in their order; those before a cut-off may be missing.
  public init(_ events: some Sequence<Event>) {
    for event in events {
      // Nothing can be said any more in a stream that has ended, and nothing taken back.
      if event.kind == .streamEnd { self = UndoHistory() }
      if let entry = Fold.Entry(event) { add(entry) }
    }
  }

  /// What undo would take back.
  public var nextUndo: Step? { undoable.last }
  /// What redo would bring back.
  public var nextRedo: Step? { redoable.last }

  /// Takes in the next event of the stream.
  public mutating func add(_ entry: Fold.Entry) {
    if entry.body.kind == .retract {
      retract(entry)
    } else if let statement = Statement(entry.body.payload) {
      let part = Part(
        eventID: entry.event.eventID, hash: entry.event.hash, seq: entry.event.seq, at: entry.event.at,
        caseID: entry.event.caseID, statement: statement,
        seen: entry.body.references.first { $0.relation == .seen }, session: entry.body.stamp.session)
      if restore(part, entry) { return }
      if let head = entry.body.targets(.partOf).first,
        let index = undoable.lastIndex(where: { $0.head?.eventID == head })
      {
        undoable[index].parts.append(part)
      } else {
        undoable.append(Step(parts: [part]))
      }
      forget(entry)
    }
  }

  private mutating func retract(_ entry: Fold.Entry) {
    let targets = Set(entry.body.targets(.retracts))
    guard case .retract(let retraction) = entry.body.payload else { return }
    if let head = entry.body.targets(.partOf).first,
      let index = undoable.lastIndex(where: { $0.head?.eventID == head })
    {
      undoable[index].dropped += undoable.flatMap { step in
        step.parts.filter { targets.contains($0.eventID) }.compactMap { part in
          step.head.map { Dropped(part: part, head: $0.eventID) }
        }
      }
    }
    for step in undoable where step.head.map({ targets.contains($0.eventID) }) == true {
      undoable.removeAll { $0 == step }
      var undone = step
      undone.undoneIn = entry.body.stamp.session
      if retraction.isUndo { redoable.append(undone) }
    }
    for index in undoable.indices { undoable[index].parts.removeAll { targets.contains($0.eventID) } }
    undoable.removeAll { $0.parts.isEmpty }
  }

  /// Follows what later steps had dropped as it comes back under another name: by a redo of its own step, or by the undo of
  /// the step that dropped it. True for the latter, which is no step of its own.
  private mutating func restore(_ part: Part, _ entry: Fold.Entry) -> Bool {
    guard let former = entry.body.targets(.redoes).first else { return false }
    let partOf = entry.body.targets(.partOf).first
    let isRedo = partOf == nil || undoable.contains { $0.head?.eventID == partOf }
    var isRestored = false
    for index in redoable.indices {
      for place in redoable[index].dropped.indices where redoable[index].dropped[place].part.eventID == former {
        let head = redoable[index].dropped[place].head
        // A redo drops it as it is called now.
        redoable[index].dropped[place].part = part
        if isRedo {
          redoable[index].dropped[place].head = partOf ?? part.eventID
        } else if let origin = undoable.lastIndex(where: { $0.head?.eventID == head }) {
          undoable[origin].parts.append(part)
          isRestored = true
        } else {
          redoable[index].dropped[place].head = part.eventID
          undoable.append(Step(parts: [part]))
          isRestored = true
        }
      }
    }
    return isRestored
  }

  /// A redo uses up its step; anything else that is said makes undone steps things of the past.
  private mutating func forget(_ entry: Fold.Entry) {
    guard case .amend(let amendment) = entry.body.payload, amendment.isRedo else {
      redoable = []
      return
    }
    let targets = Set(entry.body.targets(.redoes))
    redoable.removeAll { step in step.head.map { targets.contains($0.eventID) } == true }
  }
}

extension UndoHistory.Step {
  /// How many events take it back, and how many bring it again.
  public var undoCount: Int { 1 + dropped.count }
  public var redoCount: Int { parts.count + (dropped.isEmpty ? 0 : 1) }

  /// The events that take this step back, and bring back what it dropped; `eventIDs` holds `undoCount`.
  public func undo(stamp: Stamp, eventIDs: [EventID]) -> [EventDraft] {
    guard let first = eventIDs.first else { return [] }
    let retraction = EventDraft(
      eventID: first,
      body: EventBody(
        stamp: stamp, caseID: caseID,
        references: parts.map { EventReference(.retracts, $0.eventID, hash: $0.hash) },
        payload: .retract(Retraction(isUndo: true))))
    return [retraction]
      + zip(dropped, eventIDs.dropFirst()).map { again($0.part, $1, stamp: stamp, partOf: first) }
  }

  /// The events that bring this step back; `eventIDs` holds `redoCount`.
  public func redo(stamp: Stamp, eventIDs: [EventID]) -> [EventDraft] {
    var drafts = zip(parts, eventIDs).enumerated().map { index, pair in
      again(pair.0, pair.1, stamp: stamp, partOf: index > 0 ? eventIDs.first : nil)
    }
    if !dropped.isEmpty, let head = eventIDs.first, eventIDs.count > parts.count {
      drafts.append(
        EventDraft(
          eventID: eventIDs[parts.count],
          body: EventBody(
            stamp: stamp, caseID: caseID,
            references: dropped.map { EventReference(.retracts, $0.part.eventID, hash: $0.part.hash) }
              + [EventReference(.partOf, head)],
            payload: .retract(Retraction(isUndo: false)))))
    }
    return drafts
  }

  private func again(
    _ part: UndoHistory.Part, _ eventID: EventID, stamp: Stamp, partOf head: EventID?
  ) -> EventDraft {
    var references = [
      EventReference(.amends, part.eventID, hash: part.hash), EventReference(.redoes, part.eventID, hash: part.hash),
    ]
    if let seen = part.seen { references.append(seen) }
    if let head { references.append(EventReference(.partOf, head)) }
    return EventDraft(
      eventID: eventID,
      body: EventBody(
        stamp: stamp, caseID: part.caseID, references: references,
        payload: .amend(Amendment(part.statement, isRedo: true))))
  }
}

extension Statement {
  /// The statement in a few words: `judgement disagree, 1`, `mark spurious`.
  public var text: String {
    switch self {
    case .judgement(let body):
      let words = [body.judgement.verdict?.rawValue, body.judgement.rightText?.string].compactMap { $0 }
      return "judgement" + (words.isEmpty ? "" : " " + words.joined(separator: ", "))
    case .mark(let body):
      let word = body.mark.kind?.word ?? body.mark.rating.map { "\($0)/5" } ?? ""
      return "mark \(word)" + (body.mark.target.map { " on \($0.string)" } ?? "")
    case .note: return "note"
    case .flag(let flag): return flag.isRaised ? "flag" : "flag lowered"
    case .decision(let decision): return "decision \(decision.text)"
    }
  }
}
