public import Domain
internal import Feedback
internal import GRDB

extension Ledger {
  /// Keeps cases, in one transaction, and gives them back with their numbers. A case that is there already keeps its
  /// number and time; explanations and an outlier score that the new one lacks stay. One that the analyst has judged, or
  /// begun to, stays as it was judged: another record that came under its source's id, or another answer, comes back
  /// without a number.
  @discardableResult
  public func store(_ cases: [Case], service: RawText, context: RawText) throws(LedgerError) -> [Case] {
    try write { db in
      let names = try Ledger.serviceNames(db, of: context)
      return try cases.map { item in
        let item = try Ledger.named(db, item, service: service, context: context, among: names)
        return try Ledger.store(db, item, service: service, context: context)
      }
    }
  }

  /// One case with the judgements in force on it; nil where there is none.
  public func `case`(_ id: ShortHash) throws(LedgerError) -> Case? {
    try read { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM case_ WHERE id = ?"), arguments: [id.bytes.blob])
        .map { try Ledger.case(db, $0) }
    }
  }

  /// The case with this short number.
  public func `case`(number: Int) throws(LedgerError) -> Case? {
    try read { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM case_ WHERE number = ?"), arguments: [number])
        .map { try Ledger.case(db, $0) }
    }
  }

  /// The case whose identity begins with these hexadecimal digits; nil for none and for several.
  public func `case`(prefix digits: String) throws(LedgerError) -> Case? {
    let count = digits.utf8.count
    guard (4...32).contains(count), let low = ShortHash(hex: digits + String(repeating: "0", count: 32 - count)),
      let high = ShortHash(hex: digits + String(repeating: "f", count: 32 - count))
    else { return nil }
    return try read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM case_ WHERE id BETWEEN ? AND ? LIMIT 2"),
        arguments: [low.bytes.blob, high.bytes.blob])
      return try rows.count == 1 ? Ledger.case(db, rows[0]) : nil
    }
  }

  /// Whole cases, the newest first.
  public func cases(_ filter: CaseFilter = CaseFilter(), limit: Int = 100) throws(LedgerError) -> [Case] {
    try read { db in try Ledger.cases(db, filter, limit: limit) }
  }

  static func cases(_ db: Database, _ filter: CaseFilter, limit: Int) throws -> [Case] {
    guard let clause = filter.clause else { return [] }
    let rows = try Row.fetchCursor(
      db.cachedStatement(sql: "SELECT c.* FROM case_ c WHERE \(clause.sql) ORDER BY c.at DESC, c.number DESC LIMIT ?"),
      arguments: clause.arguments + [limit])
    var cases: [Case] = []
    while let row = try rows.next() { cases.append(try Ledger.case(db, row)) }
    return cases
  }

  /// Cases as lists show them, the newest first.
  public func summaries(_ filter: CaseFilter = CaseFilter(), limit: Int = 100) throws(LedgerError) -> [CaseSummary] {
    try read { db in try Ledger.summaries(db, filter, limit: limit) }
  }

  static func summaries(_ db: Database, _ filter: CaseFilter, limit: Int) throws -> [CaseSummary] {
    guard let clause = filter.clause else { return [] }
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT \(CaseSummary.columns) FROM case_ c WHERE \(clause.sql) ORDER BY c.at DESC, c.number DESC LIMIT ?
          """), arguments: clause.arguments + [limit])
    var summaries: [CaseSummary] = []
    while let row = try rows.next() { summaries.append(try CaseSummary(row)) }
    return summaries
  }

  /// How many cases there are.
  public func caseCount(_ filter: CaseFilter = CaseFilter()) throws(LedgerError) -> Int {
    guard let clause = filter.clause else { return 0 }
    return try read { db in
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) FROM case_ c WHERE \(clause.sql)"), arguments: clause.arguments) ?? 0
    }
  }

  /// How many cases there are of each model version, and what the analyst said of them.
  public func tallies(context: RawText? = nil) throws(LedgerError) -> [ModelTally] {
    try withEvents { try $0.tallies(context: context) }
  }

  /// The analyst's own final verdicts on a context's cases of a model version whose answer had a probability in this
  /// range, the upper bound only where it is 1.
  public func verdicts(
    on model: ModelID, context: RawText, confidence: ClosedRange<Double>
  ) throws(LedgerError) -> [Verdict: Int] {
    try read { db in
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT j.verdict, count(*) AS n FROM judgement_now j JOIN case_ c ON c.id = j.case_id
            WHERE j.own = 1 AND j.kind = 'judgement' AND j.stage = 'final' AND j.verdict IS NOT NULL
              AND c.context = ? AND c.model = ? AND c.version IS ?
              AND c.probability >= ? AND (c.probability < ? OR ? >= 1)
            GROUP BY j.verdict
            """),
        arguments: [
          context.blob, model.name.blob, model.version?.blob, confidence.lowerBound, confidence.upperBound,
          confidence.upperBound,
        ])
      var verdicts: [Verdict: Int] = [:]
      for row in rows { if let verdict = Verdict(rawValue: row.string("verdict")) { verdicts[verdict] = row.int("n") } }
      return verdicts
    }
  }

  /// A context's cases of a model version with event time in [from, before), the oldest first, as a detector takes them.
  public func records(
    of model: ModelID, context: RawText, from: Timestamp, before: Timestamp
  ) throws(LedgerError) -> [(id: ShortHash, at: Timestamp, record: Domain.Record)] {
    try read { db in try Ledger.records(db, of: model, context: context, from: from, before: before) }
  }

  static func records(
    _ db: Database, of model: ModelID, context: RawText, from: Timestamp, before: Timestamp
  ) throws -> [(id: ShortHash, at: Timestamp, record: Domain.Record)] {
    // Row by row: whoever wants it no longer does not pay for reading the bodies that are left.
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT id, at, body FROM case_ WHERE context = ? AND model = ? AND version IS ? AND at >= ? AND at < ?
          ORDER BY at, number
          """),
      arguments: [context.blob, model.name.blob, model.version?.blob, from.microseconds, before.microseconds])
    var records: [(id: ShortHash, at: Timestamp, record: Domain.Record)] = []
    while let row = try rows.next() {
      records.append((try row.shortHash("id"), row.time("at"), try CaseContents(bytes: row.bytes("body")).record))
    }
    return records
  }

  static func `case`(_ db: Database, _ row: Row) throws -> Case {
    guard let contents = try? CaseContents(bytes: row.bytes("body")) else {
      throw LedgerError.damaged("case \(row.int("number")) is not what was kept of it")
    }
    let id = try row.shortHash("id")
    let judgements = try judgements(db, of: id)
    return Case(
      id: id, recordID: try row.shortHash("record_id"), number: row.int("number"), at: row.time("at"),
      sourceID: row.raw("source_id"), model: ModelID(row.raw("model"), version: row.optionalRaw("version")),
      record: contents.record, prediction: contents.prediction, explanations: contents.explanations,
      outlier: contents.outlier, judgements: judgements)
  }

  private static func judgements(_ db: Database, of id: ShortHash) throws -> [GivenJudgement] {
    do {
      return try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM judgement_now WHERE case_id = ? AND kind = 'judgement' ORDER BY at"),
        arguments: [id.bytes.blob]
      ).compactMap { row in try Standing(row).given(own: row.int("own") == 1) }
    } catch LedgerError.damagedStanding {
      let own = try LedgerEvents(db: db).ownNames()
      return try standing(db, of: id).sorted { $0.at < $1.at }.compactMap { standing in
        standing.given(own: own.contains(standing.analyst.string))
      }
    }
  }

  /// Works out anew how unusual those cases are that look as if no detector had scored them.
  static func markScored(_ db: Database) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT number, body FROM case_ WHERE outlyingness = 0 AND is_outlier = 0")
    var scored: [(number: Int, outlyingness: Double)] = []
    while let row = try rows.next() {
      guard let outlier = try? CaseContents(bytes: row.bytes("body")).outlier else { continue }
      scored.append((row.int("number"), QueueCandidate.outlyingness(of: outlier)))
    }
    for item in scored {
      try db.execute(
        sql: "UPDATE case_ SET outlyingness = ? WHERE number = ?", arguments: [item.outlyingness, item.number])
    }
  }

  /// Whether something of the analyst's stands on a case, or was begun.
  private static func isJudged(_ db: Database, _ id: ShortHash) throws -> Bool {
    try Bool.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT EXISTS (SELECT 1 FROM judgement_now WHERE case_id = ?1 AND own = 1)
            OR EXISTS (SELECT 1 FROM draft WHERE case_id = ?1)
          """), arguments: [id.bytes.blob]) ?? false
  }

  /// Lets a case that is kept stand as it was shown; where the analyst `isJudged`, has said something of
  /// the other that came into its place, it is refused: that word would be of this one then.
  static func restore(_ db: Database, _ shown: Case, isJudged: Bool) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT number, context, service, body FROM case_ WHERE id = ?"),
      arguments: [shown.id.bytes.blob])
    guard let row else { return }
    if isJudged, let kept = try? CaseContents(bytes: row.bytes("body")),
      shown.record.contradicts(kept.record) || !shown.prediction.answersAs(kept.prediction, within: sameAnswer)
    {
      throw LedgerError.judgedOtherwise(case: row.int("number"))
    }
    _ = try store(db, shown, service: row.raw("service"), context: row.raw("context"), isShown: true)
  }

  /// How far apart two probabilities, or numbers, may be and still be the answer that was judged.
  private static let sameAnswer = 0.001

  /// `isShown` where it is to stand as the analyst judges it, whatever came into its place meanwhile.
  static func store(
    _ db: Database, _ item: Case, service: RawText, context: RawText, isShown: Bool = false
  ) throws -> Case {
    var contents = CaseContents(item)
    let known = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM case_ WHERE id = ?"), arguments: [item.id.bytes.blob])
    var isReplaced = false
    var staysAsJudged = false
    // What stays of the row that is there: nothing where somebody altered it.
    var kept: Row?
    if let known {
      // One that cannot be read any more says nothing against this one.
      let old = try? CaseContents(bytes: known.bytes("body"))
      isReplaced = old.map { item.record.contradicts($0.record) } ?? false
      let isOther = old.map { isReplaced || !item.prediction.answersAs($0.prediction) } ?? false
      if let old, isOther, !isShown, try isJudged(db, item.id) {
        // Another sum of the same numbers is no other answer.
        guard !isReplaced, item.prediction.answersAs(old.prediction, within: sameAnswer) else {
          var refused = item
          refused.number = 0
          return refused
        }
        contents.prediction = old.prediction
        staysAsJudged = true
      }
      // What was found of other values says nothing of these.
      if let old, !isReplaced, RowDigest.holds(known, RowDigest.caseColumns) {
        contents.outlier = contents.outlier ?? old.outlier
        let explainers = Set(contents.explanations.map(\.explainer))
        contents.explanations += old.explanations.filter { !explainers.contains($0.explainer) }
        kept = known
      }
    }
    guard contents.valueCount <= CaseContents.most else { throw LedgerError.tooLarge(values: contents.valueCount) }
    let values = try columns(of: item, contents, service: service, context: context, kept: kept)
    let row = try db.cachedStatement(sql: upsert)
    let arguments = StatementArguments(values + [RowDigest.of(values).bytes.blob.databaseValue])
    guard let stored = try Row.fetchOne(row, arguments: arguments) else {
      throw LedgerError.damaged("a case was not kept")
    }
    var result = try `case`(db, stored)
    if staysAsJudged { result.prediction = item.prediction }
    if isReplaced {
      try db.cachedStatement(sql: "DELETE FROM case_fts WHERE rowid = ?").execute(arguments: [result.number])
      try db.cachedStatement(sql: "DELETE FROM shown WHERE case_id = ?").execute(arguments: [item.id.bytes.blob])
    }
    if known == nil || isReplaced {
      let words = SearchText.of(item)
      try db.cachedStatement(sql: "INSERT INTO case_fts(rowid, text) VALUES (?, ?)").execute(arguments: [
        result.number, words,
      ])
    }
    return result
  }

  /// What is written of a case, in the order of `RowDigest.caseColumns`.
  private static func columns(
    of item: Case, _ contents: CaseContents, service: RawText, context: RawText, kept: Row?
  ) throws -> [DatabaseValue] {
    let prediction = contents.prediction
    var values: [String: any DatabaseValueConvertible] = [
      "id": item.id.bytes.blob, "record_id": item.recordID.bytes.blob, "at": item.at.microseconds,
      "context": context.blob, "service": service.blob, "source_id": item.sourceID.blob, "model": item.model.name.blob,
      "label": prediction.label.blob, "uncertainty": QueueCandidate.uncertainty(of: prediction),
      "outlyingness": QueueCandidate.outlyingness(of: contents.outlier),
      "is_outlier": contents.outlier?.isOutlier == true ? 1 : 0, "body": try contents.canonicalBytes().blob,
    ]
    values["version"] = item.model.version?.blob
    values["probability"] = prediction.chosen?.probability
    values["lead"] = prediction.lead
    values["route"] = prediction.answeredBy?.blob
    if let kept {
      for column in ["at", "context", "service", "source_id", "model", "version"] {
        values[column] = kept[column] as DatabaseValue
      }
    }
    return RowDigest.caseColumns.map { values[$0]?.databaseValue ?? .null }
  }

  private static let upsert: String = {
    let columns = RowDigest.caseColumns + ["digest"]
    return """
      INSERT INTO case_(\(columns.joined(separator: ", ")))
      VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))
      ON CONFLICT(id) DO UPDATE SET
        \(columns.dropFirst().map { "\($0) = excluded.\($0)" }.joined(separator: ", "))
      RETURNING *
      """
  }()
}
