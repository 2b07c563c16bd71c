internal import Feedback
internal import SyncProtocol

/// Rows of events whose time lies outside the years that four digits name. They were taken for good once; whoever read one
/// stumbled over it.
enum OddTimes {
  /// Sets them aside as what cannot be read, with the columns that such a row has. One that was redacted stays so.
  static func setAside(_ db: any Transaction) throws {
    // As text every other time has this length.
    let rows = try db.rows("SELECT * FROM log WHERE length(at) <> 27 ORDER BY lsn")
    guard !rows.isEmpty else { return }
    let copies = ["kind", "at", "recorded_analyst", "case_id"]
    try db.whileLogIsOpen {
      for row in rows {
        let isRedacted = try row.optionalText("quarantine") == Redaction.mark
        let mark = SQLValue.text(isRedacted ? Redaction.mark : IntakeNote.Quarantine.unreadable.rawValue)
        var changes: [String: SQLValue] = ["quarantine": mark]
        for column in copies { changes[column] = .null }
        try db.run(
          "UPDATE log SET \(copies.map { "\($0) = NULL" }.joined(separator: ", ")), quarantine = ?, seal = ? WHERE lsn = ?",
          [mark, .bytes(try RowSeal.of(row, with: changes).bytes), .integer(try row.integer64("lsn"))])
      }
    }
  }
}
