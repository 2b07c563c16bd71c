public import Domain
internal import GRDB

/// How many cases one of those answered that an experiment or a pipeline chose from.
public struct RouteTally: Hashable, Sendable {
  /// What was asked.
  public var model: RawText
  /// What answered, as `Prediction.answeredBy` names it.
  public var route: RawText
  public var cases: Int
  /// Cases by the label that they were given, the most frequent labels.
  public var labels: [RawText: Int] = [:]
  /// The analyst's own final judgements in force, by verdict.
  public var verdicts: [Verdict: Int] = [:]
}

extension LedgerEvents {
  /// Labels that are counted by name, over all routes.
  private static let mostLabels = 256

  /// Who answered, of the cases that say so; a case that was asked again counts for who answered last.
  public func routes(context: RawText) throws -> [RouteTally] {
    let arguments: StatementArguments = [context.blob]
    var tallies = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT model, route, count(*) AS n FROM case_ WHERE route IS NOT NULL AND context = ?
          GROUP BY model, route ORDER BY model, route
          """), arguments: arguments
    ).map { RouteTally(model: $0.raw("model"), route: $0.raw("route"), cases: $0.int("n")) }
    guard !tallies.isEmpty else { return [] }
    func place(of row: Row) -> Int? {
      tallies.firstIndex { $0.route == row.raw("route") && $0.model == row.raw("model") }
    }
    let labels = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT model, route, label, count(*) AS n FROM case_
          WHERE route IS NOT NULL AND context = ? AND label <> x''
          GROUP BY model, route, label ORDER BY n DESC, label LIMIT \(LedgerEvents.mostLabels)
          """), arguments: arguments)
    for row in labels {
      if let place = place(of: row) { tallies[place].labels[row.raw("label")] = row.int("n") }
    }
    let verdicts = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT c.model, c.route, j.verdict, count(*) AS n FROM case_ c JOIN judgement_now j ON j.case_id = c.id
          WHERE c.route IS NOT NULL AND c.context = ? AND j.own = 1 AND j.kind = 'judgement' AND j.stage = 'final'
            AND j.verdict IS NOT NULL
          GROUP BY c.model, c.route, j.verdict
          """), arguments: arguments)
    for row in verdicts {
      guard let verdict = Verdict(rawValue: row.string("verdict")), let place = place(of: row) else { continue }
      tallies[place].verdicts[verdict] = row.int("n")
    }
    return tallies
  }
}
