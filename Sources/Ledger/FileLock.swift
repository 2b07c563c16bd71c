internal import Glibc

/// The lock that every write, migration, checkpoint and close holds.
///
/// SQLite 3.7.0 to 3.51.2 can lose commits when two connections write or checkpoint a WAL at the same instant
/// (sqlite.org/wal.html#walresetbug); Debian 12's 3.40.1 is among them. The lock is on a file of its own: closing any
/// descriptor of the database would drop SQLite's locks.
final class FileLock: Sendable {
  private let descriptor: Int32

  init(path: String) throws(LedgerError) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else {
      throw .cannotOpen(path: path, reason: String(cString: strerror(errno)))
    }
  }

  deinit { close(descriptor) }

  /// Runs `body` while no other process does.
  func hold<Result>(_ body: () throws -> Result) throws -> Result {
    while flock(descriptor, LOCK_EX) != 0 {
      if errno != EINTR { throw LedgerError.failed(reason: String(cString: strerror(errno))) }
    }
    defer { flock(descriptor, LOCK_UN) }
    return try body()
  }
}
