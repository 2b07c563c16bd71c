internal import Foundation
internal import Glibc

/// `flock` on a file of its own; between threads of one process the mutex decides, because one descriptor is one owner.
final class FileLock: Sendable {
  private let descriptor: Int32
  private let threads = NSLock()

  init(path: String) throws(LedgerError) {
    let opened = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard opened >= 0 else {
      if errno == ELOOP { throw .symbolicLink(path: path) }
      throw .cannotOpen(path: path, errno: errno)
    }
    descriptor = opened
  }

  deinit { close(descriptor) }

  /// Runs `body` while no other thread and no other process holds the lock; waits for them.
  func hold<Result>(_ body: () throws -> Result) throws -> Result {
    try threads.withLock {
      while flock(descriptor, LOCK_EX) != 0 {
        guard errno == EINTR else { throw LedgerError.cannotLock(errno: errno) }
      }
      defer { flock(descriptor, LOCK_UN) }
      return try body()
    }
  }
}
