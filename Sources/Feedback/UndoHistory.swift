public import Domain

/// What the undo key takes back and the redo key brings again, worked out from one stream's events alone: the same
/// after a restart.
public struct UndoHistory: Hashable, Sendable {
  /// What was saved with one key.
  public struct Step: Hashable, Sendable {
    /// The event that the step is named after: it keeps its name when that is taken back.
    let name: EventID
    /// The event that the step is named after, then those that were saved with it.
    public var parts: [Part]
    /// What it took back of earlier steps, in their order: marks that were no longer wanted.
    public var dropped: [Dropped] = []
    /// The session in which it was taken back; nil where it was not.
    public var undoneIn: RawText?

    init(_ head: Part, dropped: [Dropped] = []) {
      name = head.eventID
      parts = [head]
      self.dropped = dropped
    }

    public var head: Part? { parts.first }
    public var caseID: ShortHash? { head?.caseID }
    public var seq: Int { head?.seq ?? 0 }

    /// `#12 judgement disagree`.
    public var text: String { head.map { "#\($0.seq) \($0.statement?.text ?? Step.takingOff)" } ?? "" }

    /// What a step does that says nothing.
    public static let takingOff = "marks taken off"
  }

  /// One event of a step.
  public struct Part: Hashable, Sendable {
    public var eventID: EventID
    public var hash: Hash
    public var seq: Int
    public var at: Timestamp
    public var caseID: ShortHash?
    /// nil where it only took marks off.
    public var statement: Statement?
    public var seen: EventReference?
    /// The judgements that it decided between.
    public var adjudicates: [EventReference] = []
    /// The session in which it was said.
    public var session: RawText

    init(_ entry: Fold.Entry) {
      eventID = entry.event.eventID
      hash = entry.event.hash
      seq = entry.event.seq
      at = entry.event.at
      caseID = entry.event.caseID
      statement = Statement(entry.body.payload)
      seen = entry.body.references.first { $0.relation == .seen }
      adjudicates = entry.body.references.filter { $0.relation == .adjudicates }
      session = entry.body.stamp.session
    }
  }

  /// A part of an earlier step, and that step; none where it was said in another stream.
  public struct Dropped: Hashable, Sendable {
    public var part: Part
    var step: EventID?
  }

  private var undoable: [Step] = []
  private var redoable: [Step] = []

  public init() {}

  /// From the events of one stream in their order; those before a cut-off may be missing.
  public init(_ events: some Sequence<Event>) { self.init(events) { _ in nil } }

  /// The same; `elsewhere` gives an event that is not among them: of another stream of the analyst's, or before the cut-off.
  public init(_ events: some Sequence<Event>, elsewhere: (EventID) throws -> Event?) rethrows {
    for event in events {
      // Nothing can be said any more in a stream that has ended, and nothing taken back.
      if event.kind == .streamEnd { self = UndoHistory() }
      if let entry = Fold.Entry(event) { try add(entry, elsewhere) }
    }
  }

  /// What undo would take back.
  public var nextUndo: Step? { undoable.last { !$0.parts.isEmpty } }
  /// What redo would bring back.
  public var nextRedo: Step? { redoable.last }

  /// Without the last steps of which nothing stands any more: another device's words, or a removal, have taken their place.
  /// To take them back would change nothing, and to bring them back then would put them over what stands. What a step took
  /// off can come back in any case.
  public func withoutSuperseded(standing: (Part) throws -> Bool) rethrows -> UndoHistory {
    var history = self
    while let last = history.undoable.lastIndex(where: { !$0.parts.isEmpty }),
      history.undoable[last].dropped.isEmpty, try !history.undoable[last].parts.contains(where: standing)
    {
      history.undoable.remove(at: last)
    }
    return history
  }

  /// Takes in the next event of the stream.
  private mutating func add(_ entry: Fold.Entry, _ elsewhere: (EventID) throws -> Event?) rethrows {
    if entry.body.kind == .retract { return try retract(entry, elsewhere) }
    guard Statement(entry.body.payload) != nil else { return }
    let part = Part(entry)
    if restore(part, entry) { return }
    if let index = index(ofStep: entry.body.targets(.partOf).first) {
      undoable[index].parts.append(part)
    } else {
      undoable.append(Step(part))
    }
    forget(entry)
  }

  private func index(ofStep name: EventID?) -> Int? {
    name.flatMap { name in undoable.lastIndex { $0.name == name } }
  }

  private mutating func retract(_ entry: Fold.Entry, _ elsewhere: (EventID) throws -> Event?) rethrows {
    guard case .retract(let retraction) = entry.body.payload else { return }
    let targets = entry.body.targets(.retracts)
    if retraction.isUndo {
      undoable.removeAll { step in
        guard let head = step.head, targets.contains(head.eventID) else { return false }
        var undone = step
        undone.undoneIn = entry.body.stamp.session
        redoable.append(undone)
        return true
      }
    } else {
      // They are named from the last word on: they come back with the last one last.
      let dropped = try targets.reversed().compactMap { try self.dropped($0, elsewhere) }
      if let index = index(ofStep: entry.body.targets(.partOf).first) {
        undoable[index].dropped += dropped
      } else if !dropped.isEmpty {
        undoable.append(Step(Part(entry), dropped: dropped))
        forget(entry)
      }
    }
    // A step of which nothing is left keeps its place: its parts may come back.
    for index in undoable.indices { undoable[index].parts.removeAll { targets.contains($0.eventID) } }
  }

  private func dropped(_ id: EventID, _ elsewhere: (EventID) throws -> Event?) rethrows -> Dropped? {
    for step in undoable {
      if let part = step.parts.first(where: { $0.eventID == id }) { return Dropped(part: part, step: step.name) }
    }
    guard let entry = try elsewhere(id).flatMap({ Fold.Entry($0) }) else { return nil }
    return Dropped(part: Part(entry))
  }

  /// Follows what later steps had dropped as it comes back under another name: by a redo of its own step, or by the undo of
  /// the step that dropped it. True for the latter, which is no step of its own.
  private mutating func restore(_ part: Part, _ entry: Fold.Entry) -> Bool {
    guard let former = entry.body.targets(.redoes).first else { return false }
    let partOf = entry.body.targets(.partOf).first
    let isRedo = partOf == nil || index(ofStep: partOf) != nil
    var isRestored = false
    for index in redoable.indices {
      for place in redoable[index].dropped.indices where redoable[index].dropped[place].part.eventID == former {
        // A redo drops it as it is called now.
        redoable[index].dropped[place].part = part
        if isRedo {
          redoable[index].dropped[place].step = partOf ?? part.eventID
        } else {
          // Said in another stream, it is not this one's to undo.
          if let origin = self.index(ofStep: redoable[index].dropped[place].step) {
            undoable[origin].parts.append(part)
          }
          isRestored = true
        }
      }
    }
    return isRestored
  }

  /// A redo uses up its step; anything else that is said makes undone steps things of the past.
  private mutating func forget(_ entry: Fold.Entry) {
    let redone = entry.body.targets(.redoes)
    guard !redone.isEmpty else {
      redoable = []
      return
    }
    redoable.removeAll { step in step.head.map { redone.contains($0.eventID) } == true }
  }
}

extension UndoHistory.Step {
  /// How many events take it back, and how many bring it again.
  public var undoCount: Int { 1 + dropped.count }
  public var redoCount: Int { said.count + (dropped.isEmpty ? 0 : 1) }

  /// The parts that say something.
  private var said: [UndoHistory.Part] { parts.filter { $0.statement != nil } }

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
      + zip(dropped, eventIDs.dropFirst()).compactMap { again($0.part, $1, stamp: stamp, partOf: first) }
  }

  /// The events that bring this step back; `eventIDs` holds `redoCount`.
  public func redo(stamp: Stamp, eventIDs: [EventID]) -> [EventDraft] {
    var drafts = zip(said, eventIDs).enumerated().compactMap { index, pair in
      again(pair.0, pair.1, stamp: stamp, partOf: index > 0 ? eventIDs.first : nil)
    }
    if !dropped.isEmpty, let eventID = eventIDs.last {
      let takingOff = parts.filter { $0.statement == nil }
      drafts.append(
        EventDraft(
          eventID: eventID,
          body: EventBody(
            stamp: stamp, caseID: caseID,
            references: dropped.reversed().map { EventReference(.retracts, $0.part.eventID, hash: $0.part.hash) }
              + takingOff.map { EventReference(.redoes, $0.eventID, hash: $0.hash) }
              + drafts.prefix(1).map { EventReference(.partOf, $0.eventID) },
            payload: .retract(Retraction(isUndo: false)))))
    }
    return drafts
  }

  private func again(
    _ part: UndoHistory.Part, _ eventID: EventID, stamp: Stamp, partOf head: EventID?
  ) -> EventDraft? {
    guard let statement = part.statement else { return nil }
    var references = [
      EventReference(.amends, part.eventID, hash: part.hash), EventReference(.redoes, part.eventID, hash: part.hash),
    ]
    if let seen = part.seen { references.append(seen) }
    references += part.adjudicates
    if let head { references.append(EventReference(.partOf, head)) }
    return EventDraft(
      eventID: eventID,
      body: EventBody(
        stamp: stamp, caseID: part.caseID, references: references,
        payload: .amend(Amendment(statement, isRedo: true))))
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
      return "mark \(word)" + (body.mark.part.map { " on \($0.text.string)" } ?? "")
    case .note: return "note"
    case .flag(let flag): return flag.isRaised ? "flag" : "flag lowered"
    case .decision(let decision): return "decision \(decision.text)"
    }
  }
}
