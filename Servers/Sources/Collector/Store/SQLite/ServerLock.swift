internal import Glibc

/// Held by the one server of a database for as long as it runs, and by a restore: what a server writes into a file that
/// was put aside would be lost.
public final class ServerLock: Sendable {
  private let descriptor: Int32

  /// Takes the lock at once, or throws; it goes with the process, however that ends.
  public init(database path: String) throws(CollectorError) {
    descriptor = try DatabaseOwner.open(path + ".serving", of: path)
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      let code = errno
      close(descriptor)
      throw code == EWOULDBLOCK ? .served(path) : .file(path, code)
    }
  }

  deinit { close(descriptor) }
}
