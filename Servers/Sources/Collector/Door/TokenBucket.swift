/// How many requests may come at once, and how many a minute after that: a bucket that holds `burst` requests and is
/// filled evenly. It asks no clock: times come to it, and one that goes back adds nothing.
public struct TokenBucket: Hashable, Sendable {
  /// What one caller may ask.
  public struct Rate: Hashable, Sendable {
    public var perMinute: Int
    public var burst: Int

    public init(perMinute: Int, burst: Int) {
      self.perMinute = perMinute
      self.burst = burst
    }

    /// What one exchange of a workbench takes: greeting, batch, colleagues, inbox, and one for a first time.
    public static let exchange = 5

    /// One second's share of it, in requests.
    var perSecond: Double { Double(perMinute) / 60 }
  }

  public let rate: Rate
  private var held: Double
  private var filledAt: Duration

  /// A full bucket; `now` is the time since any fixed moment.
  public init(_ rate: Rate, now: Duration) {
    self.rate = rate
    held = Double(rate.burst)
    filledAt = now
  }

  /// Takes one request out of it. Nil where there was one; else how long until there are enough for an exchange:
  /// whoever came back for one would be refused the next.
  public mutating func take(now: Duration) -> Duration? {
    fill(now)
    guard held < 1 else {
      held -= 1
      return nil
    }
    return .seconds((Double(min(rate.burst, Rate.exchange)) - held) / rate.perSecond)
  }

  /// Whether nothing would be lost if it was forgotten.
  public func isFull(now: Duration) -> Bool {
    var copy = self
    copy.fill(now)
    return copy.held >= Double(rate.burst)
  }

  private mutating func fill(_ now: Duration) {
    guard now > filledAt else { return }
    held = min(Double(rate.burst), held + (now - filledAt) / .seconds(1) * rate.perSecond)
    filledAt = now
  }
}
