internal import Domain
internal import FoundationEssentials
internal import GRDB

/// Bytes to and from SQLite.
enum Blob {
  static func data(_ bytes: [UInt8]) -> Data { Data(bytes) }

  static func bytes(_ row: Row, _ column: String) -> [UInt8] {
    guard let data: Data = row[column] else { return [] }
    return Array(data)
  }

  static func optional(_ row: Row, _ column: String) -> [UInt8]? {
    guard let data: Data = row[column] else { return nil }
    return Array(data)
  }

  static func fetch(_ database: Database, _ sql: String, _ arguments: StatementArguments) throws -> [UInt8]? {
    try Data.fetchOne(database, sql: sql, arguments: arguments).map { Array($0) }
  }

  static func text(_ row: Row, _ column: String) -> RawText {
    let text: String = row[column] ?? ""
    return RawText(text)
  }
}
