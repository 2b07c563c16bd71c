/// A transaction of PostgreSQL's.
struct PostgresTransaction: Transaction {
  let connection: PostgresConnection
  var debt: ScrubDebt?

  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws -> Int { try connection.query(sql, values).changed }

  func rows(_ sql: String, _ values: [SQLValue]) throws -> [StoredRow] { try connection.query(sql, values).rows }

  func holds(_ column: String) -> String { "position(? IN \(column)) > 0" }

  func whileLogIsOpen(_ body: () throws -> Void) throws {
    // A setting of this transaction: it ends with it, also where the body throws, and takes no lock.
    _ = try connection.query("SELECT set_config('\(PostgresSchema.opening)', 'yes', true)")
    try body()
    _ = try connection.query("SELECT set_config('\(PostgresSchema.opening)', '', true)")
  }

  func wordsWereRemoved() { debt?.add() }

  func attempt<Result>(_ body: () throws -> Result) throws -> Result {
    try connection.execute("SAVEPOINT attempt")
    do {
      let result = try body()
      try connection.execute("RELEASE SAVEPOINT attempt")
      return result
    } catch {
      // Where the connection is gone, so is all of the transaction, and that is what is to be told.
      _ = try? connection.execute("ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt")
      throw error
    }
  }
}
