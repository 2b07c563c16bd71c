/// Where a collector's tables are kept.
public enum DatabaseLocation: Hashable, Sendable, CustomStringConvertible {
  /// A file of SQLite's.
  case file(String)

  /// Reads what was typed.
  public init(_ text: String) { self = .file(text) }

  public var description: String {
    switch self {
    case .file(let path): path
    }
  }
}
