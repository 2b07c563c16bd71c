public import Domain
public import Export
public import Feedback
internal import SyncProtocol

/// What an export that goes on from an earlier one has to tell again.
extension CollectorLog {
  /// Rows before the part to export.
  private static let earlier = "(lsn <= ? OR received_at < ?)"

  private var earlierValues: [SQLValue] { [SQLValue(start), .text(since)] }

  public func forEachEarlier(_ body: (ExportEntry, _ hasChanged: Bool) throws -> Void) throws {
    guard place > 0 || !since.isEmpty else { return }
    let gone = try redactedSince()
    for row in gone.judgements { try body(Self.entry(row), true) }
    var told: Set<EventID> = []
    for touched in gone.touched + (try contentsSince()) + (try decidedSince()) {
      for row in try earlierJudgements(of: touched.caseID) {
        let entry = try Self.entry(row)
        guard touched.analyst == nil || touched.analyst == entry.event.analyst,
          told.insert(entry.event.eventID).inserted
        else { continue }
        try body(entry, true)
      }
    }
    for caseID in try casesSince() {
      for row in try earlierJudgements(of: caseID) {
        let entry = try Self.entry(row)
        if !told.contains(entry.event.eventID) { try body(entry, false) }
      }
    }
  }

  private func earlierJudgements(of caseID: ShortHash) throws -> [StoredRow] {
    try judgements(of: caseID, and: "AND \(Self.earlier)", earlierValues)
  }

  public func earlierStatements(about caseID: ShortHash) throws -> [Event] {
    try statements(about: caseID, and: "AND \(Self.earlier)", earlierValues)
  }

  /// The cases of which something came in since, in the order in which it did.
  private func casesSince() throws -> [ShortHash] {
    var cases: [ShortHash] = []
    var met: Set<ShortHash> = []
    var last = start
    while true {
      let rows = try database.readNow { db in
        try db.rows(
          """
          SELECT lsn, case_id FROM log WHERE lsn > ? AND received_at >= ? AND \(Self.good) AND case_id IS NOT NULL
          AND \(Self.statements) ORDER BY lsn LIMIT ?
          """, [SQLValue(last), .text(since), SQLValue(end.number), SQLValue(page)])
      }
      for row in rows {
        last = try row.integer("lsn")
        guard let id = try row.bytes("case_id").flatMap({ ShortHash(bytes: $0) }) else { continue }
        if met.insert(id).inserted { cases.append(id) }
      }
      guard rows.count == page else { return cases }
    }
  }

  /// Whose earlier judgements of a case read otherwise, though nothing that came in since says so.
  private struct Touched {
    var caseID: ShortHash
    /// nil for everybody's.
    var analyst: RawText?

    init(_ caseID: ShortHash) { self.caseID = caseID }

    init?(_ row: StoredRow, everybody: Bool) throws {
      guard let id = try row.bytes("case_id").flatMap({ ShortHash(bytes: $0) }) else { return nil }
      caseID = id
      analyst = everybody ? nil : RawText(try row.text("analyst"))
    }
  }

  /// Entries of the audit of which the earlier export may not have known: those that were made when its last row was the
  /// log's, or later. Some that it knew of may be among them.
  private func actsSince(_ actions: [AuditBook.Action], _ db: any Transaction) throws -> [(object: String, JSON)] {
    let marks = actions.map { _ in "?" }.joined(separator: ", ")
    let rows = try db.rows(
      "SELECT at, object, detail FROM audit WHERE action IN (\(marks)) AND at >= ? ORDER BY number",
      actions.map { .text($0.rawValue) } + [.text(since)])
    let reached = try reached(db)
    return try rows.compactMap { row in
      let text = try row.text("detail")
      guard let detail = try? JSON(parsing: Array(text.utf8)) else { return nil }
      let isNew = try detail["lsn"]?.integer.map { $0 >= start } ?? (row.text("at") >= reached)
      return isNew ? (try row.text("object"), detail) : nil
    }
  }

  /// From when on the acts are that the earlier export may not have known of, where nobody kept after which row of the log
  /// they were done. When it was made is not known; it was not before its last row came in.
  private func reached(_ db: any Transaction) throws -> String {
    max(try db.text("SELECT received_at FROM log WHERE lsn = ?", [SQLValue(start)]) ?? "", since)
  }

  /// Earlier judgements that were redacted since, and whose rows showed something else that was: a note, a record, a mark.
  /// After an epoch has begun the earlier export had also rows that are read again now, without those that were redacted.
  private func redactedSince() throws -> (judgements: [StoredRow], touched: [Touched]) {
    try database.readNow { db in
      let numbers = try actsSince([.redact], db).flatMap { _, detail in
        (detail["rows"]?.array ?? []).compactMap(\.integer)
      }
      let rows = try numbers.compactMap { number in
        try db.row(
          "SELECT * FROM log WHERE lsn = ? AND quarantine = ? AND kind IS NOT NULL AND \(Self.earlier)",
          [.integer(number), .text(Redaction.mark), SQLValue(max(start, place)), .text(since)])
      }
      var (judgements, touched) = ([StoredRow](), [Touched]())
      for row in rows {
        let kind = try row.optionalText("kind").map { EventKind(RawText($0)) }
        let isJudgement = kind == .judgement || kind == .amend
        if isJudgement, case .null = try row["alias_of"] { judgements.append(row) }
        // A decision stands in everybody's rows, and others may have judged on the same view.
        let everybody = kind == .adjudicate || kind == .seen
        guard everybody || kind?.isStatement == true else { continue }
        if let one = try Touched(row, everybody: everybody) { touched.append(one) }
      }
      return (judgements, touched)
    }
  }

  /// Cases of which researchers published a decision, or withdrew one.
  private func decidedSince() throws -> [Touched] {
    try database.readNow { db in
      try actsSince([.publish, .withdraw], db).compactMap { object, _ in
        let words = object.split(separator: " ")
        guard words.count == 3, words[0] == InboxKind.adjudication.rawValue else { return nil }
        return ShortHash(hex: String(words[2])).map { Touched($0) }
      }
    }
  }

  /// Whose record was too large for an event, and came after the judgement did.
  private func contentsSince() throws -> [Touched] {
    let contents = try database.readNow { db in
      try BlobBook.contents(since: start, since, orUnplacedSince: reached(db), db)
    }
    guard !contents.isEmpty else { return [] }
    var touched: [Touched] = []
    var last = 0
    while true {
      let rows = try database.readNow { db in
        try db.rows(
          """
          SELECT * FROM log WHERE lsn > ? AND kind = 'seen' AND \(Self.good) AND \(Self.earlier) AND \(db.holds("body"))
          ORDER BY lsn LIMIT ?
          """,
          [SQLValue(last), SQLValue(end.number)] + earlierValues + [.bytes(Array(#""sha256":"#.utf8)), SQLValue(page)])
      }
      for row in rows {
        last = try row.integer("lsn")
        guard let named = try Redaction.content(namedBy: row), contents.contains(named.hash) else { continue }
        if let one = try Touched(row, everybody: true) { touched.append(one) }
      }
      guard rows.count == page else { return touched }
    }
  }
}
