/// Agreement of any number of raters with any answers missing, α = 1 − Do/De (Krippendorff, "Content Analysis", 2004,
/// ch. 11): 1 perfect, 0 chance, below 0 systematic disagreement.
public struct KrippendorffAlpha: Hashable, Sendable {
  /// Do, the mean difference within units.
  public let observedDisagreement: Double
  /// De, the mean difference over all pairs of answers.
  public let expectedDisagreement: Double
  /// Units with two or more answers; the others say nothing about agreement.
  public let units: Int
  /// Answers in those units.
  public let answers: Int

  /// α; nil when every answer is the same (De = 0): nothing varied, so agreement beyond chance is undefined.
  public var value: Double? {
    expectedDisagreement > 0 ? 1 - observedDisagreement / expectedDisagreement : nil
  }

  /// Of labels without order; each unit lists the answers it got. Nil when no unit has two answers.
  public init?(nominal units: some Sequence<[some Hashable]>) {
    self.init(units) { $0 == $1 ? 0 : 1 }
  }

  /// Of labels without order, counted by what units got. Nil when no unit has two answers.
  public init?(nominal patterns: RatingPatterns<some Hashable & Sendable>) {
    self.init(times: patterns.counted) { $0 == $1 ? 0 : 1 }
  }

  /// Of numbers, where a difference counts squared. Nil when no unit has two answers.
  public init?(interval units: some Sequence<[Double]>) {
    self.init(units) { ($0 - $1) * ($0 - $1) }
  }

  /// Of amounts above 0, where a difference counts squared in proportion to the sum. Nil when no unit has two answers.
  public init?(ratio units: some Sequence<[Double]>) {
    self.init(units) { a, b in
      let gap = a + b == 0 ? 0 : (a - b) / (a + b)
      return gap * gap
    }
  }

  /// Of ranks: the squared number of answers between two values, each end half. Nil when no unit has two answers.
  public init?(ordinal units: some Sequence<[Int]>) {
    let units = Array(units)
    var frequencies: [Int: Double] = [:]
    for unit in units where unit.count >= 2 {
      for answer in unit { frequencies[answer, default: 0] += 1 }
    }
    let ranks = frequencies.keys.sorted()
    var middles: [Int: Double] = [:]
    var below = 0.0
    for rank in ranks {
      let frequency = frequencies[rank] ?? 0
      middles[rank] = below + frequency / 2
      below += frequency
    }
    self.init(units) { a, b in
      let gap = (middles[a] ?? 0) - (middles[b] ?? 0)
      return gap * gap
    }
  }

  private init?<Answer: Hashable>(_ units: some Sequence<[Answer]>, difference: (Answer, Answer) -> Double) {
    self.init(times: units.lazy.map { ($0, 1) }, difference: difference)
  }

  private init?<Answer: Hashable>(
    times units: some Sequence<(answers: [Answer], times: Int)>, difference: (Answer, Answer) -> Double
  ) {
    var totals: [Answer: Double] = [:]
    var within = 0.0
    var unitCount = 0
    var answerCount = 0
    for (unit, times) in units where unit.count >= 2 {
      unitCount += times
      answerCount += unit.count * times
      let counts = Dictionary(unit.map { ($0, 1.0) }, uniquingKeysWith: +)
      within += Double(times) * Self.pairs(counts, difference) / Double(unit.count - 1)
      totals.merge(counts.mapValues { $0 * Double(times) }, uniquingKeysWith: +)
    }
    guard unitCount > 0 else { return nil }
    let n = Double(answerCount)
    observedDisagreement = within / n
    expectedDisagreement = Self.pairs(totals, difference) / (n * (n - 1))
    self.units = unitCount
    answers = answerCount
  }

  /// The sum of differences over ordered pairs of answers.
  private static func pairs<Answer: Hashable>(
    _ counts: [Answer: Double], _ difference: (Answer, Answer) -> Double
  ) -> Double {
    // A sum in the order of a dictionary would differ in its last digits from run to run.
    var terms: [Double] = []
    for (a, times) in counts {
      for (b, otherTimes) in counts where a != b { terms.append(times * otherTimes * difference(a, b)) }
    }
    return terms.sorted().reduce(0, +)
  }
}
