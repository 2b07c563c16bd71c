internal import Glibc

/// Held by the one of an analyst's sessions that talks to the collector: what it sends is what all of them saved. It goes
/// with the process, however that ends.
final class SyncSeat: Sendable {
  private let descriptor: Int32

  /// Takes the seat of a ledger at once; nil where another session has it. A ledger whose folder takes no file has no
  /// other session either that could write.
  init?(besides ledger: String) {
    descriptor = open(ledger + ".sync", O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0, flock(descriptor, LOCK_EX | LOCK_NB) != 0, errno == EWOULDBLOCK else { return }
    // `deinit` closes it: every property has its value.
    return nil
  }

  deinit { if descriptor >= 0 { close(descriptor) } }
}
