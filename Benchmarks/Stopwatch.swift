/// Times of one thing done many times.
struct Times {
  private(set) var milliseconds: [Double] = []

  /// Does it and notes how long it took.
  mutating func measure<Result>(_ body: () throws -> Result) rethrows -> Result {
    let start = ContinuousClock.now
    let result = try body()
    note(ContinuousClock.now - start)
    return result
  }

  mutating func note(_ time: Duration) { milliseconds.append(time / .milliseconds(1)) }

  mutating func add(_ other: Times) { milliseconds += other.milliseconds }

  /// The time that this share of them stayed within.
  func percentile(_ share: Double) -> Double {
    let sorted = milliseconds.sorted()
    guard !sorted.isEmpty else { return .nan }
    return sorted[min(sorted.count - 1, Int(Double(sorted.count) * share))]
  }

  var median: Double { percentile(0.5) }

  var worst: Double { milliseconds.max() ?? .nan }
}
