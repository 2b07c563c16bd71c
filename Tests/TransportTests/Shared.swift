import Foundation

/// A value behind a lock, for what tests and their servers share, and for those who wait until it is as they want it.
final class Shared<Value: Sendable>: @unchecked Sendable {
  // Sound: both are touched only under `lock`.
  private let lock = NSCondition()
  private var value: Value
  private var waiters: [(isTrue: @Sendable (Value) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

  init(_ value: Value) { self.value = value }

  func withLock<Result>(_ body: (inout Value) throws -> Result) rethrows -> Result {
    lock.lock()
    defer { lock.unlock() }
    defer { wake() }
    return try body(&value)
  }

  /// Waits as a task does.
  func wait(until isTrue: @escaping @Sendable (Value) -> Bool) async {
    await withCheckedContinuation { continuation in
      withLock { _ in waiters.append((isTrue, continuation)) }
    }
  }

  /// Waits as a thread does, but not for ever: a test that failed must be able to end.
  func block(until isTrue: (Value) -> Bool) {
    let deadline = Date(timeIntervalSinceNow: 120)
    lock.lock()
    while !isTrue(value), lock.wait(until: deadline) {}
    lock.unlock()
  }

  private func wake() {
    lock.broadcast()
    waiters.removeAll { waiter in
      guard waiter.isTrue(value) else { return false }
      waiter.continuation.resume()
      return true
    }
  }
}
