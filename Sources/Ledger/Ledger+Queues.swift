public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// The cases that a queue may pick, with what samplers look at. Drift is that of the newest comparison of the
  /// narrowest window that holds the case's time.
  public func candidates(_ filter: CaseFilter) throws(LedgerError) -> [QueueCandidate] {
    try withEvents { try $0.candidates(filter) }
  }

  /// Keeps a queue, so that it goes on where it was left.
  public func put(_ queue: ReviewQueue, context: RawText, at now: Timestamp) throws(LedgerError) {
    try write { db in
      let recipe = queue.recipe
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO queue VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)").execute(
        arguments: [
          queue.id.blob, context.blob, now.microseconds, recipe.sampler.rawValue, recipe.count,
          recipe.isBlind ? 1 : 0, recipe.evenShare, RawText("\(recipe.seed)").blob, queue.population,
        ])
      try db.cachedStatement(sql: "DELETE FROM queue_item WHERE queue = ?").execute(arguments: [queue.id.blob])
      for (position, item) in queue.items.enumerated() {
        try db.cachedStatement(sql: "INSERT INTO queue_item VALUES (?, ?, ?, ?, ?, ?)").execute(arguments: [
          queue.id.blob, position, item.caseID.bytes.blob, item.score, item.propensity, item.reason.rawValue,
        ])
      }
    }
  }

  /// The queue with this identity; nil where there is none.
  public func queue(_ id: RawText) throws(LedgerError) -> ReviewQueue? {
    try read { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM queue WHERE id = ?"), arguments: [id.blob])
        .map { try Ledger.queue(db, $0) }
    }
  }

  private static func queue(_ db: Database, _ row: Row) throws -> ReviewQueue {
    let id = row.raw("id")
    let items = try Row.fetchAll(
      db.cachedStatement(sql: "SELECT * FROM queue_item WHERE queue = ? ORDER BY position"), arguments: [id.blob]
    ).map { row in
      ReviewQueue.Item(
        caseID: try row.shortHash("case_id"), score: row.double("score") ?? 0,
        propensity: row.double("propensity") ?? 0, reason: Sampler(rawValue: row.string("reason")) ?? .random)
    }
    return ReviewQueue(
      id: id,
      recipe: QueueRecipe(
        sampler: Sampler(rawValue: row.string("sampler")) ?? .mixed, count: row.int("count"),
        isBlind: row.int("is_blind") != 0, evenShare: row.double("even_share") ?? 0,
        seed: UInt64(row.raw("seed").string) ?? 0),
      population: row.int("population"), items: items)
  }
}

/// Which spans of time drifted, and how much.
struct DriftSpans {
  private struct Span {
    var from: Timestamp
    var to: Timestamp
    var share: Double
  }

  private struct Key: Hashable {
    var name: RawText
    var version: RawText
  }

  private var spans: [Key: [Span]] = [:]

  /// Over the cases of a context, or of all.
  init(_ db: Database, context: RawText?, model: RawText?) throws {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT model, version, from_, to_, drifted_share, is_drift FROM window_
          WHERE is_drift IS NOT NULL AND (?1 IS NULL OR context = ?1) AND (?2 IS NULL OR model = ?2)
          ORDER BY to_ - from_, from_, n DESC, id DESC
          """), arguments: [context?.blob, model?.blob])
    for row in rows {
      let share = row.int("is_drift") == 1 ? max(row.double("drifted_share") ?? 0, 0.01) : 0
      spans[Key(name: row.raw("model"), version: row.raw("version")), default: []].append(
        Span(from: row.time("from_"), to: row.time("to_"), share: share))
    }
  }

  func share(of model: ModelID, at moment: Timestamp) -> Double {
    spans[Key(name: model.name, version: model.version ?? "")]?.first { $0.from <= moment && moment < $0.to }?.share
      ?? 0
  }
}
