internal import Domain
internal import Feedback

/// Everything that was said of one case, and what of it stands.
struct CaseStatements {
  let threads: StatementThreads
  /// What is known of those whose words were removed.
  let removed: RemovedStatements
  private let entries: [EventID: Fold.Entry]
  /// What researchers decided.
  private let published: [Decision]

  init(_ events: [Event], remains: [EventID: Remains] = [:], published: [Decision] = []) {
    self.published = published
    let all = events.compactMap { Fold.Entry($0) }
    removed = RemovedStatements(among: events, kept: remains)
    threads = StatementThreads(StatementLink.links(of: events, entries: all, remains: remains))
    entries = Dictionary(all.map { ($0.event.eventID, $0) }) { left, right in
      (left.event.stream, left.event.seq) < (right.event.stream, right.event.seq) ? left : right
    }
  }

  /// The bytes of what was said, and about as many as its place takes.
  var size: Int { entries.values.reduce(64) { $0 + 256 + ($1.event.body?.count ?? 0) } }

  /// What the analyst's statements in force are.
  func standing(of analyst: RawText) -> [Statement] {
    threads.standing.filter { $0.analyst == analyst }
      .compactMap { entries[$0.eventID].flatMap { Statement($0.body.payload) } }
  }

  /// Whether the analyst said what is right, also where that was changed or taken back; or only where it is in force.
  func hasJudgement(of analyst: RawText, inForce: Bool) -> Bool {
    let said = inForce ? standing(of: analyst) : statements(of: analyst)
    return said.contains { if case .judgement = $0 { true } else { false } }
  }

  private func statements(of analyst: RawText) -> [Statement] {
    entries.values.filter { $0.event.analyst == analyst }.compactMap { Statement($0.body.payload) }
  }

  /// The newest decision that stands, an analyst's or the researchers'.
  var decision: Decision? {
    Decision.inForce(
      published
        + threads.standing.filter { $0.subject == .decision }.compactMap { thread in
          guard let entry = entries[thread.eventID], case .decision(let body) = Statement(entry.body.payload) else {
            return nil
          }
          return Decision(
            body.adjudication(of: thread.caseID, by: thread.analyst), at: entry.event.at, isPublished: false)
        })
  }

  /// Whether a judgement stands, and no final one of its analyst stands beside it.
  func isLastWord(_ event: Event, _ body: JudgementBody) -> Bool {
    guard threads.state(of: event.eventID, analyst: event.analyst) == .inForce else { return false }
    guard body.stage == .initial else { return true }
    if threads.isRedacted(.judgement(.final), of: event.analyst) { return false }
    return !standing(of: event.analyst).contains { statement in
      if case .judgement(let other) = statement { other.stage == .final } else { false }
    }
  }

  /// The `seen` that the statements before this one were made on: a redo repeats what was said, and may leave it out.
  func seen(behind id: EventID) -> EventID? {
    var open = [id]
    var met: Set<EventID> = []
    while let next = open.popLast() {
      guard met.insert(next).inserted, let body = entries[next]?.body else { continue }
      if let seen = body.targets(.seen).first { return seen }
      open += body.targets(.redoes) + body.targets(.amends)
    }
    return nil
  }
}

/// The cases that were met last: the events of one case stand together, or as far apart as those of a sitting. A case that
/// is not kept is put together anew for each of its events, so that many are.
final class CaseShelf<Log: ExportLog> {
  private let log: Log
  private var shelf: [ShortHash: CaseStatements] = [:]
  private var size = 0

  /// Bytes kept at most, unless one case alone has more.
  private static var limit: Int { 8 << 20 }

  init(_ log: Log) { self.log = log }

  func statements(about event: Event) throws -> CaseStatements {
    guard let id = event.caseID else { return CaseStatements([]) }
    if let known = shelf[id] { return known }
    let found = CaseStatements(
      try log.statements(about: id), remains: try log.remains(about: id), published: try log.published(about: id))
    let more = found.size
    if size + more > Self.limit {
      shelf = [:]
      size = 0
    }
    shelf[id] = found
    size += more
    return found
  }

  func state(of event: Event) throws -> StatementState {
    try statements(about: event).threads.state(of: event.eventID, analyst: event.analyst)
  }
}
