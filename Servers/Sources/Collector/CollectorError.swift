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
  /// A former name that an analyst of this collector goes by.
  case nameInUse(String)
  /// A name that what another analyst saved before counts under.
  case formerName(String, of: String)
  /// Too few digits to name what is called this, or none of them.
  case shortName(String, String)
  /// Nothing in the log that is called this, or several, begin with these digits.
  case noSuchName(String, String)
  /// No row of the log is of this event or case.
  case unknownEvent(String)
  /// A certificate or key that cannot be used.
  case tls(String, String)
  /// A file with a secret that others than its owner may read.
  case openSecret(String)
  /// A file that is far longer than one of its kind.
  case longSecret(String)
  /// The database lets nobody write.
  case readOnly
  /// What is to be published has more bytes than may be.
  case tooLarge(Int, Int)
  /// The server would lose what it has confirmed.
  case notDurable(String)
  /// The database holds texts in another encoding.
  case notUTF8(String)
  /// An address with a password in it: everybody on the machine can read it.
  case passwordInAddress
  /// What was typed is no address.
  case badAddress(String)
  /// A restore would overwrite tables.
  case holdsTables(String)
  /// A program that is needed, and what became of it.
  case program(String, String)
  /// A backup that is not as it was written, and what is wrong with it first.
  case damagedBackup(String, String)
  /// A place that the log does not have, or not in this epoch.
  case noSuchPlace(String)
  /// A place behind the end of the log, and that end.
  case beyondEnd(String, end: String)
  /// Nothing can listen at an address, and the system's number of the reason.
  case cannotListen(host: String, port: Int, Int32)
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
    case .noSuchName(let noun, let digits):
      "no \(noun), or more than one, has an identity that begins with \(digits)"
    case .shortName(let noun, let digits):
      "\(digits) names no \(noun): its first eight hexadecimal digits or more do, and all 32 in any case"
    case .tls(let path, let reason): "\(path) \(reason)"
    case .openSecret(let path): "\(path) can be read by others: chmod 600 it"
    case .longSecret(let path): "\(path) has more than 1 MiB: it is no file of this kind"
    case .readOnly:
      "the database is read-only now: a standby, or a right that was taken away. Name the primary, or several hosts with "
        + "target_session_attrs=read-write; nothing was done"
    case .unknownEvent(let name): "nothing in the log is of \(name)"
    case .noSuchToken(let id): "there is no token \(id)"
    case .nameInUse(let name): "\(name) has a token of its own here: what is recorded under it is theirs"
    case .formerName(let name, let analyst):
      "\(name) is a name that \(analyst) had before: what is recorded under it is theirs; choose another"
    case .tooLarge(let bytes, let limit): "it has \(bytes) bytes; \(limit) are the most that is published"
    case .notDurable(let uri): "the server of \(uri) runs with fsync = off: it would lose events that it has confirmed"
    case .notUTF8(let uri): "the database of \(uri) is not in UTF8; make one with createdb --encoding UTF8"
    case .passwordInAddress:
      "a password in the address can be read by everybody on this machine; put it into ~/.pgpass or a file that "
        + "PGPASSFILE names (mode 0600), or name a service of pg_service.conf"
    case .badAddress(let reason): "this is no address of PostgreSQL: \(reason)"
    case .holdsTables(let uri): "\(uri) holds a collector's tables already; restore into a new database (createdb)"
    case .program(let name, let what): "\(name) \(what)"
    case .damagedBackup(let path, let fault):
      "\(path) is damaged: \(fault). Nothing was changed; where there is no better one, put it in place by hand and say "
        + "`restore --done`"
    case .noSuchPlace(let place): "the log has no place \(place) in this epoch; `backup --place` says where it stands"
    case .beyondEnd(let place, let end):
      "the log has no place \(place): it ends at \(end). A place is of the database whose export told it. Where this one was "
        + "put back to an earlier state, say `restore --done` and begin anew; where it is a replica that lags, come again"
    case .cannotListen(let host, let port, EADDRINUSE):
      "port \(port) of \(host) is taken by another program; --port names another"
    case .cannotListen(let host, let port, let code):
      "nothing can listen at port \(port) of \(host): \(String(cString: strerror(code)))"
    case .damagedRow(let number): "row \(number) of the log is damaged"
    }
  }
}
