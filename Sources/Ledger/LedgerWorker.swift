internal import Dispatch
internal import Synchronization

/// A ledger's own thread. Ledger calls block and sync the disk, so that tasks hand them over here; they run in order.
public final class LedgerWorker: Sendable {
  public let ledger: Ledger
  private let queue = DispatchQueue(label: "mds.ledger")
  private let isClosed = Mutex(false)

  public init(_ ledger: Ledger) { self.ledger = ledger }

  /// Runs work behind what waits there, and gives its result.
  public func run<Result: Sendable>(
    _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Result
  ) async throws(LedgerError) -> Result {
    let outcome: Swift.Result<Result, LedgerError> = await withCheckedContinuation { continuation in
      queue.async { [self] in
        guard !isClosed.withLock({ $0 }) else {
          continuation.resume(returning: .failure(.closed))
          return
        }
        do throws(LedgerError) {
          continuation.resume(returning: .success(try body(ledger)))
        } catch {
          continuation.resume(returning: .failure(error))
        }
      }
    }
    return try outcome.get()
  }

  /// Puts work behind what waits there and returns at once; `failed` hears why it failed.
  public func submit(
    _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Void,
    failed: @escaping @Sendable (LedgerError) -> Void
  ) {
    queue.async { [self] in
      guard !isClosed.withLock({ $0 }) else { return }
      do throws(LedgerError) {
        try body(ledger)
      } catch {
        failed(error)
      }
    }
  }

  /// Waits for work that was begun, then closes the ledger; what comes later is refused.
  public func close() {
    queue.sync {
      isClosed.withLock { $0 = true }
      try? ledger.close()
    }
  }
}
