public import Domain

/// How fast an analyst judges.
public struct ReviewPace: Hashable, Sendable {
  /// Judgements since the day began, by verdict.
  public var today: [Verdict: Int] = [:]
  /// Judgements an hour of today's work, by the time from one to the next; a longer break than half an hour is none of it.
  /// Nil before a minute of it has passed.
  public var perHour: Double?
  /// Median active seconds a judgement.
  public var medianSeconds: Double?
  /// Active seconds of the newest judgements, oldest first.
  public var recent: [Double] = []

  /// From an analyst's judgements in force in any order; days are UTC.
  public init(_ judgements: [JudgedCase.Opinion], now: Timestamp, recentCount: Int = 30) {
    let day = now.aligned(toSeconds: 86_400)
    let ordered = judgements.sorted { $0.at < $1.at }
    let today = ordered.filter { $0.at >= day && $0.at <= now }
    for opinion in today {
      if let verdict = opinion.body.judgement.verdict { self.today[verdict, default: 0] += 1 }
    }
    let gaps = zip(today, today.dropFirst()).map { $1.at.seconds(since: $0.at) }.filter { $0 <= 1800 }
    let worked = gaps.reduce(0, +)
    if worked >= 60 { perHour = Double(gaps.count) / worked * 3600 }
    let seconds = ordered.compactMap { $0.body.timing.activeMilliseconds.map { Double($0) / 1000 } }
    let sorted = seconds.sorted()
    if !sorted.isEmpty { medianSeconds = (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2 }
    recent = Array(seconds.suffix(recentCount))
  }
}
