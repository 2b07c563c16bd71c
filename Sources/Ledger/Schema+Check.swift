internal import GRDB

/// Whether the tables are those that this version knows: a letter of their text may be another one by now, and SQLite
/// takes that for another column.
extension Schema {
  /// Throws where a table or a column is not there. What is read by name is there then.
  static func check(_ db: Database) throws {
    for (table, columns) in try expected.get() {
      let found = try Set(String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [table]))
      guard !found.isEmpty else { throw LedgerError.damaged("there is no table \(table)") }
      if let missing = columns.first(where: { !found.contains($0) }) {
        throw LedgerError.damaged("the table \(table) has no column \(missing)")
      }
    }
  }

  /// The columns of each table, out of an empty ledger of this version.
  private static let expected: Result<[(table: String, columns: [String])], any Error> = Result {
    try DatabaseQueue().write { db in
      try migrate(db)
      return try String.fetchAll(db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").map {
        ($0, try String.fetchAll(db, sql: "SELECT name FROM pragma_table_info(?)", arguments: [$0]))
      }
    }
  }
}
