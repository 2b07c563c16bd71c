/// Agreement of any number of raters that stays meaningful where one label dominates and κ collapses,
/// AC1 = (Pa − Pe)/(1 − Pe), Pe = Σπ_k(1−π_k)/(q−1) (Gwet 2008).
public struct GwetAC1: Hashable, Sendable {
  /// Pa, the mean share of agreeing pairs over units with two or more answers.
  public let observed: Double
  /// Pe, from the mean label shares of all units with an answer.
  public let expected: Double
  /// q, the number of labels.
  public let labels: Int
  /// Units with two or more answers.
  public let units: Int

  /// AC1; nil when Pe = 1.
  public var value: Double? { expected < 1 ? (observed - expected) / (1 - expected) : nil }

  /// Each unit lists the answers it got. `labels` is how many labels could have been given, when that is more than were.
  ///
  /// Nil when no unit has two answers, or when fewer than two labels are known (q − 1 = 0).
  public init?<Label: Hashable>(_ units: some Sequence<[Label]>, labels: Int = 0) {
    self.init(times: units.lazy.map { ($0, 1) }, labels: labels)
  }

  /// The same of units counted by what they got.
  public init?(_ patterns: RatingPatterns<some Hashable & Sendable>, labels: Int = 0) {
    self.init(times: patterns.counted, labels: labels)
  }

  private init?<Label: Hashable>(times units: some Sequence<(answers: [Label], times: Int)>, labels: Int) {
    var agreement = 0.0
    var rated = 0
    var answered = 0
    var shares: [Label: Double] = [:]
    var order: [Label] = []
    for (unit, times) in units where !unit.isEmpty {
      answered += times
      var counts: [Label: Int] = [:]
      for label in unit {
        if shares[label] == nil {
          shares[label] = 0
          order.append(label)
        }
        counts[label, default: 0] += 1
        shares[label, default: 0] += Double(times) / Double(unit.count)
      }
      guard unit.count >= 2 else { continue }
      rated += times
      let pairs = counts.values.reduce(0) { $0 + $1 * ($1 - 1) }
      agreement += Double(times * pairs) / Double(unit.count * (unit.count - 1))
    }
    let known = max(labels, order.count)
    guard rated > 0, known > 1 else { return nil }
    observed = agreement / Double(rated)
    var expected = 0.0
    for label in order {
      let share = (shares[label] ?? 0) / Double(answered)
      expected += share * (1 - share)
    }
    self.expected = expected / Double(known - 1)
    self.labels = known
    self.units = rated
  }
}
