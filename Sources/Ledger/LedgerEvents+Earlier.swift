public import Domain
public import Feedback
internal import GRDB

/// What an export of what was saved since a moment has to tell again.
extension LedgerEvents {
  /// The cases of which something was said, taken back or removed at this moment or later, in the order in which it was saved.
  public func cases(saidSince moment: Timestamp, context: RawText, withColleagues: Bool) throws -> [ShortHash] {
    var cases: [ShortHash] = []
    var met: Set<ShortHash> = []
    try walk(Self.statements, "e.at >= ?2", [moment.column], context, withColleagues) { event in
      if let id = event.caseID, met.insert(id).inserted { cases.append(id) }
    }
    return cases
  }

  /// The events whose words were removed at this moment or later, by those who said them.
  public func redacted(since moment: Timestamp, context: RawText, withColleagues: Bool) throws -> [Event] {
    var targets: [(id: EventID, analyst: RawText)] = []
    try walk("'redact'", "e.at >= ?2", [moment.column], context, withColleagues) { event in
      targets += ((try? event.decoded())?.targets(.redacts) ?? []).map { ($0, event.analyst) }
    }
    return try targets.compactMap { id, analyst in
      guard let event = try event(id), event.body == nil, event.analyst == analyst else { return nil }
      return event
    }
  }

  /// Judgements of a case; those that were saved before a moment where one is given.
  public func judgements(
    of caseID: ShortHash, before moment: Timestamp? = nil, context: RawText, withColleagues: Bool
  ) throws -> [Event] {
    var events: [Event] = []
    let words = "(?2 IS NULL OR e.at < ?2) AND e.case_id = ?3"
    try walk("'judgement', 'amend'", words, [moment?.column, caseID.bytes.blob], context, withColleagues) {
      events.append($0)
    }
    return events
  }

  /// What was last seen of a case.
  public func newestView(of caseID: ShortHash, context: RawText, withColleagues: Bool) throws -> Event? {
    var newest: Event?
    try walk("'seen'", "e.case_id = ?2 AND e.body IS NOT NULL", [caseID.bytes.blob], context, withColleagues) { event in
      if newest.map({ $0.at <= event.at }) ?? true { newest = event }
    }
    return newest
  }

  private static let statements = """
    'judgement', 'amend', 'retract', 'mark', 'note', 'flag', 'adjudicate', 'redact'
    """

  /// Hands over events of these kinds for which a condition holds: a context's own, then what came of other devices, and
  /// of colleagues' where wanted.
  func walk(
    _ kinds: String, _ condition: String, _ values: [(any DatabaseValueConvertible)?], _ context: RawText,
    _ withColleagues: Bool, _ body: (Event) throws -> Void
  ) throws {
    let whose = withColleagues ? "" : " AND \(Ledger.isOwn("e"))"
    for source in [
      "event e JOIN stream s ON s.id = e.stream WHERE s.context = ?1",
      "foreign_event e WHERE \(Ledger.isForeign("e", in: "?1"))\(whose)",
    ] {
      try walk(
        "SELECT e.* FROM \(source) AND e.kind IN (\(kinds)) AND \(condition) ORDER BY e.id",
        StatementArguments([context.blob] + values), body)
    }
  }
}
