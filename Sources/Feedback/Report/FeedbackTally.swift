public import Domain
internal import Statistics

/// Counts judged cases one after another into a report: it keeps numbers, not cases.
public struct FeedbackTally: Sendable {
  private var report: FeedbackReport
  private var right = 0
  private var decided = 0
  private var blindRight = 0
  private var blindDecided = 0
  private var blindWords = 0
  private var drawn = HajekEstimate.Sums()
  private var agreement = AnalystAgreement.Tally()
  private var milliseconds: [Int32] = []
  private var work: [RawText: Work] = [:]
  private var days: [Int64: Share] = [:]
  private var slices: [SliceKind: SliceTally] = [:]
  private var inputs: InputTally?
  /// Records that several versions answered: what each of them said, wherever it was judged.
  public var shared = SharedRecords()
  /// The model's labels in its own order, which the confusion keeps; those that are not among them follow by name.
  public var labels: [RawText] = []

  private struct Share {
    var right = 0
    var total = 0

    mutating func add(_ isRight: Bool) {
      total += 1
      if isRight { right += 1 }
    }
  }

  private struct Work {
    var count = 0
    var milliseconds: [Int32] = []
  }

  public init(_ query: FeedbackQuery, smallest: Int = FeedbackReport.smallestCount) {
    report = FeedbackReport(query: query, smallest: smallest)
    if query.withInputs { inputs = InputTally() }
  }

  /// Notes judgements that nothing can be read of any more.
  public mutating func addWithoutBody(_ count: Int) { report.gaps.withoutBody += count }

  /// Counts a case; one of another model is only noted as there.
  public mutating func add(_ item: JudgedCase) {
    let words = item.lastWords
    guard !words.isEmpty else { return }
    guard let view = item.view else {
      report.gaps.withoutView += words.count
      return
    }
    report.models[view.model, default: 0] += 1
    if shared.holds(item.caseID, report.query), let truth = item.truth(words) { shared.note(truth, of: item.caseID) }
    guard report.query.holds(view.model) else { return }
    report.cases += 1
    for word in words { add(word, of: item) }
    if view.isNumber { report.gaps.numbers += 1 } else { agreement.add(words) }
    addReliance(of: item, view, words)
    addOutcome(of: item, view, words)
  }

  private mutating func add(_ word: JudgedCase.Opinion, of item: JudgedCase) {
    report.judgements += 1
    if let verdict = word.body.judgement.verdict { report.verdicts[verdict, default: 0] += 1 }
    if word.hasAlternatives { report.gaps.alternatives += 1 }
    report.first = min(report.first ?? word.at, word.at)
    report.last = max(report.last ?? word.at, word.at)
    work[word.analyst, default: Work()].count += 1
    guard let time = Self.milliseconds(item.judgements.filter { $0.analyst == word.analyst }.map(\.body.timing)) else {
      return
    }
    milliseconds.append(time)
    work[word.analyst, default: Work()].milliseconds.append(time)
  }

  /// What an analyst took who may have answered twice, before and after the model: both times. But both count from when the
  /// case came on screen, so of two on one visit the longer has the other in it.
  private static func milliseconds(_ timings: [JudgementBody.Timing]) -> Int32? {
    var times: [(shownAt: Timestamp?, time: Int)] = []
    for timing in timings {
      guard let time = timing.activeMilliseconds.map({ max(0, min($0, Int(Int32.max))) }) else { continue }
      if let shownAt = timing.shownAt, let place = times.firstIndex(where: { $0.shownAt == shownAt }) {
        times[place].time = max(times[place].time, time)
      } else {
        times.append((timing.shownAt, time))
      }
    }
    return times.isEmpty ? nil : Int32(clamping: times.reduce(0) { $0 + $1.time })
  }

  private mutating func addReliance(of item: JudgedCase, _ view: JudgedView, _ words: [JudgedCase.Opinion]) {
    let blind = item.judgements.count == 1 && !item.judgements[0].isBlind ? [] : item.blindWords
    blindWords += blind.count
    if !blind.isEmpty, !view.answer.isEmpty, let truth = item.truth(blind),
      let isRight = Stand.label(view.answer).isRight(by: truth)
    {
      blindDecided += 1
      if isRight { blindRight += 1 }
    }
    // Who leaves the first answer as it is, with the model's on screen, has not switched: it is the last word as well.
    for word in words {
      guard let before = item.judgements.first(where: { $0.analyst == word.analyst && $0.body.stage == .initial })
      else { continue }
      if word.body.stage == .final, let own = before.body.judgement.confidence,
        let after = word.body.judgement.confidence
      {
        report.shift += after - own
        report.shifted += 1
      }
      guard let initial = before.stand, let final = word.stand, !view.answer.isEmpty else { continue }
      // The analyst's own last word is no truth for judging that analyst: only a decision or others' majority is.
      let truth = item.truth(words.filter { $0.analyst != word.analyst })
      let answer = Stand.label(view.answer)
      // Of an answer that the truth says nothing of nobody knows whether it is wrong.
      let isTold = truth.map { truth in [initial, answer, final].allSatisfy { $0.isRight(by: truth) != nil } } ?? false
      report.reliance.add(
        Reliance.Observation(initial: initial, model: answer, final: final, truth: isTold ? truth : nil))
    }
  }

  private mutating func addOutcome(of item: JudgedCase, _ view: JudgedView, _ words: [JudgedCase.Opinion]) {
    guard !view.answer.isEmpty else {
      report.gaps.withoutAnswer += 1
      return
    }
    let answer = Stand.label(view.answer)
    for word in words {
      if let isRight = word.stand.flatMap(answer.isRight) { slice(.analyst, word.analyst, isRight, [word]) }
    }
    guard let truth = item.truth(words) else {
      if words.contains(where: { $0.stand != nil }) { report.gaps.ties += 1 } else { report.gaps.open += 1 }
      return
    }
    guard let isRight = answer.isRight(by: truth) else {
      report.gaps.open += 1
      return
    }
    decided += 1
    if item.decision != nil { report.adjudicated += 1 }
    if isRight { right += 1 }
    if !view.isNumber {
      if let label = truth.label {
        report.confusion.add(truth: label, model: view.answer)
      } else {
        report.gaps.unnamed += 1
      }
    }
    if let probability = view.probability {
      report.calibration.add(confidence: probability, isCorrect: isRight)
    } else {
      report.gaps.withoutProbability += 1
    }
    let chance = words.compactMap { word in word.view?.queue?.propensity.map { (word.at, $0) } }.max { $0.0 < $1.0 }
    drawn.add(HajekEstimate.Observation(isCorrect: isRight, probability: chance?.1 ?? 0))
    for reason in Self.reasons(words) { report.reasons[reason, default: 0] += 1 }
    let day = (words.map(\.at).max() ?? words[0].at).aligned(toSeconds: 86_400)
    days[day.microseconds, default: Share()].add(isRight)
    for (kind, name) in Self.names(view, words, day: day) { slice(kind, name, isRight, words) }
    inputs?.add(view.inputs, isRight, reasons: Self.reasons(words))
  }

  private mutating func slice(_ kind: SliceKind, _ name: RawText, _ isRight: Bool, _ words: [JudgedCase.Opinion]) {
    slices[kind, default: SliceTally()].add(name, isRight, reasons: Self.reasons(words))
  }

  /// Why another answer than the model's was given.
  private static func reasons(_ words: [JudgedCase.Opinion]) -> [RawText] {
    words.flatMap { $0.body.judgement.verdict == .disagree ? $0.body.judgement.reasons : [] }
  }

  /// The report of what was counted.
  public var finished: FeedbackReport {
    var report = report
    report.accuracy = Proportion(right, of: decided)
    report.blindAccuracy = Proportion(blindRight, of: blindDecided)
    report.blind = Proportion(min(blindWords, report.judgements), of: report.judgements)
    report.weightedAccuracy = HajekEstimate(drawn)
    report.gaps.notDrawn = drawn.excluded
    let places = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: min)
    report.confusion = report.confusion.ordered {
      (places[$0] ?? labels.count, $0) < (places[$1] ?? labels.count, $1)
    }
    report.agreement = AnalystAgreement(agreement)
    report.times = DecisionTimes(milliseconds: milliseconds)
    report.analysts = work.map { name, work in
      FeedbackReport.Work(name: name, count: work.count, times: DecisionTimes(milliseconds: work.milliseconds))
    }.sorted { $0.count == $1.count ? $0.name < $1.name : $0.count > $1.count }
    report.days = days.sorted { $0.key < $1.key }.compactMap { day, share in
      Proportion(share.right, of: share.total).map {
        FeedbackReport.Day(start: Timestamp(microseconds: day), right: $0)
      }
    }
    report.comparisons = shared.comparisons(report.query)
    for (kind, tally) in slices { report.slices[kind] = tally.slices(smallest: report.smallest) }
    if var inputs {
      inputs.settle()
      report.inputSlices = inputs.slicing
      report.slices[.input] = inputs.slices(smallest: report.smallest)
    }
    return report
  }
}

extension FeedbackTally {
  /// The slices that a case with a truth is in; those by analyst are counted word by word.
  static func names(
    _ view: JudgedView, _ words: [JudgedCase.Opinion], day: Timestamp
  ) -> [(kind: SliceKind, name: RawText)] {
    let monday = day.advanced(bySeconds: -86_400 * Double(day.weekday))
    // With several analysts, what held for the newest word.
    let newest = words.max { $0.at < $1.at }
    return [
      (.answer, view.answer), (.version, view.model.version ?? ""),
      (.assistance, RawText(newest?.body.assistance.rawValue ?? "")),
      (.sampler, newest?.view?.queue?.sampler ?? ""),
      (.drift, view.isDrift.map { $0 ? "drifted" : "not drifted" } ?? ""),
      (.outlier, view.isOutlier.map { $0 ? "outlier" : "typical" } ?? ""), (.week, RawText(monday.dayText)),
    ]
  }
}

extension FeedbackReport {
  /// The slices of one kind that a case is in, and whether the model is right on it there; none where nothing is known.
  public func places(of item: JudgedCase, by kind: SliceKind) -> [(name: RawText, isRight: Bool)] {
    let words = item.lastWords
    guard let view = item.view, !view.answer.isEmpty else { return [] }
    let answer = Stand.label(view.answer)
    if kind == .analyst {
      return words.compactMap { word in word.stand.flatMap(answer.isRight).map { (word.analyst, $0) } }
    }
    guard let isRight = item.truth(words).flatMap(answer.isRight), let newest = words.map(\.at).max() else { return [] }
    let names =
      kind == .input
      ? inputSlices?.names(view.inputs).map(\.slice) ?? []
      : FeedbackTally.names(view, words, day: newest.aligned(toSeconds: 86_400)).filter { $0.kind == kind }.map(\.name)
    return names.map { ($0, isRight) }
  }
}
