internal import Dispatch
internal import Foundation

/// A connection for one purpose: made when it is needed, made anew after it was lost.
///
/// `@unchecked Sendable` is sound: the connection is touched under the lock only.
final class PostgresLine: @unchecked Sendable {
  private let begin: String
  private let connect: @Sendable () throws -> PostgresConnection
  private let lock = NSLock()
  private let queue: DispatchQueue
  private var connection: PostgresConnection?

  /// `begin` is what every transaction starts with.
  init(_ name: String, begin: String, connect: @escaping @Sendable () throws -> PostgresConnection) {
    self.begin = begin
    self.connect = connect
    queue = DispatchQueue(label: "postgresql \(name)")
  }

  /// How often a transaction is tried that another one was in the way of.
  private static let attempts = 5

  /// One transaction, committed when this returns. Whoever gets an error knows that it was not committed, or that
  /// nobody knows: then the same once more finds what is there.
  func transaction<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try lock.withLock {
      var attempt = 1
      while true {
        do {
          return try once(body)
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
    try await withCheckedThrowingContinuation { continuation in
      queue.async {
        continuation.resume(with: Swift.Result { try self.transaction(body) })
      }
    }
  }

  func close() {
    lock.withLock { connection = nil }
  }

  private func once<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    let connection = try begun()
    do {
      let result = try body(PostgresTransaction(connection: connection))
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
  private func begun() throws -> PostgresConnection {
    if let connection {
      do throws(StoreError) {
        try connection.execute(begin)
        return connection
      } catch  where error.kind == .away {
        self.connection = nil
      }
    }
    let fresh = try connect()
    try fresh.execute(begin)
    connection = fresh
    return fresh
  }
}
