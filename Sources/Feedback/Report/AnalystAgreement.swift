public import Domain
public import Statistics

/// How far analysts agree with each other, by their last words on the cases that two or more of them judged.
public struct AnalystAgreement: Hashable, Sendable {
  /// Cases that two or more analysts answered.
  public private(set) var units = 0
  /// Who answered any of these.
  public private(set) var raters: [RawText] = []
  /// The default: any number of analysts, any answers missing.
  public private(set) var alpha: KrippendorffAlpha?
  /// Meaningful also where one answer is nearly all of them.
  public private(set) var gwet: GwetAC1?
  /// Every two analysts with a case in common, by how many.
  public private(set) var pairs: [Pair] = []

  /// Two analysts on the cases that both answered.
  public struct Pair: Hashable, Sendable {
    public var first: RawText
    public var second: RawText
    public var kappa: CohenKappa
    public var count: Int { kappa.count }
  }

  public init() {}

  init(_ tally: Tally) {
    units = tally.patterns.units
    raters = tally.raters.sorted()
    alpha = KrippendorffAlpha(nominal: tally.patterns)
    gwet = GwetAC1(tally.patterns)
    pairs = tally.matrices.compactMap { pair, matrix in
      CohenKappa(matrix).map { Pair(first: pair.first, second: pair.second, kappa: $0) }
    }.sorted { $0.count == $1.count ? ($0.first, $0.second) < ($1.first, $1.second) : $0.count > $1.count }
  }

  /// Po, the mean share of agreeing pairs of answers on a case.
  public var observed: Double? {
    // All answers the same is full agreement, although AC1 then has no second label to speak of.
    gwet?.observed ?? (units > 0 ? 1 : nil)
  }

  /// What is kept of the cases while they are counted.
  struct Tally: Sendable {
    var patterns = RatingPatterns<Stand>()
    var raters: Set<RawText> = []
    var matrices: [Names: ConfusionMatrix<Stand>] = [:]

    struct Names: Hashable {
      var first: RawText
      var second: RawText
    }

    /// Counts the last words on one case.
    mutating func add(_ words: [JudgedCase.Opinion]) {
      let stands = words.compactMap { word in word.stand.map { (analyst: word.analyst, stand: $0) } }
      patterns.add(stands.map(\.stand))
      guard stands.count >= 2 else { return }
      raters.formUnion(stands.map(\.analyst))
      for (index, first) in stands.enumerated() {
        for second in stands[(index + 1)...] {
          matrices[Names(first: first.analyst, second: second.analyst), default: ConfusionMatrix()]
            .add(truth: first.stand, model: second.stand)
        }
      }
    }
  }
}
