internal import Domain
internal import Feedback
internal import Frames
internal import SafeText
internal import Statistics

/// A span of time with its cases: a bar of the trend.
struct TrendBucket: Equatable {
  /// How long a bucket is, the finest first.
  enum Width: String, CaseIterable {
    case day, week, month, year

    /// The start of the bucket that holds a day.
    func start(of day: Timestamp) -> Timestamp {
      let parts = day.parts
      switch self {
      case .day: return day
      case .week: return day.advanced(bySeconds: -86_400 * Double(day.weekday))
      case .month: return day.advanced(bySeconds: -86_400 * Double(parts.day - 1))
      case .year: return Timestamp(String(day.dayText.prefix(4)) + "-01-01") ?? day
      }
    }

    /// The start of the next bucket.
    func next(_ start: Timestamp) -> Timestamp {
      switch self {
      case .day: start.advanced(bySeconds: 86_400)
      case .week: start.advanced(bySeconds: 7 * 86_400)
      // 32 days after the first of a month lies in the next one, 366 after New Year's Day in the next year.
      case .month: Width.month.start(of: start.advanced(bySeconds: 32 * 86_400))
      case .year: Width.year.start(of: start.advanced(bySeconds: 366 * 86_400))
      }
    }

    /// `Mon 23`, `11-23`, `2026-11`, `2026`.
    func name(_ start: Timestamp) -> String {
      switch self {
      case .day: start.weekdayText
      case .week: String(start.dayText.dropFirst(5))
      case .month: String(start.dayText.prefix(7))
      case .year: String(start.dayText.prefix(4))
      }
    }
  }

  var name: String
  var right = 0
  var count = 0

  var share: Proportion? { Proportion(right, of: count) }

  /// The finest buckets without gaps of which half have enough cases to say something and half have room; else the
  /// finest that have room. What is older than those on screen stands in the first.
  static func buckets(_ report: FeedbackReport, atMost most: Int) -> (width: Width, buckets: [TrendBucket]) {
    guard let first = report.days.first?.start, let last = report.days.last?.start, most > 0 else { return (.day, []) }
    var finest: (width: Width, buckets: [TrendBucket])?
    for width in Width.allCases {
      let starts = starts(width, from: first, through: last)
      guard starts.count <= 2 * most || width == .year else { continue }
      let buckets = fill(width, starts.suffix(most), report)
      if buckets.count(where: { report.shows($0.count) }) * 2 >= buckets.count { return (width, buckets) }
      finest = finest ?? (width, buckets)
    }
    return finest ?? (.day, [])
  }

  private static func starts(_ width: Width, from first: Timestamp, through last: Timestamp) -> [Timestamp] {
    var starts = [width.start(of: first)]
    // A day of the year 1 in a damaged event must not make a million buckets: years are the widest there are.
    while let newest = starts.last, starts.count < 4000 {
      let next = width.next(newest)
      if next > last { break }
      starts.append(next)
    }
    return starts
  }

  private static func fill(_ width: Width, _ starts: ArraySlice<Timestamp>, _ report: FeedbackReport) -> [TrendBucket] {
    var buckets = starts.map { TrendBucket(name: width.name($0)) }
    guard let oldest = starts.first, !buckets.isEmpty else { return [] }
    var place = 0
    let ordered = Array(starts)
    for day in report.days {
      while place + 1 < ordered.count, ordered[place + 1] <= day.start { place += 1 }
      buckets[place].right += day.right.successes
      buckets[place].count += day.right.trials
    }
    if let first = report.days.first?.start, first < oldest { buckets[0].name = "before" }
    return buckets
  }
}
