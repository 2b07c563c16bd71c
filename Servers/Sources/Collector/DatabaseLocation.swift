/// Where a collector's tables are kept.
public enum DatabaseLocation: Hashable, Sendable, CustomStringConvertible {
  /// A file of SQLite's.
  case file(String)
  /// A database of PostgreSQL's, by its `postgresql://` address.
  case server(String)

  /// Reads what was typed.
  public init(_ text: String) throws(CollectorError) {
    guard text.hasPrefix("postgresql://") || text.hasPrefix("postgres://") else {
      self = .file(text)
      return
    }
    try PostgresAddress.check(text)
    self = .server(text)
  }

  public var description: String {
    switch self {
    case .file(let path): path
    case .server(let uri): uri
    }
  }
}
