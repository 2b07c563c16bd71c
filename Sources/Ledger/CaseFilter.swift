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

  /// Reads what an analyst types: words, and `model:wine`, `version:3`, `since:2026-11-20`, `since:36h`, `since:3d`,
  /// `before:…`, `is:judged`, `is:open`. Anything else is a word.
  public init(_ text: String, now: Timestamp) {
    self.init()
    for part in text.split(whereSeparator: { $0.isWhitespace }) {
      let pieces = part.split(separator: ":", maxSplits: 1)
      let value = pieces.count == 2 ? String(pieces[1]) : ""
      switch (pieces.first, value) {
      case ("model", _) where !value.isEmpty: model = RawText(value)
      case ("version", _) where !value.isEmpty: version = RawText(value)
      case ("since", _) where CaseFilter.moment(value, now) != nil: from = CaseFilter.moment(value, now)
      case ("before", _) where CaseFilter.moment(value, now) != nil: before = CaseFilter.moment(value, now)
      case ("is", "judged"): isJudged = true
      case ("is", "open"): isJudged = false
      default: words.append(String(part))
      }
    }
  }

  private static func moment(_ text: String, _ now: Timestamp) -> Timestamp? {
    let units: [Character: Double] = ["m": 60, "h": 3600, "d": 86_400, "w": 604_800]
    if let unit = text.last.flatMap({ units[$0] }), let count = Int(text.dropLast()), (0..<1_000_000).contains(count) {
      return now.advanced(bySeconds: -Double(count) * unit)
    }
    return Timestamp(text)
  }

  /// The conditions on `case_ c`; nil where nothing can be found.
  var clause: (sql: String, arguments: StatementArguments)? {
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
    if !words.isEmpty {
      guard let query = SearchText.query(words) else { return nil }
      add(
        """
        c.number IN (SELECT rowid FROM case_fts WHERE case_fts MATCH ? UNION
          SELECT found.number FROM fts CROSS JOIN event ON event.id = fts.rowid
          CROSS JOIN case_ found ON found.id = event.case_id WHERE fts MATCH ?)
        """, query)
      arguments += [query]
    }
    return (conditions.isEmpty ? "1" : conditions.joined(separator: " AND "), arguments)
  }
}
