internal import Glibc

/// Why the collector cannot work with its files.
public enum CollectorError: Error, Hashable, Sendable, CustomStringConvertible {
  case file(String, Int32)
  /// The database is not a collector's.
  case foreignDatabase(String)
  /// The database was written by a newer program.
  case newerDatabase(Int)
  /// There is no database at this path.
  case noDatabase(String)
  /// A server has the database open.
  case served(String)
  /// A backup or an export would overwrite something.
  case exists(String)
  case noSuchToken(Int64)
  /// What is to be published has more bytes than may be.
  case tooLarge(Int, Int)
  /// A row that the rules cannot have written.
  case damagedRow(Int64)

  public var description: String {
    switch self {
    case .file(let path, let code): "\(path): \(String(cString: strerror(code)))"
    case .foreignDatabase(let path): "\(path) is no collector's database"
    case .newerDatabase(let version): "the database has version \(version), which this program does not know"
    case .noDatabase(let path): "there is no database at \(path)"
    case .served(let path): "a server has \(path) open; stop it first"
    case .exists(let path): "\(path) exists; choose another name"
    case .noSuchToken(let id): "there is no token \(id)"
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes; \(limit) are the most that is published"
    case .damagedRow(let number): "row \(number) of the log is damaged"
    }
  }
}
