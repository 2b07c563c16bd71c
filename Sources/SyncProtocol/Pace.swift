/// How many events go into one batch: twice as many after each that went well until one does not, then half, and from
/// there 25 more each (slow start and congestion avoidance after RFC 5681).
public struct BatchSize: Hashable, Sendable {
  public private(set) var count = 50
  private var hasFailed = false

  public init() {}

  mutating func grow(limit: Int) { count = min(hasFailed ? count + 25 : count * 2, 1000, max(1, limit)) }

  mutating func halve() {
    hasFailed = true
    count = max(1, count / 2)
  }

  mutating func cap(_ limit: Int) { count = max(1, min(count, limit)) }
}

/// How long to wait after a failure: decorrelated jitter from 1 s to 15 min, so that many clients do not come back
/// together (M. Brooker, "Exponential Backoff And Jitter", AWS, 2015).
public struct Backoff: Hashable, Sendable {
  static let shortest = 1000
  static let longest = 900_000
  /// The most that a collector's wish is followed.
  public static let longestWish = 3_600_000

  private let longest: Int
  private var previous = shortest

  /// `longest` is the most milliseconds that it comes to: 15 min where nothing is said.
  public init(longest: Int? = nil) { self.longest = longest ?? Backoff.longest }

  /// Milliseconds to wait now. `random` is uniform in 0 ..< 1; a collector's own wish is the least.
  public mutating func next(random: Double, wish: Int? = nil) -> Int {
    let upper = Double(previous) * 3
    let lower = Double(Backoff.shortest)
    previous = min(longest, Int(lower + (upper - lower) * min(max(random, 0), 1)))
    return max(previous, min(wish ?? 0, Backoff.longestWish))
  }

  /// What went well is over: the next wait is a short one.
  public mutating func reset() { previous = Backoff.shortest }
}
