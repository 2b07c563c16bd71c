internal import Feedback

/// A row that a statement gave. A column that is not there, or holds something else, is a mistake and is thrown.
struct StoredRow: Sendable {
  let columns: [String]
  let values: [SQLValue]

  subscript(_ column: String) -> SQLValue {
    get throws(StoreError) {
      guard let place = columns.firstIndex(of: column) else { throw StoreError(.statement, "no column \(column)") }
      return values[place]
    }
  }

  func integer64(_ column: String) throws(StoreError) -> Int64 {
    guard case .integer(let number) = try self[column] else { throw StoredRow.mistaken(column) }
    return number
  }

  func integer(_ column: String) throws(StoreError) -> Int { Int(try integer64(column)) }

  func text(_ column: String) throws(StoreError) -> String {
    guard let text = try optionalText(column) else { throw StoredRow.mistaken(column) }
    return text
  }

  func optionalText(_ column: String) throws(StoreError) -> String? {
    switch try self[column] {
    case .text(let text): return text
    case .null: return nil
    default: throw StoredRow.mistaken(column)
    }
  }

  func optionalInteger(_ column: String) throws(StoreError) -> Int64? {
    if case .null = try self[column] { return nil }
    return try integer64(column)
  }

  /// nil for null.
  func bytes(_ column: String) throws(StoreError) -> [UInt8]? {
    switch try self[column] {
    case .bytes(let bytes): return bytes
    case .null: return nil
    default: throw StoredRow.mistaken(column)
    }
  }

  /// nil for what is no hash.
  func hash(_ column: String) throws(StoreError) -> Hash? { try bytes(column).flatMap { Hash(bytes: $0) } }

  private static func mistaken(_ column: String) -> StoreError {
    StoreError(.statement, "column \(column) holds something else")
  }
}
