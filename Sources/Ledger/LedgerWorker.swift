internal import Dispatch
public import Domain
internal import Synchronization

/// A ledger's own thread. Ledger calls block and sync the disk, so that tasks hand them over here; they run in order.
public final class LedgerWorker: Sendable {
  public let ledger: Ledger
  private let queue = DispatchQueue(label: "mds.ledger")
  /// Long reading has a thread of its own, so that nothing that is to be saved waits behind it.
  private let studies = DispatchQueue(label: "mds.ledger.studies")
  /// Searches have one as well: a key that is typed does not wait for a report.
  private let searches = DispatchQueue(label: "mds.ledger.searches")
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
  ) async throws(LedgerError) -> Result { try await study(on: studies, body) }

  /// The newest cases that a query means; a task that is cancelled ends it within a statement.
  public func search(
    _ query: SearchQuery, context: RawText, limit: Int = 500
  ) async throws(LedgerError) -> SearchResults {
    try await study(on: searches) { events, _ in try events.search(query, context: context, limit: limit) }
  }

  private func study<Result: Sendable>(
    on queue: DispatchQueue, _ body: @escaping @Sendable (LedgerEvents, _ isWanted: () -> Bool) throws -> Result
  ) async throws(LedgerError) -> Result {
    let cancellation = Cancellation()
    let outcome: Swift.Result<Result, LedgerError> = await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        queue.async { [self] in
          let isWanted = { !cancellation.isSet && !self.isClosed.withLock { $0 } }
          guard isWanted() else {
            continuation.resume(returning: .failure(.closed))
            return
          }
          do throws(LedgerError) {
            continuation.resume(
              returning: .success(try ledger.study(cancellation) { events in try body(events, isWanted) }))
          } catch {
            continuation.resume(returning: .failure(error))
          }
        }
      }
    } onCancel: {
      cancellation.set()
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
