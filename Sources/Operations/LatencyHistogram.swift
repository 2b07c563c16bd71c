internal import Glibc

/// Durations counted in steps of two per cent, from a microsecond to an hour: quantiles in constant memory.
public struct LatencyHistogram: Equatable, Sendable {
  private static let step = log(1.02)
  private var counts: [Int] = []
  public private(set) var count = 0

  public init() {}

  public mutating func add(seconds: Double) {
    let place = Int((log(min(3600, max(1e-6, seconds)) / 1e-6) / LatencyHistogram.step).rounded())
    if place >= counts.count { counts += Array(repeating: 0, count: place + 1 - counts.count) }
    counts[place] += 1
    count += 1
  }

  /// The duration in seconds that a share of all does not exceed, to one per cent; nil where there is none.
  public func quantile(_ share: Double) -> Double? {
    guard count > 0 else { return nil }
    var left = max(1, Int((Double(count) * share).rounded(.up)))
    for (place, number) in counts.enumerated() {
      left -= number
      if left <= 0 { return 1e-6 * exp(Double(place) * LatencyHistogram.step) }
    }
    return nil
  }
}
