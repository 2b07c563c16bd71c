public import Domain

/// What a statement is about: later ones on the same subject take the place of earlier ones.
public enum Subject: Hashable, Sendable, Comparable {
  case judgement(JudgementStage)
  /// A mark on a part of one explainer's explanation of one class, or on the whole.
  case mark(explainer: ModelID, part: Explanation.Part?, label: RawText?)
  /// Every note stands for itself: the first event of its thread.
  case note(EventID)
  case flag
  /// What is right where judges differ.
  case decision

  /// The subject as a key that sorts and is stored.
  public var key: RawText {
    switch self {
    case .judgement(let stage): RawText("judgement \(stage.rawValue)")
    case .mark(let explainer, let part, let label):
      RawText(
        bytes: Array("mark ".utf8) + Subject.escaped(explainer.name) + [0]
          + Subject.escaped(explainer.version ?? "")
          + (part.map { [0] + Subject.escaped($0.name) } ?? [])
          + (part?.occurrence.map { [1] + Array($0.text.utf8) } ?? []) + (label.map { [0] + Subject.escaped($0) } ?? [])
      )
    case .note(let id): RawText("note \(id.hex)")
    case .flag: "flag"
    case .decision: "decision"
    }
  }

  /// A mark on a part of an explanation, or on the whole. A service that names its explainer's version as nothing has not
  /// named it: both are one subject.
  static func of(_ body: MarkBody) -> Subject {
    var explainer = body.explainer
    if explainer.version?.isEmpty == true { explainer.version = nil }
    // The whole of an explanation is of no class.
    return .mark(explainer: explainer, part: body.mark.part, label: body.mark.target == nil ? nil : body.label)
  }

  /// A name without the bytes that part the names of a key, so that no two subjects share one.
  private static func escaped(_ name: RawText) -> [UInt8] {
    name.bytes.flatMap { $0 <= 2 ? [2, $0 + 1] : [$0] }
  }

  public static func < (left: Subject, right: Subject) -> Bool { left.key < right.key }
}

/// A statement in force, with the event that made it.
public struct Standing: Hashable, Sendable {
  public var caseID: ShortHash
  public var analyst: RawText
  public var subject: Subject
  public var statement: Statement
  public var eventID: EventID
  public var hash: Hash
  public var stream: StreamID
  public var seq: Int
  public var at: Timestamp
  /// The `seen` that it was made on.
  public var seen: EventID?
  /// Statements made on other devices that neither replaced this one nor were replaced by it: the analyst chooses.
  public var alternatives: [EventID]
  /// Statements made on other devices that say the same as this one, or as an alternative: what is said next takes their
  /// place as well.
  public var alike: [EventID]

  public init(
    caseID: ShortHash, analyst: RawText, subject: Subject, statement: Statement, eventID: EventID, hash: Hash,
    stream: StreamID, seq: Int, at: Timestamp, seen: EventID? = nil, alternatives: [EventID] = [],
    alike: [EventID] = []
  ) {
    self.caseID = caseID
    self.analyst = analyst
    self.subject = subject
    self.statement = statement
    self.eventID = eventID
    self.hash = hash
    self.stream = stream
    self.seq = seq
    self.at = at
    self.seen = seen
    self.alternatives = alternatives
    self.alike = alike
  }

  /// Every event that says it or stands beside it, the one in force first.
  public var eventIDs: [EventID] { [eventID] + alternatives + alike }

  /// The judgement; nil for a mark, a note or a flag.
  public var judgement: JudgementBody? {
    if case .judgement(let body) = statement { body } else { nil }
  }
}

/// From events to what is in force, the same for every order in which the events came.
///
/// A statement is in force unless it was retracted, replaced by an amendment that is not retracted, or followed on
/// the same device by another one on the same subject. An amendment whose parent has not come yet stands for itself.
/// Statements of two devices that say the same count as one: the newest of them.
/// Only the analyst's own events replace or retract a statement. One whose words were removed keeps its place: nothing
/// is in force where it was the last word, and what it had replaced does not come back.
public enum Fold {
  /// What the fold reads of an event.
  public struct Entry: Hashable, Sendable {
    public var event: Event
    public var body: EventBody

    public init(event: Event, body: EventBody) {
      self.event = event
      self.body = body
    }

    /// nil for an event that says nothing of a case, or whose body is gone or cannot be read.
    public init?(_ event: Event) {
      guard event.kind.isStatement || event.kind == .retract, let body = try? event.decoded() else { return nil }
      self.init(event: event, body: body)
    }
  }

  /// The statements in force, by case, analyst and subject. `remains` is what is known of removed ones beside the events.
  public static func standing(
    _ events: some Sequence<Event>, remains: [EventID: Remains] = [:]
  ) -> [Standing] {
    let events = Array(events)
    let byID = entries(of: events)
    let links = StatementLink.links(of: events, entries: Array(byID.values), remains: remains)
    return StatementThreads(links).standing.compactMap { thread in
      guard let entry = byID[thread.eventID], let statement = Statement(entry.body.payload) else { return nil }
      return Standing(
        caseID: thread.caseID, analyst: thread.analyst, subject: thread.subject, statement: statement,
        eventID: thread.eventID, hash: entry.event.hash, stream: entry.event.stream, seq: entry.event.seq,
        at: entry.event.at, seen: entry.body.targets(.seen).first, alternatives: thread.alternatives,
        alike: thread.alike)
    }
  }

  /// What a statement in force took the place of, and what that had taken the place of, as far as it stands beneath it; the
  /// newest first.
  public static func beneath(
    _ standing: Standing, among events: [Event], remains: [EventID: Remains] = [:]
  ) -> [EventID] {
    let links = StatementLink.links(of: events, entries: Array(entries(of: events).values), remains: remains)
    return StatementThreads.beneath([standing.eventID] + standing.alike, among: links)
  }

  /// What is read of events, each once.
  private static func entries(of events: [Event]) -> [EventID: Entry] {
    Dictionary(events.compactMap { Entry($0) }.map { ($0.event.eventID, $0) }) { left, right in
      (left.event.stream, left.event.seq) < (right.event.stream, right.event.seq) ? left : right
    }
  }
}
