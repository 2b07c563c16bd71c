public import Domain
public import Feedback
internal import GRDB

extension LedgerEvents {
  /// How many cases there are of each model version, and what the analyst said of them.
  public func tallies(context: RawText? = nil) throws -> [ModelTally] {
    let filter = CaseFilter(context: context).clause ?? ("1", [])
    // Each case is looked up by itself: a join with what is judged would go through all of it for every case.
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT model, version, verdict, count(*) AS n, min(at) AS oldest, max(at) AS newest FROM (
            SELECT c.model, c.version, c.at, (SELECT coalesce(j.verdict, '') FROM judgement_now j
              WHERE j.case_id = c.id AND j.own = 1 AND j.kind = 'judgement' AND j.stage = 'final' LIMIT 1) AS verdict
            FROM case_ c WHERE \(filter.sql))
          GROUP BY model, version, verdict ORDER BY model, version
          """), arguments: filter.arguments)
    var tallies: [ModelTally] = []
    for row in rows {
      let model = ModelID(row.raw("model"), version: row.optionalRaw("version"))
      if tallies.last?.model != model {
        tallies.append(
          ModelTally(model: model, cases: 0, newest: row.time("newest"), open: 0, oldestOpen: nil, verdicts: [:]))
      }
      let (last, count) = (tallies.count - 1, row.int("n"))
      tallies[last].cases += count
      tallies[last].newest = max(tallies[last].newest, row.time("newest"))
      if let verdict = row["verdict"] as String? {
        if let verdict = Verdict(rawValue: verdict) { tallies[last].verdicts[verdict] = count }
      } else {
        tallies[last].open = count
        tallies[last].oldestOpen = row.time("oldest")
      }
    }
    return tallies
  }

  /// The cases that a filter means, with what a queue is drawn by.
  public func candidates(_ filter: CaseFilter) throws -> [QueueCandidate] {
    guard let clause = filter.clause else { return [] }
    let drift = try DriftSpans(db, context: filter.context, model: filter.model)
    return try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT c.id, c.at, c.model, c.version, c.uncertainty, c.outlyingness FROM case_ c WHERE \(clause.sql)
          """), arguments: clause.arguments
    ).map { row in
      QueueCandidate(
        caseID: try row.shortHash("id"), uncertainty: row.double("uncertainty") ?? 0,
        drift: drift.share(
          of: ModelID(row.raw("model"), version: row.optionalRaw("version")), at: row.time("at")),
        outlyingness: row.double("outlyingness") ?? 0)
    }
  }
}
