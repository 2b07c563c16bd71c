internal import Synchronization

/// Keeps each caller to its rate: a token that is in force, or else the address that a request comes from.
public final class RateLimit: Sendable {
  enum Caller: Hashable {
    case token(Int64)
    case address(String)
  }

  /// Callers that are remembered; when more come, those who have been quiet are forgotten, and then everybody.
  private static let remembered = 10_000

  private let rate: TokenBucket.Rate
  private let now: @Sendable () -> Duration
  private let buckets = Mutex<[Caller: TokenBucket]>([:])

  /// `now` is the time since any fixed moment; without it, since now.
  public convenience init(_ rate: TokenBucket.Rate) {
    let start = ContinuousClock.now
    self.init(rate) { ContinuousClock.now - start }
  }

  init(_ rate: TokenBucket.Rate, now: @escaping @Sendable () -> Duration) {
    self.rate = rate
    self.now = now
  }

  /// Callers that are remembered now.
  var count: Int { buckets.withLock { $0.count } }

  /// Counts a request of the caller. Nil where it may go on; else how long it is to wait.
  func take(_ caller: Caller) -> Duration? {
    let now = now()
    return buckets.withLock { buckets in
      if buckets[caller] == nil, buckets.count >= RateLimit.remembered {
        buckets = buckets.filter { !$0.value.isFull(now: now) }
        if buckets.count >= RateLimit.remembered { buckets = [:] }
      }
      return buckets[caller, default: TokenBucket(rate, now: now)].take(now: now)
    }
  }
}
