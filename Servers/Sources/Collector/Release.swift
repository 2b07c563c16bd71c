internal import Domain
internal import Feedback
internal import SyncProtocol

/// Lets events count that came under a name of before and were set aside for it, once that name is an analyst's own.
enum Release {
  /// Takes the mark from what an analyst's devices sent under a name; how many rows had it. Whoever follows the log has passed
  /// them: a new epoch begins, in which everybody goes back to before the first of them.
  static func run(recordedUnder name: String, for token: TokenRecord, _ db: any Transaction) throws -> Int {
    let rows = try db.rows(
      "SELECT * FROM log WHERE analyst = ? AND recorded_analyst = ? AND quarantine = ? ORDER BY lsn",
      [.text(token.analyst), .kept(name), .text(IntakeNote.Quarantine.analyst.rawValue)]
    ).filter { row in
      guard let body = try row.bytes("body") else { return true }
      return try EventCopies(body: body).analyst == RawText(name)
    }
    guard let first = try rows.first?.integer("lsn") else { return 0 }
    try db.whileLogIsOpen {
      for row in rows {
        try db.run(
          "UPDATE log SET quarantine = NULL, seal = ? WHERE lsn = ?",
          [.bytes(try RowSeal.of(row, quarantine: .null).bytes), .integer(try row.integer64("lsn"))])
      }
    }
    try Epochs.advance(db, goingBackTo: first - 1)
    try db.run("UPDATE sink SET lsn = ? WHERE lsn >= ?", [SQLValue(first - 1), SQLValue(first)])
    try AuditBook.add(
      .release, token.actor,
      [JSON.Member("formerly", .text(name)), JSON.Member("rows", .integer(Int64(rows.count)))],
      by: AuditBook.operatorName, db)
    // What they ask for was not done while they did not count.
    for row in rows {
      let event = try LogReader.entry(row, epoch: 0).event
      if try row.optionalText("kind") == EventKind.redact.rawValue { try Redaction.obey(event, from: token, db) }
      try Redaction.obeyAhead(event.eventID, from: token, db)
    }
    return rows.count
  }
}
