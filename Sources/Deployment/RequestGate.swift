/// Lets a few requests of a batch be on their way at a time. What comes before and after the service's own work, making
/// requests and reading answers, goes on beside it.
public actor RequestGate {
  private var limit: Int
  private var inside = 0
  private var isHeld = false
  private var isClosed = false
  private var waiting: [CheckedContinuation<Bool, Never>] = []

  public init(limit: Int) { self.limit = limit }

  /// Waits for a turn; false where there will be none.
  func enter() async -> Bool {
    if isClosed { return false }
    if inside < limit, !isHeld {
      inside += 1
      return true
    }
    return await withCheckedContinuation { waiting.append($0) }
  }

  /// Where the service itself is in trouble, nobody enters until somebody who knows what that means says so.
  func leave(failed: Bool) {
    inside -= 1
    if failed { isHeld = true }
    admit()
  }

  /// So many at a time from now on, and whatever failed is dealt with; 0 lets nobody in.
  public func set(limit: Int) {
    self.limit = limit
    isHeld = false
    admit()
  }

  /// What failed is dealt with.
  public func release() {
    isHeld = false
    admit()
  }

  /// Nobody enters any more.
  public func close() {
    isClosed = true
    for continuation in waiting { continuation.resume(returning: false) }
    waiting = []
  }

  private func admit() {
    while !isHeld, inside < limit, !waiting.isEmpty {
      inside += 1
      waiting.removeFirst().resume(returning: true)
    }
  }
}
