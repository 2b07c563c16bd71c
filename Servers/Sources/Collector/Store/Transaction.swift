/// One transaction of a store, as whoever reads or writes in it sees it. What the statements say is the same for every
/// store: a question mark stands for each value, and no value is ever written into a statement.
protocol Transaction {
  /// Runs a statement; how many rows it put in, changed or took away.
  @discardableResult
  func run(_ sql: String, _ values: [SQLValue]) throws -> Int

  /// Runs a statement; the rows that it gives, all in memory: whoever asks for many says LIMIT.
  func rows(_ sql: String, _ values: [SQLValue]) throws -> [StoredRow]

  /// The condition that the bytes in a column hold those of a value.
  func holds(_ column: String) -> String

  /// Work that changes rows of the log, which nothing else may.
  func whileLogIsOpen(_ body: () throws -> Void) throws

  /// Says that words were taken out of the tables: once this is committed, they are to go from the store's files.
  func wordsWereRemoved()

  /// Work that leaves nothing behind if it throws, while the rest of the transaction stands.
  func attempt<Result>(_ body: () throws -> Result) throws -> Result
}

extension Transaction {
  @discardableResult
  func run(_ sql: String) throws -> Int { try run(sql, []) }

  func rows(_ sql: String) throws -> [StoredRow] { try rows(sql, []) }

  /// The first row.
  func row(_ sql: String, _ values: [SQLValue] = []) throws -> StoredRow? { try rows(sql, values).first }

  /// The first column of the first row; nil where there is none or it is null.
  func integer(_ sql: String, _ values: [SQLValue] = []) throws -> Int? {
    guard let value = try row(sql, values)?.values.first else { return nil }
    switch value {
    case .integer(let number): return Int(number)
    case .null: return nil
    default: throw StoreError(.statement, "no number: \(sql)")
    }
  }

  func text(_ sql: String, _ values: [SQLValue] = []) throws -> String? {
    guard let value = try row(sql, values)?.values.first else { return nil }
    switch value {
    case .text(let text): return text
    case .null: return nil
    default: throw StoreError(.statement, "no text: \(sql)")
    }
  }
}
