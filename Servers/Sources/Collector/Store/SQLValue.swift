/// What a statement takes in place of a question mark, and what a column of a row holds.
enum SQLValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case text(String)
  case bytes([UInt8])

  /// A foreign text as the tables can give it back: U+0000 ends a text of SQLite's, and PostgreSQL's has none.
  static func kept(_ text: String) -> SQLValue {
    .text(text.contains("\0") ? text.replacing("\0", with: "\u{FFFD}") : text)
  }

  init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }

  init(_ number: Int64?) { self = number.map { .integer($0) } ?? .null }

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }

  init(_ bytes: [UInt8]?) { self = bytes.map { .bytes($0) } ?? .null }
}
