internal import Synchronization

/// Says once that work takes longer than a moment, and never after it has ended.
final class SlowNotice: Sendable {
  private let isOver = Mutex(false)

  init(
    after moment: Duration, sleep: @escaping @Sendable (Duration) async throws -> Void,
    _ say: @escaping @Sendable () -> Void
  ) {
    Task.detached { [weak self] in
      guard (try? await sleep(moment)) != nil else { return }
      self?.isOver.withLock { isOver in
        if !isOver { say() }
      }
    }
  }

  func end() { isOver.withLock { $0 = true } }
}
