public import Domain
internal import GRDB

/// Our own calls of one model.
public struct CallTally: Hashable, Sendable {
  public var count: Int
  public var failed: Int
  /// The 95th percentile of the newest thousand that were answered, in milliseconds.
  public var p95: Double?
}

extension Ledger {
  /// Notes one of our own calls; `milliseconds` is nil for one that failed.
  public func noteCall(
    _ model: RawText, context: RawText, at moment: Timestamp, milliseconds: Double?
  ) throws(LedgerError) {
    try noteCalls([(moment, milliseconds)], of: model, context: context)
  }

  /// Notes several of our own calls in one transaction.
  public func noteCalls(
    _ calls: [(at: Timestamp, milliseconds: Double?)], of model: RawText, context: RawText
  ) throws(LedgerError) {
    try write { db in
      let note = try db.cachedStatement(sql: "INSERT INTO call(context, model, at, ms) VALUES (?, ?, ?, ?)")
      for call in calls {
        try note.execute(arguments: [context.blob, model.blob, call.at.microseconds, call.milliseconds])
      }
    }
  }
}

extension LedgerEvents {
  /// Our own calls in a context, by model.
  public func calls(context: RawText) throws -> [RawText: CallTally] {
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: "SELECT model, count(*) AS n, count(*) - count(ms) AS failed FROM call WHERE context = ? GROUP BY model"),
      arguments: [context.blob])
    var calls: [RawText: CallTally] = [:]
    for row in rows {
      let model = row.raw("model")
      calls[model] = CallTally(
        count: row.int("n"), failed: row.int("failed"), p95: try LedgerEvents.p95(db, of: model, context))
    }
    return calls
  }

  private static func p95(_ db: Database, of model: RawText, _ context: RawText) throws -> Double? {
    let times = try Double.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT ms FROM (SELECT ms FROM call WHERE context = ? AND model = ? AND ms IS NOT NULL ORDER BY id DESC
            LIMIT 1000) ORDER BY ms
          """), arguments: [context.blob, model.blob])
    guard !times.isEmpty else { return nil }
    return times[min(times.count, Int((Double(times.count) * 0.95).rounded(.up))) - 1]
  }
}
