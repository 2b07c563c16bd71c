public import Domain
internal import GRDB

/// Why the ledger refused; nothing was saved when it throws.
public enum LedgerError: Error, Hashable, Sendable {
  /// The file, its folder or its owner are not as a private ledger must be.
  case unsafeFile(path: String, reason: String)
  case cannotOpen(path: String, reason: String)
  case locked(path: String)
  case diskFull
  /// A write did not reach the disk: the connection was closed and opened anew.
  case notDurable
  case newerSchema(found: Int, known: Int)
  case corrupt(reason: String)
  case failed(reason: String)

  /// The failure as it is said to a person.
  public var problem: Problem {
    switch self {
    case .unsafeFile(let path, let reason):
      Problem("The ledger \(path) is not used: \(reason)", advice: "Only its owner may read or write it: chmod 600.")
    case .cannotOpen(let path, let reason):
      Problem("The ledger \(path) cannot be opened", advice: "Is the folder there and writable?", detail: reason)
    case .locked(let path):
      Problem("Another program holds the ledger \(path)", advice: "Close it, then try again. The draft is kept.")
    case .diskFull:
      Problem(
        "Not saved: the disk is full", advice: "Free some space, then press s again. The draft is kept on screen.")
    case .notDurable:
      Problem("Not saved: the disk did not take it", advice: "Press s again; look at the disk if it happens again.")
    case .newerSchema(let found, let known):
      Problem("The ledger was written by a newer mds (format \(found); this one knows \(known))", advice: "Update mds.")
    case .corrupt(let reason):
      Problem(
        "The ledger does not verify", advice: "Stop judging in it, and copy the file before anything else.",
        detail: reason)
    case .failed(let reason): Problem("The ledger failed", detail: reason)
    }
  }

  init(_ error: any Error) {
    if let error = error as? LedgerError {
      self = error
      return
    }
    guard let database = error as? DatabaseError else {
      self = .failed(reason: "\(error)")
      return
    }
    switch database.extendedResultCode {
    case .SQLITE_FULL, .SQLITE_IOERR_WRITE: self = .diskFull
    case .SQLITE_IOERR_FSYNC, .SQLITE_IOERR_DIR_FSYNC: self = .notDurable
    case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(reason: database.message ?? "")
    case .SQLITE_BUSY, .SQLITE_LOCKED: self = .locked(path: "")
    default: self = .failed(reason: database.message ?? database.description)
    }
  }
}
