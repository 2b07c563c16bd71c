public import Domain

/// What a statement is about: later ones on the same subject take the place of earlier ones.
public enum Subject: Hashable, Sendable, Comparable {
  case judgement(JudgementStage)
  /// A mark on a part of one explainer's explanation, or on the whole.
  case mark(explainer: ModelID, target: RawText?)
  /// Every note stands for itself: the first event of its thread.
  case note(EventID)
  case flag

  /// The subject as a key that sorts and is stored.
  public var key: RawText {
    switch self {
    case .judgement(let stage): RawText("judgement \(stage.rawValue)")
    case .mark(let explainer, let target):
      RawText(
        bytes: Array("mark ".utf8) + explainer.name.bytes + [0] + (explainer.version?.bytes ?? [])
          + (target.map { [0] + $0.bytes } ?? []))
    case .note(let id): RawText("note \(id.hex)")
    case .flag: "flag"
    }
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

  /// The judgement; nil for a mark, a note or a flag.
  public var judgement: JudgementBody? {
    if case .judgement(let body) = statement { body } else { nil }
  }
}

/// From events to what is in force, the same for every order in which the events came.
///
/// A statement is in force unless it was retracted, replaced by an amendment that is not retracted, or followed on
/// the same device by another one on the same subject. An amendment whose parent has not come yet stands for itself.
/// Only the analyst's own events replace or retract a statement.
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

  /// The statements in force, by case, analyst and subject.
  public static func standing(_ events: some Sequence<Event>) -> [Standing] {
    standing(of: events.compactMap { Entry($0) })
  }

  /// The statements in force, by case, analyst and subject.
  public static func standing(of entries: [Entry]) -> [Standing] {
    let versions = unique(entries)
    var retracted: Set<Retracted> = []
    for entry in versions.values where entry.body.kind == .retract {
      for target in entry.body.targets(.retracts) {
        retracted.insert(Retracted(analyst: entry.event.analyst, eventID: target))
      }
    }
    var threads: [Thread: [Version]] = [:]
    for entry in versions.values {
      guard let caseID = entry.event.caseID, let statement = Statement(entry.body.payload) else { continue }
      let thread = Thread(
        caseID: caseID, analyst: entry.event.analyst, subject: subject(of: entry, statement, among: versions))
      threads[thread, default: []].append(
        Version(
          event: entry.event, statement: statement, parents: entry.body.targets(.amends),
          seen: entry.body.targets(.seen).first,
          isRetracted: retracted.contains(Retracted(analyst: entry.event.analyst, eventID: entry.event.eventID))))
    }
    return threads.compactMap { thread, versions in standing(of: thread, versions) }.sorted {
      ($0.caseID, $0.analyst, $0.subject) < ($1.caseID, $1.analyst, $1.subject)
    }
  }

  private struct Retracted: Hashable {
    var analyst: RawText
    var eventID: EventID
  }

  private struct Thread: Hashable {
    var caseID: ShortHash
    var analyst: RawText
    var subject: Subject
  }

  private struct Version {
    var event: Event
    var statement: Statement
    var parents: [EventID]
    var seen: EventID?
    var isRetracted: Bool
  }

  /// One entry an identity: an event that came under two streams counts once, in the same place for everybody.
  private static func unique(_ entries: [Entry]) -> [EventID: Entry] {
    Dictionary(entries.map { ($0.event.eventID, $0) }) { left, right in
      (left.event.stream, left.event.seq) < (right.event.stream, right.event.seq) ? left : right
    }
  }

  private static func subject(of entry: Entry, _ statement: Statement, among entries: [EventID: Entry]) -> Subject {
    switch statement {
    case .judgement(let body): return .judgement(body.stage)
    case .mark(let body): return .mark(explainer: body.explainer, target: body.mark.target)
    case .flag: return .flag
    case .note:
      var root = entry.event.eventID
      var met: Set<EventID> = [root]
      while let parent = entries[root]?.body.targets(.amends).min(), met.insert(parent).inserted { root = parent }
      return .note(root)
    }
  }

  private static func standing(of thread: Thread, _ versions: [Version]) -> Standing? {
    let byID = Dictionary(versions.map { ($0.event.eventID, $0) }) { left, _ in left }
    let live = versions.filter { !$0.isRetracted }
    var replaced: Set<EventID> = []
    for version in live {
      var open = version.parents
      var met: Set<EventID> = [version.event.eventID]
      while let parent = open.popLast() {
        guard met.insert(parent).inserted else { continue }
        replaced.insert(parent)
        open += byID[parent]?.parents ?? []
      }
    }
    let newest = Dictionary(live.map { ($0.event.stream, $0.event.seq) }, uniquingKeysWith: max)
    let leaves = live.filter {
      !replaced.contains($0.event.eventID) && newest[$0.event.stream] == $0.event.seq
    }.sorted { ($0.event.at, $0.event.eventID) < ($1.event.at, $1.event.eventID) }
    // Amendments that name each other in a circle replace each other: the newest stands, nothing is lost.
    let standing =
      leaves.last ?? live.max { ($0.event.at, $0.event.eventID) < ($1.event.at, $1.event.eventID) }
    guard let standing else { return nil }
    return Standing(
      caseID: thread.caseID, analyst: thread.analyst, subject: thread.subject, statement: standing.statement,
      eventID: standing.event.eventID, hash: standing.event.hash, stream: standing.event.stream,
      seq: standing.event.seq, at: standing.event.at, seen: standing.seen,
      alternatives: leaves.dropLast().map(\.event.eventID))
  }
}
