public import Domain
internal import Statistics

/// Two that answered the same records, such as two versions of a model, against what analysts hold for true.
public struct AnswerComparison: Hashable, Sendable {
  /// What both are of: the model, or the experiment.
  public var model: RawText
  public var first: RawText
  public var second: RawText
  /// Records that both answered and of which the truth says whether each is right.
  public var records: Int
  /// Records that both got right.
  public var bothRight: Int
  /// Records that one of them alone got right.
  public var onlyFirst: Int
  public var onlySecond: Int

  /// Of fewer records that one alone got right the exact test finds none below one in twenty.
  public static let fewest = 6

  /// Whether so few differ that nothing can be told.
  public var isTooFew: Bool { onlyFirst + onlySecond < AnswerComparison.fewest }

  /// How rare so uneven a difference is by chance: McNemar's exact test, two-sided.
  public var pValue: Double { McNemarTest(onlyFirst: onlyFirst, onlySecond: onlySecond)?.exactPValue ?? 1 }
}

/// Counts the answers of several to the same records, two and two.
public struct AnswerTally: Hashable, Sendable {
  private struct Pair: Hashable {
    var model: RawText
    var first: RawText
    var second: RawText
  }

  private struct Counts: Hashable {
    var both = 0
    var onlyFirst = 0
    var onlySecond = 0
    var neither = 0
  }

  private var pairs: [Pair: Counts] = [:]

  public init() {}

  /// Counts a record: what each answered, by name, and what is true of it.
  public mutating func add(_ answers: [RawText: RawText], of model: RawText, truth: Stand) {
    let right = answers.compactMap { name, answer in
      Stand.label(answer).isRight(by: truth).map { (name: name, isRight: $0) }
    }.sorted { $0.name < $1.name }
    for (place, first) in right.enumerated() {
      for second in right.dropFirst(place + 1) {
        let pair = Pair(model: model, first: first.name, second: second.name)
        switch (first.isRight, second.isRight) {
        case (true, true): pairs[pair, default: Counts()].both += 1
        case (true, false): pairs[pair, default: Counts()].onlyFirst += 1
        case (false, true): pairs[pair, default: Counts()].onlySecond += 1
        case (false, false): pairs[pair, default: Counts()].neither += 1
        }
      }
    }
  }

  /// The pairs, those with the most records first.
  public var comparisons: [AnswerComparison] {
    pairs.map { pair, counts in
      AnswerComparison(
        model: pair.model, first: pair.first, second: pair.second,
        records: counts.both + counts.onlyFirst + counts.onlySecond + counts.neither, bothRight: counts.both,
        onlyFirst: counts.onlyFirst, onlySecond: counts.onlySecond)
    }.sorted {
      $0.records == $1.records
        ? ($0.model, $0.first, $0.second) < ($1.model, $1.first, $1.second)
        : $0.records > $1.records
    }
  }
}

/// The records that several versions of a model answered, by the cases that they are.
public struct SharedRecords: Hashable, Sendable {
  private struct Record: Hashable {
    var model: RawText
    /// The label by version.
    var answers: [RawText: RawText] = [:]
    /// What is true of it, as far as its cases agree on that.
    var truth: Stand?
    var isDisputed = false
  }

  private var records: [Record] = []
  private var places: [ShortHash: Int] = [:]

  public init() {}

  /// Adds a record with the cases that versions of one model made of it.
  public mutating func add(of model: RawText, _ cases: [(id: ShortHash, version: RawText, label: RawText)]) {
    var record = Record(model: model)
    for item in cases {
      record.answers[item.version] = item.label
      places[item.id] = records.count
    }
    guard record.answers.count > 1 else {
      for item in cases { places[item.id] = nil }
      return
    }
    records.append(record)
  }

  /// Notes what is true of a case; where two cases of a record say different things, nothing is known of it.
  mutating func note(_ truth: Stand, of caseID: ShortHash) {
    guard let place = places[caseID] else { return }
    if let known = records[place].truth, known != truth { records[place].isDisputed = true }
    records[place].truth = truth
  }

  /// Whether the case is of such a record, and of the model that is asked for.
  func holds(_ caseID: ShortHash, _ query: FeedbackQuery) -> Bool {
    guard let place = places[caseID] else { return false }
    return query.model == nil || records[place].model == query.model
  }

  /// Versions beside each other; with a version in the query those pairs that it is in.
  func comparisons(_ query: FeedbackQuery) -> [AnswerComparison] {
    var tally = AnswerTally()
    for record in records where !record.isDisputed {
      if let truth = record.truth { tally.add(record.answers, of: record.model, truth: truth) }
    }
    return tally.comparisons.filter { query.version == nil || [$0.first, $0.second].contains(query.version) }
  }
}
