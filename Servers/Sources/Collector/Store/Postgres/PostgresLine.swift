internal import Dispatch
internal import Foundation

/// A connection for one purpose: made when it is needed, made anew after it was lost.
///
/// `@unchecked Sendable` is sound: the connection is touched under the lock only.
final class PostgresLine: @unchecked Sendable {
  private let begin: String
  private let debt: ScrubDebt?
  private let connect: @Sendable () throws -> PostgresConnection
  private let lock = NSLock()
  private let queue: DispatchQueue
  private var connection: PostgresConnection?
  /// The last time that no connection could be made.
  private var lastFailure: (at: ContinuousClock.Instant, error: any Error)?

  /// `begin` is what every transaction starts with.
  init(
    _ name: String, begin: String, debt: ScrubDebt? = nil, connect: @escaping @Sendable () throws -> PostgresConnection
  ) {
    self.begin = begin
    self.debt = debt
    self.connect = connect
    queue = DispatchQueue(label: "postgresql \(name)")
  }

  /// How often a transaction is tried that another one was in the way of.
  private static let attempts = 5

  /// One transaction, committed when this returns. Whoever gets an error knows that it was not committed, or that
  /// nobody knows: then the same once more finds what is there.
  func transaction<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try transaction(since: .now, body)
  }

  private func transaction<Result>(
    since arrival: ContinuousClock.Instant, _ body: (any Transaction) throws -> Result
  ) throws -> Result {
    try lock.withLock {
      var attempt = 1
      while true {
        do {
          return try once(since: arrival, body)
        } catch let error as StoreError where error.kind == .conflict && attempt < PostgresLine.attempts {
          attempt += 1
        }
      }
    }
  }

  /// As above, in a thread of its own: libpq's calls block.
  func transaction<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    let arrival = ContinuousClock.now
    return try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Swift.Result { try self.transaction(since: arrival, body) })
      }
    }
  }

  func close() {
    lock.withLock { connection = nil }
  }

  private func once<Result>(
    since arrival: ContinuousClock.Instant, _ body: (any Transaction) throws -> Result
  ) throws -> Result {
    let connection = try begun(since: arrival)
    do {
      let result = try body(PostgresTransaction(connection: connection, debt: debt))
      // The server ends a transaction in which something failed with ROLLBACK, and calls that a success.
      guard try connection.execute("COMMIT") == "COMMIT" else {
        throw StoreError(.statement, "the transaction was given up")
      }
      return result
    } catch {
      if (error as? StoreError)?.kind == .away || (try? connection.execute("ROLLBACK")) == nil { self.connection = nil }
      throw error
    }
  }

  /// The connection, in a new transaction. One that was lost meanwhile is noticed here, before anything is done.
  private func begun(since arrival: ContinuousClock.Instant) throws -> PostgresConnection {
    if let connection {
      do throws(StoreError) {
        try connection.execute(begin)
        return connection
      } catch {
        // Half begun it would refuse everything.
        self.connection = nil
        guard error.kind == .away else { throw error }
      }
    }
    // Whoever waited while a server did not answer has the same answer: not each of them waits for it in turn.
    if let lastFailure, lastFailure.at > arrival { throw lastFailure.error }
    do {
      let fresh = try connect()
      try fresh.execute(begin)
      connection = fresh
      return fresh
    } catch {
      lastFailure = (.now, error)
      throw error
    }
  }
}
