internal import Dispatch
internal import Synchronization

/// A ledger's own thread. Ledger calls block and sync the disk, so that tasks hand them over here; they run in order.
public final class LedgerWorker: Sendable {
  public let ledger: Ledger
  private let queue = DispatchQueue(label: "mds.ledger")
  /// Long reading has a thread of its own, so that nothing that is to be saved waits behind it.
  private let studies = DispatchQueue(label: "mds.ledger.studies")
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

  /// Runs work that reads much, on a connection of its own beside what is saved meanwhile. `body` gets a question
  /// that it asks now and then: whether it is still wanted. A task that is cancelled wants it no longer.
  public func study<Result: Sendable>(
    _ body: @escaping @Sendable (LedgerEvents, _ isWanted: () -> Bool) throws -> Result
  ) async throws(LedgerError) -> Result {
    let isCancelled = Cancellation()
    let outcome: Swift.Result<Result, LedgerError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        studies.async { [self] in
          let isWanted = { !isCancelled.isSet && !self.isClosed.withLock { $0 } }
          guard isWanted() else {
            continuation.resume(returning: .failure(.closed))
            return
          }
          do throws(LedgerError) {
            continuation.resume(returning: .success(try ledger.study { events in try body(events, isWanted) }))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
    } onCancel: {
      isCancelled.set()
    }
    return try outcome.get()
  }

  /// Whether the task that waits was cancelled.
  private final class Cancellation: Sendable {
    private let flag = Mutex(false)

    var isSet: Bool { flag.withLock { $0 } }

    func set() { flag.withLock { $0 = true } }
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
