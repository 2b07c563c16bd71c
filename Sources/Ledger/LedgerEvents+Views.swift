internal import Domain
public import Feedback
internal import GRDB

/// What of a view statistics need, read by SQLite.
extension LedgerEvents {
  /// What the analyst saw: as the event tells it, else as the ledger's own case does.
  func view(_ row: Row, withInputs: Bool) throws -> JudgedView? {
    if let text = String.fromDatabaseValue(row["view"]), let view = Self.view(text) { return view }
    if row.optionalBytes("seen") == nil, let view = try viewBehind(try row.eventID("event_id"), withInputs: withInputs)
    {
      return view
    }
    guard let model = row.optionalRaw("model") else { return nil }
    let id = ModelID(model, version: row.optionalRaw("version"))
    var view: JudgedView
    if let prediction = try keptPrediction(of: row.shortHash("case_id")) {
      view = JudgedView(Seen(record: .none, model: id, output: SeenOutput(prediction)))
    } else {
      view = JudgedView(model: id, answer: row.raw("label"), probability: row.double("probability"))
    }
    view.isOutlier = row.int("is_outlier") == 1
    return view
  }

  /// What is kept with the case; nil where that cannot be read.
  private func keptPrediction(of caseID: ShortHash) throws -> Prediction? {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT body FROM case_ WHERE id = ?"), arguments: [caseID.bytes.blob])
    return row.flatMap { try? CaseContents(bytes: $0.bytes("body")).prediction }
  }

  private static func view(_ text: String) -> JudgedView? {
    (try? JSON(parsing: Array(text.utf8))).flatMap { JudgedView(parts: $0) }
  }

  /// What was seen when each judgement was made, by its event; those whose view is not here are left out.
  public func views(behind standing: [Standing]) throws -> [EventID: JudgedView] {
    var views: [EventID: JudgedView] = [:]
    for item in standing where item.judgement != nil {
      views[item.eventID] = try viewBehind(item.eventID, withInputs: false)
    }
    return views
  }

  /// The view that what a redo brought back was made on: a redo may leave it out.
  private func viewBehind(_ id: EventID, withInputs: Bool) throws -> JudgedView? {
    guard let seen = try Ledger.seen(db, behind: id),
      case .seen(let view)? = try? event(seen.eventID)?.decoded().payload
    else { return nil }
    return JudgedView(view, withInputs: withInputs)
  }

  /// What of a body a view needs: SQLite reads it out many times faster than a whole body is decoded. Text that is no
  /// JSON would end the whole statement.
  private static func parts(of body: String, withInputs: Bool) -> String {
    let paths = JudgedView.paths(withInputs: withInputs).map { "'\($0)'" }.joined(separator: ", ")
    return "iif(json_valid(\(body)), json_extract(\(body), \(paths)), NULL)"
  }

  /// The rows of one case stand together: the projection's own key begins with the case. The second argument is the
  /// moment before which the last word on a case is too old, or null.
  static func judgedSQL(withInputs: Bool) -> String {
    """
    SELECT j.case_id, j.analyst, j.at, j.own, j.statement, j.alternatives, \(viewColumns(withInputs: withInputs))
    FROM judgement_now j NOT INDEXED \(viewJoins)
    WHERE j.kind = 'judgement' AND \(Ledger.isSaid(in: "?1"))
      AND (?2 IS NULL OR j.case_id IN (SELECT case_id FROM judgement_now WHERE kind = 'judgement' AND at >= ?2))
    ORDER BY j.case_id, j.analyst, j.subject
    """
  }

  /// What a view of the statement `j` is made of.
  static func viewColumns(withInputs: Bool) -> String {
    """
    j.seen, j.event_id, c.model, c.version, c.label, c.probability, c.is_outlier,
    \(parts(of: "CAST(coalesce(v.body, w.body) AS TEXT)", withInputs: withInputs)) AS view
    """
  }

  /// Where it comes from: the statement's stream or its place among colleagues', what was seen, and the case.
  static let viewJoins = """
    LEFT JOIN stream s ON s.id = j.stream
    LEFT JOIN foreign_event f ON s.id IS NULL AND f.event_id = j.event_id
    LEFT JOIN event v ON v.event_id = j.seen
    LEFT JOIN foreign_event w ON v.id IS NULL AND w.event_id = j.seen
    LEFT JOIN case_ c ON c.id = j.case_id
    """
}
