public import Domain
public import Feedback
internal import GRDB

/// A case with what was said of it, and whether it can be opened here.
public struct LedgerJudgedCase: Hashable, Sendable {
  public var judged: JudgedCase
  /// Whether the ledger holds the case itself, not only what colleagues say of it.
  public var isHere: Bool
}

extension Ledger {
  /// The analyst's newest judgements in force in a context, one a case: the last one of those on a case that was answered
  /// blind first.
  public func ownOpinions(context: RawText, newest: Int) throws(LedgerError) -> [JudgedCase.Opinion] {
    try read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT case_id, analyst, at, statement FROM judgement_now
            WHERE own = 1 AND kind = 'judgement' AND stream IN (SELECT id FROM stream WHERE context = ?)
            ORDER BY at DESC LIMIT ?
            """), arguments: [context.blob, newest])
      var seen: Set<ShortHash> = []
      return try rows.compactMap { row in
        guard seen.insert(try row.shortHash("case_id")).inserted,
          case .judgement(let body) = try row.statement()
        else { return nil }
        return JudgedCase.Opinion(analyst: RawText(row.string("analyst")), at: row.time("at"), body: body)
      }
    }
  }
}

extension LedgerEvents {
  /// Hands over the cases of a context on which somebody has a judgement in force, one's own and colleagues', with
  /// what each saw and what was decided of them, until `body` returns false. Memory does not grow with the ledger.
  ///
  /// `until` asks what stood then, without what was said at that moment or later. `since` leaves out analysts whose last
  /// word on a case is older; of the others all that they said of it comes. All that one said oneself is said by
  /// `analyst`: before one was enrolled the events have another name.
  public func forEachJudged(
    context: RawText, analyst: RawText, since: Timestamp? = nil, until: Timestamp? = nil, withInputs: Bool = false,
    _ body: (LedgerJudgedCase) throws -> Bool
  ) throws {
    let period = JudgedPeriod(
      since: since, until: until, changed: try until.map { try casesSaid(from: $0, context: context) } ?? [],
      decisions: try decisions(context: context), ownNames: try ownNames(), analyst: analyst)
    func hand(_ found: LedgerJudgedCase?) throws -> Bool {
      guard var found else { return true }
      try dropUnsaid(&found.judged, period)
      found.judged.judgements = period.held(of: found.judged)
      return try found.judged.judgements.isEmpty || body(found)
    }
    var current: LedgerJudgedCase?
    let rows = try Row.fetchCursor(
      db, sql: Self.judgedSQL(withInputs: withInputs), arguments: [context.blob, since?.microseconds])
    while let row = try rows.next() {
      let caseID = try row.shortHash("case_id")
      guard !period.changed.contains(caseID),
        case .judgement(let judgement) = try row.statement()
      else { continue }
      let opinion = JudgedCase.Opinion(
        analyst: row.int("own") == 1 ? analyst : RawText(row.string("analyst")), at: row.time("at"), body: judgement,
        view: try view(row, withInputs: withInputs), hasAlternatives: !row.bytes("alternatives").isEmpty)
      if current?.judged.caseID == caseID {
        current?.judged.judgements.append(opinion)
        continue
      }
      guard try hand(current) else { return }
      current = LedgerJudgedCase(
        judged: JudgedCase(caseID: caseID, judgements: [opinion], decision: period.decisions[caseID]),
        isHere: row.optionalRaw("model") != nil)
    }
    guard try hand(current), let until else { return }
    for caseID in period.changed {
      let then = try judged(caseID, at: until, context: context, period, withInputs: withInputs)
      guard try hand(then) else { return }
    }
  }

  /// What was decided of cases, by researchers and by analysts, the newest of each; an item that cannot be read decides
  /// nothing.
  private func decisions(context: RawText) throws -> [ShortHash: Stand] {
    var decisions = try publishedDecisions(context: context)
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT j.* FROM judgement_now j LEFT JOIN stream s ON s.id = j.stream
        LEFT JOIN foreign_event f ON s.id IS NULL AND f.event_id = j.event_id
        WHERE j.own IN (0, 1) AND j.kind = 'adjudicate' AND \(Ledger.isSaid(in: "?1"))
        """, arguments: [context.blob])
    while let row = try rows.next() {
      if let decision = Decision(try Standing(row)) { decisions[decision.content.caseID, default: []].append(decision) }
    }
    return decisions.compactMapValues { Decision.inForce($0)?.content.stand }
  }

  /// What researchers decided of cases, as far as it is in force; an item that cannot be read decides nothing.
  public func publishedDecisions(context: RawText) throws -> [ShortHash: [Decision]] {
    var decisions: [ShortHash: [Decision]] = [:]
    for item in try Ledger.inForce(db, kind: .adjudication, context: context) {
      guard let content = try? item.decoded(Adjudication.self) else { continue }
      decisions[content.caseID, default: []].append(Decision(content, at: item.publishedAt, isPublished: true))
    }
    return decisions
  }

  /// The cases of which a decision of the researchers' came at this moment or later, or that one was withdrawn.
  public func casesDecided(since moment: Timestamp, context: RawText) throws -> [ShortHash] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT name FROM inbox WHERE context = ? AND kind = ? AND received_at >= ?
          GROUP BY name ORDER BY min(received_at), name
          """),
      arguments: [context.blob, InboxKind.adjudication.text.blob, moment.microseconds]
    ).compactMap { ShortHash(hex: $0.raw("name").string) }
  }

  /// Judgements of which nothing is left but that they were made. Where a model or a version is asked for, those on its
  /// cases: of which model one was tells the case, or a view of it that is here; where neither is, it is not counted.
  public func redactedJudgements(context: RawText, of query: FeedbackQuery = FeedbackQuery()) throws -> Int {
    var count = 0
    let period = "e.body IS NULL AND e.at >= ?2 AND e.at < ?3"
    let values = [query.since?.column ?? "", query.until?.column ?? "~"]
    try walk("'judgement', 'amend'", period, values, context, true) { event in
      if try isOf(query, event), try wasJudgement(event) { count += 1 }
    }
    return count
  }

  private func isOf(_ query: FeedbackQuery, _ event: Event) throws -> Bool {
    if query.model == nil, query.version == nil { return true }
    return try event.caseID.flatMap { try model(of: $0) }.map(query.holds) ?? false
  }

  private func model(of caseID: ShortHash) throws -> ModelID? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT model, version FROM case_ WHERE id = ?"), arguments: [caseID.bytes.blob])
    if let row { return ModelID(row.raw("model"), version: row.optionalRaw("version")) }
    for table in ["event", "foreign_event"] {
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT body FROM \(table) WHERE case_id = ? AND kind = 'seen' AND body IS NOT NULL ORDER BY id DESC"),
        arguments: [caseID.bytes.blob])
      for row in rows {
        if case .seen(let view)? = try? EventBody(bytes: row.bytes("body")).payload { return view.model }
      }
    }
    return nil
  }

  private func wasJudgement(_ event: Event) throws -> Bool {
    guard event.kind == .amend, let caseID = event.caseID else { return true }
    return RemovedStatements(among: try statements(about: caseID), kept: try remains(about: caseID))
      .wasJudgement(event)
  }
}
