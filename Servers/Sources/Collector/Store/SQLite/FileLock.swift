internal import Glibc
internal import Synchronization

/// `flock` on a file of its own: one writer among all processes, and among the threads of this one. It is held over
/// every write, checkpoint and close, because SQLite before 3.51.3 can lose commits when two connections reset the
/// WAL at the same instant (https://sqlite.org/wal.html#walresetbug).
final class FileLock: Sendable {
  private let descriptor: Int32
  private let threads = Mutex<Void>(())

  /// The lock of a database.
  init(database path: String) throws(CollectorError) {
    descriptor = try DatabaseOwner.open(path + ".lock", of: path)
  }

  deinit { close(descriptor) }

  /// Blocks until the lock is free: never from a task.
  func hold<Result>(_ body: () throws -> Result) throws -> Result {
    // One descriptor is one owner: between threads the mutex decides.
    try threads.withLock { _ in
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else { throw CollectorError.file("lock", errno) }
      }
      defer { flock(descriptor, LOCK_UN) }
      return try body()
    }
  }
}
