internal import Statistics

/// How long analysts took for a case: the time at the keys, each silence cut at 30 seconds.
public struct DecisionTimes: Hashable, Sendable {
  /// Cases with a time, once an analyst.
  public private(set) var count = 0
  /// Seconds; nil where no time is known.
  public private(set) var lowerQuartile: Double?
  public private(set) var median: Double?
  public private(set) var upperQuartile: Double?

  public init() {}

  /// Quartiles by linear interpolation.
  init(milliseconds: [Int32]) {
    let sample = SortedSample(milliseconds.lazy.map { Double($0) / 1000 })
    count = sample.count
    lowerQuartile = sample.quantile(0.25)
    median = sample.median
    upperQuartile = sample.quantile(0.75)
  }

  /// How many cases an hour of work at the median makes.
  public var perHour: Double? { median.flatMap { $0 > 0 ? 3600 / $0 : nil } }
}
