public import Domain
public import Feedback
internal import GRDB

extension LedgerEvents {
  /// The records of a context that several versions of a model answered, here in this ledger.
  public func sharedRecords(context: RawText, model: RawText? = nil) throws -> SharedRecords {
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT c.id, c.record_id, c.model, c.version, c.label FROM (
          SELECT record_id, model FROM case_ WHERE context = ?1 AND version IS NOT NULL AND (?2 IS NULL OR model = ?2)
          GROUP BY record_id, model HAVING count(*) > 1) r
        JOIN case_ c ON c.context = ?1 AND c.record_id = r.record_id AND c.model = r.model
        WHERE c.version IS NOT NULL AND c.label <> x'' ORDER BY c.record_id, c.model, c.version
        """, arguments: [context.blob, model?.blob])
    var records = SharedRecords()
    var current: (record: ShortHash, model: RawText)?
    var cases: [(id: ShortHash, version: RawText, label: RawText)] = []
    while let row = try rows.next() {
      let (record, name) = (try row.shortHash("record_id"), row.raw("model"))
      if let known = current, known != (record, name) {
        records.add(of: known.model, cases)
        cases = []
      }
      current = (record, name)
      cases.append((try row.shortHash("id"), row.raw("version"), row.raw("label")))
    }
    if let current { records.add(of: current.model, cases) }
    return records
  }
}

extension LedgerEvents {
  /// The newest judgements that candidates are compared by: the list of models does not wait for all of a large ledger.
  private static let comparedJudgements = 10_000

  /// Those that experiments and pipelines chose from, two and two, on records that both answered, whoever was asked, and
  /// that the analyst judged, by the newest 10,000 judgements.
  public func comparedRoutes(context: RawText) throws -> [AnswerComparison] {
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT c.record_id, coalesce(c.route, c.model) AS answerer, c.label, j.statement
          FROM case_ c LEFT JOIN judgement_now j
            ON j.case_id = c.id AND j.own = 1 AND j.kind = 'judgement' AND j.stage = 'final'
          WHERE c.context = ?1 AND c.label <> x'' AND c.record_id IN (
            SELECT r.record_id FROM (
              SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement' AND stage = 'final'
              ORDER BY at DESC LIMIT ?2) k JOIN case_ r ON r.id = k.case_id WHERE r.context = ?1)
            AND c.record_id IN (SELECT record_id FROM case_ WHERE route IS NOT NULL AND context = ?1)
          ORDER BY c.record_id
          """), arguments: [context.blob, LedgerEvents.comparedJudgements])
    var tally = AnswerTally()
    var record = ReviewedRecord()
    while let row = try rows.next() {
      let id = try row.shortHash("record_id")
      if record.id != id {
        record.count(in: &tally)
        record = ReviewedRecord(id: id)
      }
      record.answers[row.raw("answerer")] = row.raw("label")
      guard row.optionalBytes("statement") != nil, case .judgement(let body) = try row.statement() else { continue }
      let view = JudgedView(model: ModelID(""), answer: row.raw("label"))
      record.stands += [JudgedCase.Opinion(analyst: "", at: Timestamp(microseconds: 0), body: body, view: view).stand]
        .compactMap(\.self)
    }
    record.count(in: &tally)
    return tally.comparisons
  }
}

/// What was answered to a record, and what the analyst holds for true of it.
private struct ReviewedRecord {
  var id: ShortHash?
  var answers: [RawText: RawText] = [:]
  var stands: [Stand] = []

  func count(in tally: inout AnswerTally) {
    guard let truth = stands.first, stands.allSatisfy({ $0 == truth }) else { return }
    tally.add(answers, of: "", truth: truth)
  }
}
