public import Domain
internal import GRDB

/// Which cases.
public struct CaseFilter: Hashable, Sendable {
  public var context: RawText?
  public var model: RawText?
  public var version: RawText?
  /// Event time, from on and before.
  public var from: Timestamp?
  public var before: Timestamp?
  /// Only cases on which the analyst has, or has not, a judgement in force.
  public var isJudged: Bool?
  /// Words that a case or what was said of it must hold.
  public var words: [String]
  /// Whether the last word may be the beginning of one.
  public var isOpen = true
  /// The model's name, or how it begins where no model is called so.
  public var modelBeginning: RawText?
  public var isOutlier: Bool?
  /// Only cases that the analyst flagged for another look.
  public var isFlagged: Bool?
  /// Who has a statement in force on the case, by how the name begins, `me` for oneself; the verdict and the label of
  /// a judgement in force. All three are of one statement.
  public var analyst: RawText?
  public var verdict: Verdict?
  public var label: RawText?
  /// Cases that are not meant, whatever they hold.
  public var leftOut: Set<ShortHash> = []

  public init(
    context: RawText? = nil, model: RawText? = nil, version: RawText? = nil, from: Timestamp? = nil,
    before: Timestamp? = nil, isJudged: Bool? = nil, words: [String] = []
  ) {
    self.context = context
    self.model = model
    self.version = version
    self.from = from
    self.before = before
    self.isJudged = isJudged
    self.words = words
  }

  /// The cases that a search means.
  public init(_ query: SearchQuery, context: RawText? = nil) {
    self.init(
      context: context, version: query.version, from: query.since, before: query.before, isJudged: query.isJudged,
      words: query.words)
    modelBeginning = query.model
    isOpen = query.isOpen
    isOutlier = query.isOutlier
    isFlagged = query.isFlagged
    analyst = query.analyst
    verdict = query.verdict
    label = query.label
  }

  /// The conditions on `case_ c`; nil where nothing can be found.
  var clause: (sql: String, arguments: StatementArguments)? {
    var (sql, arguments) = conditions
    guard !words.isEmpty else { return (sql, arguments) }
    guard let query = SearchText.query(words, isOpen: isOpen) else { return nil }
    sql += """
       AND c.number IN (SELECT rowid FROM case_fts WHERE case_fts MATCH ? UNION
        SELECT found.number FROM fts CROSS JOIN event ON event.id = fts.rowid
        CROSS JOIN case_ found ON found.id = event.case_id WHERE fts MATCH ? UNION
        SELECT found.number FROM foreign_fts CROSS JOIN foreign_event ON foreign_event.id = foreign_fts.rowid
        CROSS JOIN case_ found ON found.id = foreign_event.case_id WHERE foreign_fts MATCH ?)
      """
    arguments += [query, query, query]
    return (sql, arguments)
  }

  /// The conditions without the words.
  var conditions: (sql: String, arguments: StatementArguments) {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    func add(_ condition: String, _ value: (any DatabaseValueConvertible)?) {
      conditions.append(condition)
      arguments += [value]
    }
    if let context { add("c.context = ?", context.blob) }
    if let model { add("c.model = ?", model.blob) }
    if let version { add("c.version = ?", version.blob) }
    if let from { add("c.at >= ?", from.microseconds) }
    if let before { add("c.at < ?", before.microseconds) }
    if let isJudged {
      conditions.append(
        """
        c.id \(isJudged ? "" : "NOT ")IN
        (SELECT case_id FROM judgement_now WHERE own = 1 AND kind = 'judgement' AND stage = 'final')
        """)
    }
    if let modelBeginning {
      conditions.append(
        """
        (c.model = ? OR (substr(c.model, 1, ?) = ? AND NOT EXISTS (SELECT 1 FROM case_ WHERE model = ?)))
        """)
      let name = modelBeginning.blob
      arguments += [name, name.count, name, name]
    }
    if let isOutlier { add("c.is_outlier = ?", isOutlier ? 1 : 0) }
    if let isFlagged {
      conditions.append(
        """
        \(isFlagged ? "" : "NOT ")EXISTS (SELECT 1 FROM judgement_now f WHERE f.case_id = c.id AND f.own = 1
          AND f.kind = 'flag' AND instr(f.statement, CAST('"raised":true' AS BLOB)) > 0)
        """)
    }
    if let statement = statementConditions {
      conditions.append("EXISTS (SELECT 1 FROM judgement_now j WHERE j.case_id = c.id AND \(statement.sql))")
      arguments += statement.arguments
    }
    // As literals: there may be more than a statement has parameters.
    if !leftOut.isEmpty {
      let ids = leftOut.map { "x'\($0.hex)'" }.sorted()
      conditions.append("c.id NOT IN (\(ids.joined(separator: ",")))")
    }
    return (conditions.isEmpty ? "1" : conditions.joined(separator: " AND "), arguments)
  }

  /// The conditions on a statement in force, `judgement_now j`, beside its case; nil where none is asked for.
  var statementConditions: (sql: String, arguments: StatementArguments)? {
    var conditions: [String] = []
    var arguments: StatementArguments = []
    if let analyst, analyst == "me" {
      conditions.append("j.own = 1")
    } else if let analyst {
      // Before one is enrolled anywhere, the account's name stands behind `unix:`.
      conditions.append("(substr(j.analyst, 1, length(?)) = ? OR substr(j.analyst, 1, 5 + length(?)) = 'unix:' || ?)")
      let name = analyst.string
      arguments += [name, name, name, name]
    }
    if let verdict {
      conditions.append("j.kind = 'judgement' AND j.verdict = ?")
      arguments += [verdict.rawValue]
    }
    if let label {
      conditions.append(
        """
        j.kind = 'judgement' AND (json_extract(CAST(j.statement AS TEXT), '$.statement.label') = ?
          OR (j.verdict = 'agree' AND c.label = ?))
        """)
      arguments += [label.string, label.blob]
    }
    return conditions.isEmpty ? nil : (conditions.joined(separator: " AND "), arguments)
  }
}
