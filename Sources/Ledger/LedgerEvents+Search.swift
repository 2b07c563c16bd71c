public import Domain
internal import Feedback
internal import GRDB

extension LedgerEvents {
  /// The newest cases of a context that a query means, at most `limit`, each with the place where it was found: in what
  /// was said of it rather than in itself. Words count in what was taken back too, and are marked as past.
  public func search(_ query: SearchQuery, context: RawText, limit: Int = 500) throws -> SearchResults {
    let filter = CaseFilter(query, context: context)
    let cases =
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) FROM case_ WHERE context = ?"), arguments: [context.blob]) ?? 0
    var found = Found()
    if query.words.isEmpty {
      found = try plain(filter, limit)
    } else if let words = SearchText.query(query.words, isOpen: query.isOpen) {
      try addNamed(query, filter, to: &found)
      try addSaid("fts", "event", words, filter, limit, to: &found)
      try addSaid("foreign_fts", "foreign_event", words, filter, limit, to: &found)
      try addRecords(words, filter, limit, to: &found)
    }
    var hits = try self.hits(Array(found.places.keys), found)
    hits.sort { $0.at == $1.at ? $0.number > $1.number : $0.at > $1.at }
    let isCut = found.isCut || hits.count > limit
    hits = Array(hits.prefix(limit))
    try addMatches(to: &hits, found, query, filter)
    return SearchResults(hits, isCut: isCut, cases: cases)
  }

  /// Where a case was found first.
  private enum Place {
    case number, record
    case event(Int, table: String)
    case none
  }

  private struct Found {
    /// By the case's number.
    var places: [Int: Place] = [:]
    var isCut = false
  }

  private func plain(_ filter: CaseFilter, _ limit: Int) throws -> Found {
    let clause = filter.conditions
    let numbers = try Int.fetchAll(
      db.cachedStatement(
        sql: "SELECT c.number FROM case_ c WHERE \(clause.sql) ORDER BY c.at DESC, c.number DESC LIMIT ?"),
      arguments: clause.arguments + [limit + 1])
    return Found(
      places: Dictionary(numbers.prefix(limit).map { ($0, Place.none) }) { first, _ in first },
      isCut: numbers.count > limit)
  }

  /// The case of this number, and those with these first digits: digits of an id may all be decimal.
  private func addNamed(_ query: SearchQuery, _ filter: CaseFilter, to found: inout Found) throws {
    guard query.words.count == 1, let word = query.words.first else { return }
    let clause = filter.conditions
    var names: [(sql: String, arguments: StatementArguments)] = []
    if let number = Int(word) { names.append(("c.number = ?", [number])) }
    let rest = 32 - word.utf8.count
    if (0...26).contains(rest), let low = ShortHash(hex: word + String(repeating: "0", count: rest)),
      let high = ShortHash(hex: word + String(repeating: "f", count: rest))
    {
      names.append(("c.id BETWEEN ? AND ?", [low.bytes.blob, high.bytes.blob]))
    }
    for name in names {
      let numbers = try Int.fetchAll(
        db, sql: "SELECT c.number FROM case_ c WHERE \(name.sql) AND \(clause.sql) LIMIT 10",
        arguments: name.arguments + clause.arguments)
      for number in numbers { found.places[number] = .number }
    }
  }

  /// What was said, the newest first. The index is walked from its end, so that a frequent word costs no more than a
  /// rare one; one case may hold several of them.
  private func addSaid(
    _ index: String, _ table: String, _ words: String, _ filter: CaseFilter, _ limit: Int, to found: inout Found
  ) throws {
    let clause = filter.conditions
    let rows = try Row.fetchCursor(
      db.cachedStatement(
        sql: """
          SELECT e.id, c.number FROM \(index) CROSS JOIN \(table) e ON e.id = \(index).rowid
          CROSS JOIN case_ c ON c.id = e.case_id
          WHERE \(index) MATCH ? AND \(clause.sql) ORDER BY \(index).rowid DESC
          """), arguments: [words] + clause.arguments)
    var count = 0
    while let row = try rows.next() {
      guard found.places[row.int("number")] == nil else { continue }
      guard count < limit else {
        found.isCut = true
        return
      }
      found.places[row.int("number")] = .event(row.int("id"), table: table)
      count += 1
    }
  }

  private func addRecords(_ words: String, _ filter: CaseFilter, _ limit: Int, to found: inout Found) throws {
    let clause = filter.conditions
    let numbers = try Int.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT c.number FROM case_fts CROSS JOIN case_ c ON c.number = case_fts.rowid
          WHERE case_fts MATCH ? AND \(clause.sql) ORDER BY case_fts.rowid DESC LIMIT ?
          """), arguments: [words] + clause.arguments + [limit + 1])
    for number in numbers.prefix(limit) where found.places[number] == nil { found.places[number] = .record }
    if numbers.count > limit { found.isCut = true }
  }

  private func hits(_ numbers: [Int], _ found: Found) throws -> [SearchHit] {
    try Row.fetchAll(
      db,
      sql: """
        SELECT \(CaseSummary.columns) FROM case_ c WHERE c.number IN (\(numbers.map(String.init).joined(separator: ",")))
        """
    ).map { row in
      let summary = try CaseSummary(row)
      return SearchHit(
        id: summary.id, number: summary.number, at: summary.at, sourceID: summary.sourceID, model: summary.model,
        label: summary.label, probability: summary.probability, isOutlier: summary.isOutlier, verdict: summary.verdict)
    }
  }

  private func addMatches(
    to hits: inout [SearchHit], _ found: Found, _ query: SearchQuery, _ filter: CaseFilter
  ) throws {
    let finder = WordFinder(query.words, isOpen: query.isOpen)
    for index in hits.indices {
      let hit = hits[index]
      switch found.places[hit.number] {
      case .number: hits[index].match = SearchMatch(.number, found: RawText(hit.name))
      case .event(let id, let table): hits[index].match = try said(id, table, finder)
      case .record: hits[index].match = try inRecord(hit, finder)
      case .none?, nil: hits[index].match = try asked(hit, filter)
      }
    }
  }

  private func said(_ id: Int, _ table: String, _ finder: WordFinder) throws -> SearchMatch? {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT e.*, EXISTS (SELECT 1 FROM judgement_now j WHERE j.case_id = e.case_id AND j.event_id = e.event_id)
            AS stands FROM \(table) e WHERE e.id = ?
          """), arguments: [id])
    guard let row, let body = try? row.event().decoded() else { return nil }
    let parts = SearchText.parts(of: body)
    let matches = parts.lazy.compactMap { part in
      finder.match(part, by: body.stamp.analyst, isPast: row.int("stands") == 0)
    }
    return matches.first
  }

  private func inRecord(_ hit: SearchHit, _ finder: WordFinder) throws -> SearchMatch? {
    let own = [
      SearchText.Part(place: .source, text: hit.sourceID), SearchText.Part(place: .model, text: hit.model.name),
      SearchText.Part(place: .answer, text: hit.label),
    ]
    if let match = own.lazy.compactMap({ finder.match($0) }).first { return match }
    // SQLite reads the record out of a case many times faster than the whole of it is decoded.
    let text = try String.fetchOne(
      db.cachedStatement(
        sql: "SELECT json_extract(CAST(body AS TEXT), '$.record') FROM case_ WHERE number = ?"),
      arguments: [hit.number])
    guard let text, let json = try? JSON(parsing: Array(text.utf8)), let record = try? Domain.Record(json: json) else {
      return nil
    }
    return SearchText.parts(of: record).lazy.compactMap { finder.match($0) }.first
  }

  /// The statement that an analyst, a verdict or a label was asked of.
  private func asked(_ hit: SearchHit, _ filter: CaseFilter) throws -> SearchMatch? {
    guard let conditions = filter.statementConditions else { return nil }
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT j.* FROM judgement_now j JOIN case_ c ON c.id = j.case_id
          WHERE j.case_id = ? AND \(conditions.sql) ORDER BY j.kind = 'judgement' DESC, j.at DESC LIMIT 1
          """), arguments: [hit.id.bytes.blob] + conditions.arguments)
    guard let row else { return nil }
    let standing = try Standing(row)
    switch standing.statement {
    case .judgement(let body):
      let label = body.judgement.rightText.map { RawText(" → ").appending($0) } ?? ""
      let note = body.judgement.note.isEmpty ? "" : RawText("   ").appending(body.judgement.note)
      return SearchMatch(
        .verdict, of: standing.analyst, found: RawText(body.judgement.verdict?.rawValue ?? "judged"),
        after: label.appending(note))
    case .note(let text): return SearchMatch(.note, of: standing.analyst, found: "", after: text)
    case .flag(let flag): return SearchMatch(.flag, of: standing.analyst, found: "", after: flag.text)
    case .decision(let decision):
      let note = decision.note.isEmpty ? "" : RawText("   ").appending(decision.note)
      return SearchMatch(.decision, of: standing.analyst, found: RawText(decision.text), after: note)
    case .mark(let body):
      let target = body.mark.part.map { RawText(" ").appending($0.text) } ?? ""
      return SearchMatch(.mark, of: standing.analyst, found: RawText(body.mark.kind?.word ?? "rated"), after: target)
    }
  }
}
