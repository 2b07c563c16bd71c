internal import Foundation
internal import GRDB

/// A transaction of SQLite's.
struct SQLiteTransaction: Transaction {
  let db: Database
  var debt: ScrubDebt?

  func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
    try SQLiteTransaction.explained {
      let statement = try db.cachedStatement(sql: sql)
      try statement.execute(arguments: SQLiteTransaction.arguments(values))
      return db.changesCount
    }
  }

  func rows(_ sql: String, _ values: [SQLValue]) throws -> [StoredRow] {
    try SQLiteTransaction.explained {
      let statement = try db.cachedStatement(sql: sql)
      let columns = statement.columnNames
      let cursor = try Row.fetchCursor(statement, arguments: SQLiteTransaction.arguments(values))
      var rows: [StoredRow] = []
      while let row = try cursor.next() {
        rows.append(
          StoredRow(columns: columns, values: try columns.indices.map { try SQLiteTransaction.value(row, $0) }))
      }
      return rows
    }
  }

  func holds(_ column: String) -> String { "instr(\(column), ?) > 0" }

  func whileLogIsOpen(_ body: () throws -> Void) throws {
    try SQLiteTransaction.explained {
      guard let rule = try String.fetchOne(db, sql: "SELECT sql FROM sqlite_master WHERE name = 'log_stands'") else {
        throw StoreError(.statement, "the log is not protected: these are not a collector's tables")
      }
      try db.execute(sql: "DROP TRIGGER log_stands")
      try body()
      try db.execute(sql: rule)
    }
  }

  func wordsWereRemoved() { debt?.add() }

  func attempt<Result>(_ body: () throws -> Result) throws -> Result {
    var result: Result?
    try SQLiteTransaction.explained {
      try db.inSavepoint {
        result = try body()
        return .commit
      }
    }
    guard let result else { throw StoreError(.statement, "the savepoint was given up") }
    return result
  }

  private static func arguments(_ values: [SQLValue]) -> StatementArguments {
    // Of one type that GRDB knows, each would be read through a key path: a third of what an insert takes.
    StatementArguments(
      values.map { value -> (any DatabaseValueConvertible)? in
        switch value {
        case .null: nil
        case .integer(let number): number
        case .text(let text): text
        case .bytes(let bytes): Data(bytes)
        }
      })
  }

  private static func value(_ row: Row, _ place: Int) throws -> SQLValue {
    switch (row[place] as DatabaseValue).storage {
    case .null: .null
    case .int64(let number): .integer(number)
    case .string(let text): .text(text)
    case .blob(let data): .bytes(Array(data))
    case .double: throw StoreError(.statement, "a fraction, which no table has")
    }
  }

  /// Errors of the driver, told as the collector's own.
  static func explained<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      let kind: StoreError.Kind =
        switch error.resultCode {
        case .SQLITE_IOERR: .disk
        case .SQLITE_FULL: .full
        default: .statement
        }
      throw StoreError(kind, error.description)
    }
  }
}
