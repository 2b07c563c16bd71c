public import Domain
public import Export
public import Feedback
internal import SyncProtocol

/// What an export that goes on from an earlier one has to tell again.
extension CollectorLog {
  /// Rows before the part to export.
  private static let earlier = "(lsn <= ? OR received_at < ?)"

  private var earlierValues: [SQLValue] { [SQLValue(start), .text(since)] }

  public func forEachEarlier(_ body: (ExportEntry) throws -> Void) throws {
    guard start > 0 || !since.isEmpty else { return }
    for row in try redactedSince() { try body(Self.entry(row)) }
    for caseID in try casesSince() {
      let rows = try database.readNow { db in
        try db.rows(
          """
          SELECT * FROM log WHERE case_id = ? AND kind IN ('judgement', 'amend') AND \(Self.good) AND \(Self.earlier)
          ORDER BY lsn
          """, [.bytes(caseID.bytes), SQLValue(end.number)] + earlierValues)
      }
      for row in rows { try body(Self.entry(row)) }
    }
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

  /// Earlier judgements that were redacted since. When the earlier export was made is not known; it was not before its last
  /// row came in, so some that it did not have any more may be told again.
  private func redactedSince() throws -> [StoredRow] {
    try database.readNow { db in
      let reached = try db.text("SELECT received_at FROM log WHERE lsn = ?", [SQLValue(start)]) ?? ""
      let acts = try db.rows(
        "SELECT detail FROM audit WHERE action = ? AND at >= ? ORDER BY number",
        [.text(AuditBook.Action.redact.rawValue), .text(max(reached, since))])
      let numbers = try acts.flatMap { act in
        let text = try act.text("detail")
        let detail = try? JSON(parsing: Array(text.utf8))
        return (detail?["rows"]?.array ?? []).compactMap(\.integer)
      }
      return try numbers.compactMap { number in
        try db.row(
          """
          SELECT * FROM log WHERE lsn = ? AND quarantine = ? AND kind IN ('judgement', 'amend') AND alias_of IS NULL
          AND \(Self.earlier)
          """, [.integer(number), .text(Redaction.mark)] + earlierValues)
      }
    }
  }
}
