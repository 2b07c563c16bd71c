public import Domain

/// What it takes of an event to know whether a statement stands, without what it states.
public struct StatementLink: Hashable, Sendable {
  var eventID: EventID
  var stream: StreamID
  var seq: Int
  var at: Timestamp
  var analyst: RawText
  var caseID: ShortHash?
  /// nil for a retraction; for a note, the note itself. Of a removed mark it is not known.
  var subject: Subject?
  var parents: [EventID]
  var retracted: [EventID]
  var words = Words.there
  /// What it says, without how it came about; nil where that is not there.
  var said: Statement?

  /// Whether what it states is there.
  enum Words: Hashable {
    case there
    /// Removed; what it took the place of is known.
    case removed
    /// Removed by a version that did not keep what it took the place of, or took back.
    case lost
  }

  public init(_ entry: Fold.Entry) {
    let event = entry.event
    eventID = event.eventID
    stream = event.stream
    seq = event.seq
    at = event.at
    analyst = event.analyst
    caseID = event.caseID
    let statement = Statement(entry.body.payload)
    subject = statement.map { $0.subject ?? .note(event.eventID) }
    said = statement?.withoutCircumstances
    parents = entry.body.targets(.amends)
    retracted = entry.body.kind == .retract ? entry.body.targets(.retracts) : []
  }

  /// What an event of a kind is about where its kind alone tells.
  private static func subject(of kind: EventKind) -> Subject? {
    switch kind {
    case .flag: .flag
    case .adjudicate: .decision
    default: nil
    }
  }

  /// What was said by an event of which the place is there and the words are not.
  init(removed event: Event, _ remains: Remains?) {
    eventID = event.eventID
    stream = event.stream
    seq = event.seq
    at = event.at
    analyst = event.analyst
    caseID = event.caseID
    subject = remains?.subject(of: event.eventID) ?? StatementLink.subject(of: event.kind)
    parents = remains?.targets(.amends) ?? []
    retracted = remains?.targets(.retracts) ?? []
    // A first word took the place of nothing.
    words = remains == nil && (event.kind == .amend || event.kind == .retract) ? .lost : .removed
  }

  /// What was said by an event that never came, as the one that removed it tells.
  init(removed eventID: EventID, by redaction: Event, _ remains: Remains) {
    self.eventID = eventID
    stream = redaction.stream
    seq = 0
    at = redaction.at
    analyst = redaction.analyst
    caseID = redaction.caseID
    subject = remains.subject(of: eventID)
    parents = remains.targets(.amends)
    retracted = remains.targets(.retracts)
    words = .removed
  }
}

/// Where a statement stands.
public enum StatementState: String, Hashable, Sendable, CaseIterable {
  case inForce = "in_force"
  case superseded
  case retracted
  /// One of two that the analyst made on two devices and has not chosen between.
  case alternative
  /// The last word on its subject, and its words were removed.
  case redacted
  /// The analyst said more later, and nothing is left of that: it may have taken this one's place.
  case unknown
}

/// Statements sorted into threads, each with the one that is in force.
public struct StatementThreads: Sendable {
  /// The statement in force of one analyst on one subject of one case.
  public struct Thread: Hashable, Sendable {
    public var caseID: ShortHash
    public var analyst: RawText
    public var subject: Subject
    public var eventID: EventID
    /// Made on other devices, by time; neither replaces the other, and no two say the same.
    public var alternatives: [EventID]
    /// Made on other devices, by time, and saying the same as the one in force or as an alternative: nothing to choose.
    public var alike: [EventID]
  }

  /// By case, analyst and subject.
  public let standing: [Thread]
  private let retracted: Set<Retracted>
  private let inForce: Set<EventID>
  private let alternatives: Set<EventID>
  private let unknown: Set<EventID>
  /// Last words that were removed, by what they were about.
  private let redacted: [EventID: Key]

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
    let byID = StatementThreads.byIdentity(links)
    let retracted = Set(
      byID.values.flatMap { link in link.retracted.map { Retracted(analyst: link.analyst, eventID: $0) } })
    func isLive(_ link: StatementLink) -> Bool {
      !retracted.contains(Retracted(analyst: link.analyst, eventID: link.eventID))
    }
    var groups: [Key: [StatementLink]] = [:]
    for link in byID.values {
      guard let caseID = link.caseID, let subject = StatementThreads.subject(of: link, among: byID) else { continue }
      groups[Key(caseID: caseID, analyst: link.analyst, subject: subject), default: []].append(link)
    }
    let lost = byID.values.filter { $0.words == .lost && isLive($0) }
    var standing: [Thread] = []
    var unknown: Set<EventID> = []
    var redacted: [EventID: Key] = [:]
    for (key, links) in groups {
      let leaves = StatementThreads.leaves(of: links.filter(isLive), all: links)
      let said = leaves.filter { $0.words == .there }
      guard let newest = said.last else {
        for leaf in leaves { redacted[leaf.eventID] = key }
        continue
      }
      if lost.contains(where: { $0.caseID == key.caseID && $0.analyst == key.analyst && $0.isLater(than: newest) }) {
        unknown.formUnion(said.map(\.eventID))
        continue
      }
      // Of those that say the same the newest stands for all.
      let distinct = said.indices.filter { index in
        !said[(index + 1)...].contains { $0.said == said[index].said }
      }
      let alike = said.indices.filter { !distinct.contains($0) }
      standing.append(
        Thread(
          caseID: key.caseID, analyst: key.analyst, subject: key.subject, eventID: newest.eventID,
          alternatives: distinct.dropLast().map { said[$0].eventID }, alike: alike.map { said[$0].eventID }))
    }
    self.standing = standing.sorted { ($0.caseID, $0.analyst, $0.subject) < ($1.caseID, $1.analyst, $1.subject) }
    self.retracted = retracted
    self.unknown = unknown
    self.redacted = redacted
    inForce = Set(standing.map(\.eventID))
    alternatives = Set(standing.flatMap(\.alternatives))
  }

  /// Where a statement stands.
  public func state(of eventID: EventID, analyst: RawText) -> StatementState {
    if inForce.contains(eventID) { return .inForce }
    if alternatives.contains(eventID) { return .alternative }
    if redacted[eventID] != nil { return .redacted }
    if unknown.contains(eventID) { return .unknown }
    return retracted.contains(Retracted(analyst: analyst, eventID: eventID)) ? .retracted : .superseded
  }

  /// Whether the last word of an analyst on a subject was removed: an earlier one on another is not the last then.
  public func isRedacted(_ subject: Subject, of analyst: RawText) -> Bool {
    redacted.values.contains { $0.subject == subject && $0.analyst == analyst }
  }

  /// What an analyst's statements on one subject of a case took the place of, and what that had taken the place of, as far
  /// as it was not taken back; the newest first. Where it goes with them, nothing of before comes into force again.
  static func beneath(_ ids: [EventID], among links: some Sequence<StatementLink>) -> [EventID] {
    let byID = byIdentity(links)
    guard let asked = ids.first.flatMap({ byID[$0] }), let about = subject(of: asked, among: byID) else { return [] }
    let thread = byID.values.filter {
      $0.analyst == asked.analyst && $0.caseID == asked.caseID && subject(of: $0, among: byID) == about
    }
    var before: [EventID: EventID] = [:]
    for device in Dictionary(grouping: thread, by: \.stream).values {
      let inOrder = device.sorted { $0.seq < $1.seq }
      for (earlier, later) in zip(inOrder, inOrder.dropFirst()) { before[later.eventID] = earlier.eventID }
    }
    let own = byID.values.filter { $0.analyst == asked.analyst }
    let retracted = Set(own.flatMap(\.retracted))
    let inThread = Set(thread.map(\.eventID))
    var (found, met, next): ([EventID], Set<EventID>, Int) = (ids, Set(ids), 0)
    while next < found.count {
      let id = found[next]
      next += 1
      found += ((byID[id]?.parents ?? []) + [before[id]].compactMap { $0 }).filter {
        inThread.contains($0) && met.insert($0).inserted
      }
    }
    return found.dropFirst(ids.count).filter { !retracted.contains($0) && byID[$0]?.words == .there }
  }

  /// Each once: of one that came under two streams the same one, in whatever order they came.
  private static func byIdentity(_ links: some Sequence<StatementLink>) -> [EventID: StatementLink] {
    Dictionary(links.map { ($0.eventID, $0) }) { left, right in
      (left.stream, left.seq) < (right.stream, right.seq) ? left : right
    }
  }

  private static func subject(of link: StatementLink, among links: [EventID: StatementLink]) -> Subject? {
    if link.subject == nil, link.words == .removed {
      // Of a mark that was removed only what it took the place of says where it stood.
      var open = link.parents
      var met: Set<EventID> = [link.eventID]
      while let parent = open.popLast(), met.insert(parent).inserted {
        guard let parent = links[parent] else { continue }
        if parent.subject != nil { return subject(of: parent, among: links) }
        open += parent.parents
      }
    }
    if case .mark = link.subject { return mark(of: link, among: links) }
    guard case .note = link.subject else { return link.subject }
    var root = link.eventID
    var met: Set<EventID> = [root]
    while let parent = links[root]?.parents.min(), met.insert(parent).inserted { root = parent }
    return .note(root)
  }

  /// Where a mark stands: where the first one stood whose place it took, which may have called the part by its name or by its
  /// number.
  private static func mark(of link: StatementLink, among links: [EventID: StatementLink]) -> Subject? {
    var root = link
    var met: Set<EventID> = [link.eventID]
    while let id = root.parents.min(), met.insert(id).inserted, let parent = links[id],
      parent.analyst == link.analyst, parent.caseID == link.caseID, case .mark = parent.subject
    {
      root = parent
    }
    return root.subject
  }

  /// Statements that nothing replaced, by time: neither an amendment that stands nor a later one on the same device.
  private static func leaves(of live: [StatementLink], all: [StatementLink]) -> [StatementLink] {
    let newest = Dictionary(live.map { ($0.stream, $0.seq) }, uniquingKeysWith: max)
    let byTime = live.sorted { $1.isLater(than: $0) }
    // The place of one that never came is not known: it follows nothing on its device.
    let last = byTime.filter { $0.seq == 0 || newest[$0.stream] == $0.seq }
    var children: [EventID: [EventID]] = [:]
    for link in all { for parent in link.parents { children[parent, default: []].append(link.eventID) } }
    let standing = Set(live.map(\.eventID))
    // Each device has one that may be a leaf: what came after that is looked through, and not all that came before each.
    let leaves = last.filter { link in
      var open = children[link.eventID] ?? []
      var met: Set<EventID> = [link.eventID]
      while let child = open.popLast() {
        guard met.insert(child).inserted else { continue }
        if standing.contains(child) { return false }
        open += children[child] ?? []
      }
      return true
    }
    // Amendments that name each other in a circle replace each other: the newest stands, nothing is lost.
    return leaves.isEmpty ? byTime.suffix(1) : leaves
  }
}

extension StatementLink {
  fileprivate func isLater(than other: StatementLink) -> Bool { (other.at, other.eventID) < (at, eventID) }
}
