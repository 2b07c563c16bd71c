internal import Foundation
internal import GRDB

/// A transaction of SQLite's.
struct SQLiteTransaction: Transaction {
  let db: Database
  var debt: ScrubDebt?

  func run(_ sql: String, _ values: [SQLValue]) throws -> Int {
    try SQLiteTransaction.explained {
      try statement(sql, values).execute()
      return db.changesCount
    }
  }

  func rows(_ sql: String, _ values: [SQLValue]) throws -> [StoredRow] {
    try SQLiteTransaction.explained {
      let statement = try statement(sql, values)
      let columns = statement.columnNames
      let cursor = try Row.fetchCursor(statement)
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

  /// The statement, kept from before where it was, with these values in place of its question marks.
  private func statement(_ sql: String, _ values: [SQLValue]) throws -> Statement {
    let statement = try db.cachedStatement(sql: sql)
    // Handed to GRDB as arguments, each would be asked for its type and copied twice: half of what an insert takes.
    statement.setUncheckedArguments([])
    for (place, value) in zip(CInt(1)..., values) {
      guard value.bind(to: statement, at: place) == 0 else {
        throw StoreError(.statement, "value \(place) has no place in it: \(sql)")
      }
    }
    return statement
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

extension SQLValue {
  /// Puts a copy of the value in place of a statement's question mark, the first of which is 1; SQLite's code, 0 where all
  /// is well.
  fileprivate func bind(to statement: Statement, at place: CInt) -> CInt {
    switch self {
    // What nothing was put in place of is null.
    case .null: 0
    case .integer(let number): number.bind(to: statement.sqliteStatement, at: place)
    case .text(let text): text.bind(to: statement.sqliteStatement, at: place)
    case .bytes(let bytes): Data(bytes).bind(to: statement.sqliteStatement, at: place)
    }
  }
}
