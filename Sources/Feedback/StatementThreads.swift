public import Domain

/// What it takes of an event to know whether a statement stands, without what it states.
public struct StatementLink: Hashable, Sendable {
  var eventID: EventID
  var stream: StreamID
  var seq: Int
  var at: Timestamp
  var analyst: RawText
  var caseID: ShortHash?
  /// nil for a retraction; for a note, the note itself.
  var subject: Subject?
  var parents: [EventID]
  var retracted: [EventID]

  public init(_ entry: Fold.Entry) {
    let event = entry.event
    eventID = event.eventID
    stream = event.stream
    seq = event.seq
    at = event.at
    analyst = event.analyst
    caseID = event.caseID
    subject = Statement(entry.body.payload).map { $0.subject ?? .note(event.eventID) }
    parents = entry.body.targets(.amends)
    retracted = entry.body.kind == .retract ? entry.body.targets(.retracts) : []
  }
}

/// Where a statement stands.
public enum StatementState: String, Hashable, Sendable, CaseIterable {
  case inForce = "in_force"
  case superseded
  case retracted
  /// One of two that the analyst made on two devices and has not chosen between.
  case alternative
}

/// Statements sorted into threads, each with the one that is in force.
public struct StatementThreads: Sendable {
  /// The statement in force of one analyst on one subject of one case.
  public struct Thread: Hashable, Sendable {
    public var caseID: ShortHash
    public var analyst: RawText
    public var subject: Subject
    public var eventID: EventID
    /// Made on other devices, by time; neither replaces the other.
    public var alternatives: [EventID]
  }

  /// By case, analyst and subject.
  public let standing: [Thread]
  private let retracted: Set<Retracted>
  private let inForce: Set<EventID>
  private let alternatives: Set<EventID>

  private struct Key: Hashable {
    var caseID: ShortHash
    var analyst: RawText
    var subject: Subject
  }

  private struct Retracted: Hashable {
    var analyst: RawText
    var eventID: EventID
  }

  /// The same threads for every order of the links; an event that came under two streams counts once.
  public init(_ links: some Sequence<StatementLink>) {
    let byID = Dictionary(links.map { ($0.eventID, $0) }) { left, right in
      (left.stream, left.seq) < (right.stream, right.seq) ? left : right
    }
    let retracted = Set(
      byID.values.flatMap { link in link.retracted.map { Retracted(analyst: link.analyst, eventID: $0) } })
    var groups: [Key: [StatementLink]] = [:]
    for link in byID.values {
      guard let caseID = link.caseID, let subject = StatementThreads.subject(of: link, among: byID) else { continue }
      groups[Key(caseID: caseID, analyst: link.analyst, subject: subject), default: []].append(link)
    }
    standing = groups.compactMap { key, links in
      let live = links.filter { !retracted.contains(Retracted(analyst: $0.analyst, eventID: $0.eventID)) }
      let leaves = StatementThreads.leaves(of: live, all: links)
      guard let newest = leaves.last else { return nil }
      return Thread(
        caseID: key.caseID, analyst: key.analyst, subject: key.subject, eventID: newest,
        alternatives: leaves.dropLast())
    }.sorted { ($0.caseID, $0.analyst, $0.subject) < ($1.caseID, $1.analyst, $1.subject) }
    self.retracted = retracted
    inForce = Set(standing.map(\.eventID))
    alternatives = Set(standing.flatMap(\.alternatives))
  }

  /// Where a statement stands.
  public func state(of eventID: EventID, analyst: RawText) -> StatementState {
    if inForce.contains(eventID) { return .inForce }
    if alternatives.contains(eventID) { return .alternative }
    return retracted.contains(Retracted(analyst: analyst, eventID: eventID)) ? .retracted : .superseded
  }

  private static func subject(of link: StatementLink, among links: [EventID: StatementLink]) -> Subject? {
    guard case .note = link.subject else { return link.subject }
    var root = link.eventID
    var met: Set<EventID> = [root]
    while let parent = links[root]?.parents.min(), met.insert(parent).inserted { root = parent }
    return .note(root)
  }

  /// Statements that nothing replaced, by time: neither an amendment that stands nor a later one on the same device.
  private static func leaves(of live: [StatementLink], all: [StatementLink]) -> [EventID] {
    let byID = Dictionary(all.map { ($0.eventID, $0) }) { left, _ in left }
    var replaced: Set<EventID> = []
    for link in live {
      var open = link.parents
      var met: Set<EventID> = [link.eventID]
      while let parent = open.popLast() {
        guard met.insert(parent).inserted else { continue }
        replaced.insert(parent)
        open += byID[parent]?.parents ?? []
      }
    }
    let newest = Dictionary(live.map { ($0.stream, $0.seq) }, uniquingKeysWith: max)
    let byTime = live.sorted { ($0.at, $0.eventID) < ($1.at, $1.eventID) }
    let leaves = byTime.filter { !replaced.contains($0.eventID) && newest[$0.stream] == $0.seq }
    // Amendments that name each other in a circle replace each other: the newest stands, nothing is lost.
    return (leaves.isEmpty ? byTime.suffix(1) : leaves[...]).map(\.eventID)
  }
}
