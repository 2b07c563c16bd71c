internal import Synchronization

/// Whether a store's disk has failed since it was opened: SQLite would carry on as if nothing had happened.
final class StoreHealth: Sendable {
  private let failed = Mutex(false)

  var isGood: Bool { failed.withLock { !$0 } }

  /// Does what may fail for the disk, and remembers that it did.
  func watch<Result>(_ work: () throws -> Result) throws -> Result {
    do {
      return try work()
    } catch let error as StoreError where error.kind == .disk {
      failed.withLock { $0 = true }
      throw error
    }
  }
}
