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
          case .judgement(let body) = try Amendment(bytes: row.bytes("statement")).statement
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
  /// All that one said oneself is said by `analyst`: before one was enrolled the events have another name.
  public func forEachJudged(
    context: RawText, analyst: RawText, since: Timestamp? = nil, until: Timestamp? = nil, withInputs: Bool = false,
    _ body: (LedgerJudgedCase) throws -> Bool
  ) throws {
    let rows = try Row.fetchCursor(
      db, sql: Self.judgedSQL(withInputs: withInputs),
      arguments: [since?.microseconds ?? .min, until?.microseconds ?? .max, context.blob])
    let decisions = try decisions(context: context)
    var current: LedgerJudgedCase?
    while let row = try rows.next() {
      // Of a statement only what it says: the rest of it is not read here, and half of the work.
      let statement = try Amendment(json: JSON(parsing: row.bytes("statement"))).statement
      guard case .judgement(let judgement) = statement else { continue }
      let caseID = try row.shortHash("case_id")
      let opinion = JudgedCase.Opinion(
        analyst: row.int("own") == 1 ? analyst : RawText(row.string("analyst")), at: row.time("at"), body: judgement,
        view: try view(row, withInputs: withInputs), hasAlternatives: !row.bytes("alternatives").isEmpty)
      if current?.judged.caseID == caseID {
        current?.judged.judgements.append(opinion)
        continue
      }
      if let done = current, try !body(done) { return }
      current = LedgerJudgedCase(
        judged: JudgedCase(caseID: caseID, judgements: [opinion], decision: decisions[caseID]),
        isHere: row.optionalRaw("model") != nil)
    }
    if let done = current { _ = try body(done) }
  }

  /// What was decided of cases, by researchers and by analysts, the newest of each; an item that cannot be read decides
  /// nothing.
  private func decisions(context: RawText) throws -> [ShortHash: Stand] {
    var decisions: [ShortHash: [Decision]] = [:]
    for item in try Ledger.inForce(db, kind: .adjudication, context: context) {
      guard let content = try? item.decoded(Adjudication.self) else { continue }
      decisions[content.caseID, default: []].append(Decision(content, at: item.publishedAt, isPublished: true))
    }
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT j.* FROM judgement_now j LEFT JOIN stream s ON s.id = j.stream
        LEFT JOIN foreign_event f ON s.id IS NULL AND f.event_id = j.event_id
        WHERE j.own IN (0, 1) AND j.kind = 'adjudicate' AND coalesce(s.context, f.context) = ?
        """, arguments: [context.blob])
    while let row = try rows.next() {
      if let decision = Decision(try Standing(row)) { decisions[decision.content.caseID, default: []].append(decision) }
    }
    return decisions.compactMapValues { Decision.inForce($0)?.content.stand }
  }

  /// What the analyst saw: as the event tells it, else as the ledger's own case does.
  private func view(_ row: Row, withInputs: Bool) throws -> JudgedView? {
    if let text = String.fromDatabaseValue(row["view"]), let view = Self.view(text) { return view }
    if row.optionalBytes("seen") == nil, let view = try viewBehind(try row.eventID("event_id"), withInputs: withInputs)
    {
      return view
    }
    guard let model = row.optionalRaw("model") else { return nil }
    return JudgedView(
      model: ModelID(model, version: row.optionalRaw("version")), answer: row.raw("label"),
      probability: row.double("probability"), isOutlier: row.int("is_outlier") == 1)
  }

  private static func view(_ text: String) -> JudgedView? {
    (try? JSON(parsing: Array(text.utf8))).flatMap { JudgedView(parts: $0) }
  }

  /// The view that what a redo brought back was made on: a redo may leave it out.
  private func viewBehind(_ id: EventID, withInputs: Bool) throws -> JudgedView? {
    var open = [id]
    var met: Set<EventID> = []
    while let next = open.popLast() {
      guard met.insert(next).inserted, let body = try? event(next)?.decoded() else { continue }
      if let seen = body.targets(.seen).first {
        guard case .seen(let view) = try event(seen)?.decoded().payload else { return nil }
        return JudgedView(view, withInputs: withInputs)
      }
      open += body.targets(.redoes) + body.targets(.amends)
    }
    return nil
  }

  /// Judgements of which nothing is left but that they were made.
  public func redactedJudgements(context: RawText, since: Timestamp? = nil, until: Timestamp? = nil) throws -> Int {
    let span: StatementArguments = [since?.column ?? "", until?.column ?? "~", context.blob]
    return try Int.fetchOne(
      db,
      sql: """
        SELECT (SELECT count(*) FROM event e JOIN stream s ON s.id = e.stream
            WHERE e.body IS NULL AND e.kind IN ('judgement', 'amend') AND e.at >= ? AND e.at < ? AND s.context = ?)
          + (SELECT count(*) FROM foreign_event
            WHERE body IS NULL AND kind IN ('judgement', 'amend') AND at >= ? AND at < ? AND context = ?)
        """, arguments: span + span) ?? 0
  }

  /// What of a body a view needs: SQLite reads it out many times faster than a whole body is decoded. Text that is no
  /// JSON would end the whole statement.
  private static func parts(of body: String, withInputs: Bool) -> String {
    let paths = JudgedView.paths(withInputs: withInputs).map { "'\($0)'" }.joined(separator: ", ")
    return "iif(json_valid(\(body)), json_extract(\(body), \(paths)), NULL)"
  }

  /// The rows of one case stand together: the projection's own key begins with the case.
  private static func judgedSQL(withInputs: Bool) -> String {
    """
    SELECT j.case_id, j.analyst, j.at, j.own, j.statement, j.alternatives, j.seen, j.event_id,
      c.model, c.version, c.label, c.probability, c.is_outlier,
      \(parts(of: "CAST(coalesce(v.body, w.body) AS TEXT)", withInputs: withInputs)) AS view
    FROM judgement_now j NOT INDEXED
    LEFT JOIN stream s ON s.id = j.stream
    LEFT JOIN foreign_event f ON s.id IS NULL AND f.event_id = j.event_id
    LEFT JOIN event v ON v.event_id = j.seen
    LEFT JOIN foreign_event w ON v.id IS NULL AND w.event_id = j.seen
    LEFT JOIN case_ c ON c.id = j.case_id
    WHERE j.kind = 'judgement' AND j.at >= ? AND j.at < ? AND coalesce(s.context, f.context) = ?
    ORDER BY j.case_id, j.analyst, j.subject
    """
  }
}
