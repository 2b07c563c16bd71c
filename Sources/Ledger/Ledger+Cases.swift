public import Domain
internal import Feedback
internal import GRDB

/// Which cases, and in which order.
public struct CaseQuery: Hashable, Sendable {
  public var model: RawText?
  public var from: Timestamp?
  /// Before this moment.
  public var to: Timestamp?
  public var limit = 1000
  public var isNewestFirst = true

  public init(
    model: RawText? = nil, from: Timestamp? = nil, to: Timestamp? = nil, limit: Int = 1000, newestFirst: Bool = true
  ) {
    self.model = model
    self.from = from
    self.to = to
    self.limit = limit
    isNewestFirst = newestFirst
  }
}

extension Ledger {
  /// Keeps cases; one that is known gets its newest answer, and keeps its number and its explanations where the new
  /// one brings none. Returns them with their numbers.
  @discardableResult
  public func keep(_ cases: [Case], service: String) throws(LedgerError) -> [Case] {
    try write { database in
      try cases.map { current in
        try Self.keep(current, service, database)
        var kept = current
        kept.number =
          try Int.fetchOne(
            database, sql: "SELECT number FROM case_ WHERE id = ?", arguments: [Blob.data(current.id.bytes)]) ?? 0
        return kept
      }
    }
  }

  private static func keep(_ current: Case, _ service: String, _ database: Database) throws {
    let explanations = JSON.array(current.explanations.map(\.json)).serialized
    try database.execute(
      sql: """
        INSERT INTO case_(id, record_id, at, source_id, service, model, version, record, prediction, explanations, outlier)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT(id) DO UPDATE SET prediction = excluded.prediction,
          explanations = CASE WHEN excluded.explanations = x'5B5D' THEN explanations ELSE excluded.explanations END,
          outlier = coalesce(excluded.outlier, outlier)
        """,
      arguments: [
        Blob.data(current.id.bytes), Blob.data(current.recordID.bytes), current.at.microseconds,
        Blob.data(current.sourceID.bytes), service, Blob.data(current.model.name.bytes),
        current.model.version.map { Blob.data($0.bytes) }, Blob.data(current.record.json.serialized),
        Blob.data(current.prediction.json.serialized), Blob.data(explanations),
        current.outlier.map { Blob.data($0.json.serialized) },
      ])
  }

  public func `case`(_ id: ShortHash) throws(LedgerError) -> Case? {
    try read { database in
      try Row.fetchOne(database, sql: "SELECT * FROM case_ WHERE id = ?", arguments: [Blob.data(id.bytes)])
        .map(Self.case)
    }
  }

  /// By its short number or the beginning of its hexadecimal id.
  public func `case`(named name: String) throws(LedgerError) -> Case? {
    try read { database in
      if let number = Int(name) {
        if let row = try Row.fetchOne(database, sql: "SELECT * FROM case_ WHERE number = ?", arguments: [number]) {
          return try Self.case(row)
        }
      }
      let rows = try Row.fetchAll(
        database, sql: "SELECT * FROM case_ WHERE lower(hex(id)) LIKE ? LIMIT 2", arguments: [name.lowercased() + "%"])
      return rows.count == 1 && !name.isEmpty ? try Self.case(rows[0]) : nil
    }
  }

  public func cases(_ query: CaseQuery = CaseQuery()) throws(LedgerError) -> [Case] {
    try read { database in
      var conditions: [String] = []
      var arguments = StatementArguments()
      if let model = query.model {
        conditions.append("model = ?")
        arguments += [Blob.data(model.bytes)]
      }
      if let from = query.from {
        conditions.append("at >= ?")
        arguments += [from.microseconds]
      }
      if let to = query.to {
        conditions.append("at < ?")
        arguments += [to.microseconds]
      }
      let filter = conditions.isEmpty ? "" : " WHERE " + conditions.joined(separator: " AND ")
      let order = query.isNewestFirst ? "DESC" : "ASC"
      arguments += [query.limit]
      return try Row.fetchAll(
        database, sql: "SELECT * FROM case_\(filter) ORDER BY at \(order), number \(order) LIMIT ?",
        arguments: arguments
      ).map(Self.case)
    }
  }

  /// Cases by model.
  public func caseCounts() throws(LedgerError) -> [RawText: Int] {
    try read { database in
      let rows = try Row.fetchAll(database, sql: "SELECT model, count(*) AS n FROM case_ GROUP BY model")
      return Dictionary(rows.map { (RawText(bytes: Blob.bytes($0, "model")), $0["n"] ?? 0) }) { $1 }
    }
  }

  private static func `case`(_ row: Row) throws -> Case {
    guard let id = ShortHash(bytes: Blob.bytes(row, "id")), let record = ShortHash(bytes: Blob.bytes(row, "record_id"))
    else { throw LedgerError.corrupt(reason: "a case has an id of a wrong length") }
    let explanations = try JSON(parsing: Blob.bytes(row, "explanations")).array ?? []
    return Case(
      id: id, recordID: record, number: row["number"] ?? 0, at: Timestamp(microseconds: row["at"] ?? 0),
      sourceID: RawText(bytes: Blob.bytes(row, "source_id")),
      model: ModelID(
        RawText(bytes: Blob.bytes(row, "model")), version: Blob.optional(row, "version").map { RawText(bytes: $0) }),
      record: try Domain.Record(json: JSON(parsing: Blob.bytes(row, "record"))),
      prediction: try Prediction(json: JSON(parsing: Blob.bytes(row, "prediction"))),
      explanations: try explanations.map { try Explanation(json: $0) },
      outlier: try Blob.optional(row, "outlier").map { try Outlier(json: JSON(parsing: $0)) })
  }

  // MARK: Our own calls and inputs

  /// Notes one of our own calls; `milliseconds` is nil for one that failed.
  public func noteCall(_ model: RawText, at moment: Timestamp, milliseconds: Double?) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO call(model, at, ms, ok) VALUES (?, ?, ?, ?)",
        arguments: [Blob.data(model.bytes), moment.microseconds, milliseconds, milliseconds == nil ? 0 : 1])
    }
  }

  /// Calls by model: how many, how many failed, and the 95th percentile in milliseconds of the newest thousand.
  public func calls() throws(LedgerError) -> [RawText: (count: Int, failed: Int, p95: Double?)] {
    try read { database in
      var calls: [RawText: (count: Int, failed: Int, p95: Double?)] = [:]
      for row in try Row.fetchAll(
        database, sql: "SELECT model, count(*) AS n, sum(1 - ok) AS failed FROM call GROUP BY model")
      {
        let model = RawText(bytes: Blob.bytes(row, "model"))
        let times = try Double.fetchAll(
          database,
          sql: "SELECT ms FROM (SELECT ms FROM call WHERE model = ? AND ok ORDER BY id DESC LIMIT 1000) ORDER BY ms",
          arguments: [Blob.data(model.bytes)])
        let p95 = times.isEmpty ? nil : times[min(times.count - 1, Int((Double(times.count) * 0.95).rounded(.up)) - 1)]
        calls[model] = (row["n"] ?? 0, row["failed"] ?? 0, p95)
      }
      return calls
    }
  }

  /// Keeps an input that a model answered; the newest 20 of each model stay.
  public func keepInput(_ record: Domain.Record, recordID: ShortHash, model: RawText, at moment: Timestamp)
    throws(LedgerError)
  {
    try write { database in
      let key = Blob.data(model.bytes)
      try database.execute(
        sql: """
          INSERT INTO input(model, record_id, at, record) VALUES (?, ?, ?, ?)
          ON CONFLICT(model, record_id) DO UPDATE SET at = excluded.at
          """,
        arguments: [key, Blob.data(recordID.bytes), moment.microseconds, Blob.data(record.json.serialized)])
      try database.execute(
        sql: """
          DELETE FROM input WHERE model = ? AND id NOT IN
          (SELECT id FROM input WHERE model = ? ORDER BY at DESC LIMIT 20)
          """, arguments: [key, key])
    }
  }

  /// The last inputs of a model, newest first.
  public func inputs(of model: RawText) throws(LedgerError) -> [Domain.Record] {
    try read { database in
      try Row.fetchAll(
        database, sql: "SELECT record FROM input WHERE model = ? ORDER BY at DESC", arguments: [Blob.data(model.bytes)]
      ).map { try Domain.Record(json: JSON(parsing: Blob.bytes($0, "record"))) }
    }
  }

  // MARK: Windows

  /// Keeps a window's result under its count: a window with late cases is another one.
  public func keepWindow(_ result: JSON, of window: Window, width: Int64) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO window_(model, version, width, start, count, result) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT(model, version, width, start) DO UPDATE SET count = excluded.count, result = excluded.result
          """,
        arguments: [
          Blob.data(window.model.name.bytes), Blob.data(window.model.version?.bytes ?? []), width,
          window.from.microseconds, window.count, Blob.data(result.serialized),
        ])
    }
  }

  /// Results by the window's start, each with the count that it was computed from.
  public func windows(of model: ModelID, width: Int64) throws(LedgerError) -> [Timestamp: (count: Int, result: JSON)] {
    try read { database in
      let rows = try Row.fetchAll(
        database, sql: "SELECT start, count, result FROM window_ WHERE model = ? AND version = ? AND width = ?",
        arguments: [Blob.data(model.name.bytes), Blob.data(model.version?.bytes ?? []), width])
      var windows: [Timestamp: (count: Int, result: JSON)] = [:]
      for row in rows {
        windows[Timestamp(microseconds: row["start"] ?? 0)] =
          (row["count"] ?? 0, try JSON(parsing: Blob.bytes(row, "result")))
      }
      return windows
    }
  }
}
