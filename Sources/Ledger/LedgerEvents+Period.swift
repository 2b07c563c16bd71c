internal import Domain
internal import Feedback
internal import GRDB

/// Which of the judgements of a ledger are asked for.
struct JudgedPeriod {
  var since: Timestamp?
  var until: Timestamp?
  /// Cases of which more was said than is asked for: what stood then is worked out from their events.
  var changed: Set<ShortHash>
  var decisions: [ShortHash: Stand]
  /// The names that the analyst has or had in this ledger, and the one under which all of it is told.
  var ownNames: Set<String>
  var analyst: RawText

  /// What was said of a case by those whose last word on it is not too old.
  func held(of judged: JudgedCase) -> [JudgedCase.Opinion] {
    guard let since else { return judged.judgements }
    let analysts = Set(judged.lastWords.filter { $0.at >= since }.map(\.analyst))
    return judged.judgements.filter { analysts.contains($0.analyst) }
  }

  /// Under which names the ledger knows an analyst.
  func names(of analyst: RawText) -> Set<String> { analyst == self.analyst ? ownNames : [analyst.string] }
}

extension LedgerEvents {
  /// The names that the analyst has or had in this ledger.
  public func ownNames() throws -> Set<String> {
    Set(try String.fetchAll(db.cachedStatement(sql: "SELECT DISTINCT analyst FROM stream")))
  }

  /// The cases of a context on which something was said, changed or taken back at a moment or later.
  func casesSaid(from moment: Timestamp, context: RawText) throws -> Set<ShortHash> {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT e.case_id FROM event e JOIN stream s ON s.id = e.stream
        WHERE s.context = ?1 AND e.at >= ?2 AND e.case_id IS NOT NULL AND e.kind IN ('judgement', 'amend', 'retract')
        UNION SELECT case_id FROM foreign_event f WHERE \(Ledger.isForeign("f", in: "?1"))
        AND at >= ?2 AND case_id IS NOT NULL AND kind IN ('judgement', 'amend', 'retract')
        """, arguments: [context.blob, moment.column])
    var cases: Set<ShortHash> = []
    while let row = try rows.next() { cases.insert(try row.shortHash("case_id")) }
    return cases
  }

  /// A case as it was judged at a moment; nil where nobody had. What was removed since is removed: nobody knows what it
  /// said.
  func judged(
    _ caseID: ShortHash, at moment: Timestamp, context: RawText, _ period: JudgedPeriod, withInputs: Bool
  ) throws -> LedgerJudgedCase? {
    let all = try Ledger.statements(db, about: caseID)
    let standing = Fold.standing(Self.said(all, before: moment), remains: try Ledger.remains(db, about: caseID))
    var found = LedgerJudgedCase(
      judged: JudgedCase(caseID: caseID, judgements: [], decision: period.decisions[caseID]), isHere: false)
    for item in standing {
      guard let judgement = item.judgement else { continue }
      let row = try Row.fetchOne(
        db.cachedStatement(
          sql: """
            SELECT \(Self.viewColumns(withInputs: withInputs))
            FROM (SELECT ?2 AS case_id, ?3 AS stream, ?4 AS event_id, ?5 AS seen) j \(Self.viewJoins)
            WHERE \(Ledger.isSaid(in: "?1"))
            """),
        arguments: [
          context.blob, caseID.bytes.blob, item.stream.bytes.blob, item.eventID.bytes.blob, item.seen?.bytes.blob,
        ])
      guard let row else { continue }
      found.isHere = row.optionalRaw("model") != nil
      found.judged.judgements.append(
        JudgedCase.Opinion(
          analyst: period.ownNames.contains(item.analyst.string) ? period.analyst : item.analyst, at: item.at,
          body: judgement, view: try view(row, withInputs: withInputs), hasAlternatives: !item.alternatives.isEmpty))
    }
    return found.judged.judgements.isEmpty ? nil : found
  }

  /// What was said before a moment, and what removed something of it, whenever that was.
  private static func said(_ events: [Event], before moment: Timestamp) -> [Event] {
    let later = Set(events.filter { $0.at >= moment && $0.kind != .redact }.map(\.eventID))
    return events.filter { event in
      guard event.kind == .redact, let body = try? event.decoded() else { return !later.contains(event.eventID) }
      return !body.targets(.redacts).allSatisfy(later.contains)
    }
  }

  /// Leaves out the answers from before the model's was shown of those whose last word was removed: they count as not
  /// having judged.
  func dropUnsaid(_ judged: inout JudgedCase, _ period: JudgedPeriod) throws {
    let final = Set(judged.judgements.filter { $0.body.stage == .final }.map(\.analyst))
    guard judged.judgements.contains(where: { !final.contains($0.analyst) }) else { return }
    var events = try Ledger.statements(db, about: judged.caseID)
    if let until = period.until { events = Self.said(events, before: until) }
    guard events.contains(where: { $0.body == nil || $0.kind == .redact }) else { return }
    let threads = StatementThreads(
      StatementLink.links(
        of: events, entries: events.compactMap { Fold.Entry($0) },
        remains: try Ledger.remains(db, about: judged.caseID)))
    judged.judgements.removeAll { opinion in
      guard !final.contains(opinion.analyst) else { return false }
      return period.names(of: opinion.analyst).contains { threads.isRedacted(.judgement(.final), of: RawText($0)) }
    }
  }
}
