import GRDB
import Testing

@testable import Ledger

@Suite("The tables that a ledger is opened with")
struct SchemaCheckTests {
  @Test("are named with every column that a new ledger has")
  func tables() throws {
    let made = try DatabaseQueue().write { db in
      try Schema.migrate(db)
      let names = try String.fetchAll(
        db, sql: "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '%fts%' ORDER BY name")
      return try names.map { name in
        let columns = try String.fetchAll(
          db, sql: "SELECT name FROM pragma_table_info(?) ORDER BY cid", arguments: [name])
        return ([name + ":"] + columns).joined(separator: " ")
      }
    }
    let named = Schema.tables.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
    #expect(named == made)
  }
}
