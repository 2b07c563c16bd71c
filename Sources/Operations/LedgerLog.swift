internal import Domain
internal import Export
internal import Feedback
internal import Ledger

/// The events of one context, as an export walks them.
struct LedgerLog: ExportLog {
  let events: LedgerEvents
  let context: RawText
  let since: Timestamp?
  let withColleagues: Bool
  /// Cases that wait for the analyst's own blind answer: nobody's word on them, and no view with the model's, is in it.
  let hidden: Set<ShortHash>
  private let decisions: [ShortHash: [Decision]]
  /// The analyst's name at the collector, and the names that own events have of before; nil without a collector.
  private let own: (name: RawText, names: Set<String>)?

  init(_ events: LedgerEvents, context: RawText, analyst: RawText?, hidden: Set<ShortHash>, _ wanted: FeedbackExport)
    throws
  {
    self.hidden = hidden
    decisions = try events.publishedDecisions(context: context)
    own = try analyst.map { ($0, try events.ownNames()) }
    self.events = events
    self.context = context
    since = wanted.since
    withColleagues = wanted.withColleagues
  }

  func forEach(_ body: (ExportEntry) throws -> Void) throws {
    try events.forEach(context: context, withColleagues: withColleagues, since: since) { event in
      if !isHidden(event) { try body(ExportEntry(named(event))) }
    }
  }

  private func isHidden(_ event: Event) -> Bool { event.caseID.map { hidden.contains($0) } ?? false }

  /// Hidden cases of which colleagues said something that would be in it.
  func leftOutCases() throws -> Int {
    guard withColleagues else { return 0 }
    return try hidden.count { try !events.judgements(of: $0, context: context, withColleagues: true).isEmpty }
  }

  func forEachEarlier(_ body: (ExportEntry, _ hasChanged: Bool) throws -> Void) throws {
    guard let since else { return }
    var told: Set<EventID> = []
    let gone = try events.redacted(since: since, context: context, withColleagues: withColleagues)
    for event in gone
    where event.isJudgement && event.at < since && !isHidden(event) && told.insert(event.eventID).inserted {
      try body(ExportEntry(named(event)), true)
    }
    for event in gone where event.at < since {
      guard let caseID = event.caseID else { continue }
      // A decision stands in everybody's rows, and others may have judged on the same view.
      let everybody = event.kind == .adjudicate || event.kind == .seen
      for judgement in try judgements(of: caseID, before: since)
      where (everybody || judgement.analyst == event.analyst) && told.insert(judgement.eventID).inserted {
        try body(ExportEntry(named(judgement)), true)
      }
    }
    for caseID in try events.casesDecided(since: since, context: context) {
      for judgement in try judgements(of: caseID, before: since) where told.insert(judgement.eventID).inserted {
        try body(ExportEntry(named(judgement)), true)
      }
    }
    for caseID in try events.cases(saidSince: since, context: context, withColleagues: withColleagues) {
      for judgement in try judgements(of: caseID, before: since) where !told.contains(judgement.eventID) {
        try body(ExportEntry(named(judgement)), false)
      }
    }
  }

  /// Those that still say something.
  private func judgements(of caseID: ShortHash, before moment: Timestamp) throws -> [Event] {
    try events.judgements(of: caseID, before: moment, context: context, withColleagues: withColleagues)
      .filter { $0.body != nil && !isHidden($0) }
  }

  func earlierStatements(about caseID: ShortHash) throws -> [Event] {
    guard let since else { return [] }
    return try statements(about: caseID).filter { $0.at < since }
  }

  func judgements(of caseID: ShortHash) throws -> [ExportEntry] {
    try events.judgements(of: caseID, context: context, withColleagues: withColleagues)
      .filter { $0.body != nil }.map { ExportEntry(named($0)) }
  }

  func newestView(of caseID: ShortHash) throws -> Event? {
    try events.newestView(of: caseID, context: context, withColleagues: withColleagues).map(named)
  }

  func event(_ id: EventID) throws -> Event? { try events.event(id).map(named) }

  func statements(about caseID: ShortHash) throws -> [Event] { try events.statements(about: caseID).map(named) }

  /// One's own event under the name that the collector has for the analyst: what was saved before is the same person's.
  private func named(_ event: Event) -> Event {
    guard let own, own.names.contains(event.analyst.string) else { return event }
    var event = event
    event.analyst = own.name
    return event
  }

  func remains(about caseID: ShortHash) throws -> [EventID: Remains] { try events.remains(about: caseID) }

  func published(about caseID: ShortHash) throws -> [Decision] { decisions[caseID] ?? [] }

  func content(of hash: Hash) throws -> [UInt8]? { try events.content(of: hash) }
}

extension Event {
  fileprivate var isJudgement: Bool { kind == .judgement || kind == .amend }
}
