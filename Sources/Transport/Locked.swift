internal import Glibc

/// A value behind a lock that is held for a few instructions at a time.
///
/// `@unchecked Sendable` is sound: the value is reached only inside `withLock`, under the mutex. It is a pthread mutex
/// because the thread sanitizer does not understand `Synchronization.Mutex` under contention. Closures are kept in
/// structs, never bare: a bare one gains a thunk at every access of a generic container.
final class Locked<Value>: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private var value: Value

  init(_ value: Value) {
    self.value = value
    mutex = .allocate(capacity: 1)
    mutex.initialize(to: pthread_mutex_t())
    pthread_mutex_init(mutex, nil)
  }

  deinit {
    pthread_mutex_destroy(mutex)
    mutex.deallocate()
  }

  func withLock<Result, Failure: Error>(
    _ body: (inout Value) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
