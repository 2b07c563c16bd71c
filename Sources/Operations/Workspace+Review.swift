public import Domain
internal import Feedback
internal import Ledger
internal import Statistics
public import Workbench

extension Workspace {
  /// Cases in a queue.
  private static let queueSize = 40

  /// Draws a review queue from the cases without a judgement; each case keeps the probability that it was drawn.
  public func queue(_ order: QueueOrder) async throws(Problem) -> ReviewScreen.Queue {
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptCases(
        cases: try ledger.cases(CaseQuery(model: order.model, limit: 5000)), judged: Set(try ledger.judgements().keys))
    }
    let waiting = kept.cases.filter { !kept.judged.contains($0.id) }
    let drifts = try await driftedFeatures(of: Set(waiting.map(\.model)))
    let reasons = waiting.map { current in
      let start = current.at.aligned(toSeconds: WindowWidth.sixHours.seconds)
      return reason(current, order.sampler, drifted: drifts[current.model]?[start])
    }
    let picked = draw(reasons.map(\.score), count: Self.queueSize)
    let queueID = Machine.uuid()
    var items: [ReviewScreen.Item] = []
    for (index, probability) in picked {
      let chosen = reasons[index]
      let content = try await content(of: chosen.case)
      items.append(
        ReviewScreen.Item(
          content: content,
          stamp: QueueStamp(
            queue: queueID, sampler: order.sampler.rawValue, score: chosen.score, propensity: probability),
          why: RawText(chosen.why)))
    }
    items.sort { ($0.stamp.score, $0.content.case.at) > ($1.stamp.score, $1.content.case.at) }
    return ReviewScreen.Queue(order: order, items: items)
  }

  /// The most drifted feature of each 6 h window that drifted, by model and start.
  private func driftedFeatures(of models: Set<ModelID>) async throws(Problem) -> [ModelID: [Timestamp: RawText]] {
    var features: [ModelID: [Timestamp: RawText]] = [:]
    for model in models {
      let known = try await onLedger { ledger throws(LedgerError) in
        try ledger.windows(of: model, width: WindowWidth.sixHours.seconds).mapValues(\.result)
      }
      features[model] = known.compactMapValues { json in
        Window.Result(json: json)?.features.filter(\.isDrifted).min { $0.pValue < $1.pValue }?.name
      }
    }
    return features
  }

  /// How much a case deserves a look under a sampler, and why in a word or two.
  private func reason(
    _ current: Case, _ sampler: QueueSampler, drifted: RawText?
  ) -> (case: Case, score: Double, why: String) {
    let uncertainty = 1 - (current.prediction.lead ?? 1)
    let outlying = current.outlier?.isOutlier == true ? 1.0 : 0
    let driftScore = drifted == nil ? 0.0 : 1
    let driftWord = drifted.map { "drift \($0.string)" } ?? "sample"
    switch sampler {
    case .uncertain: return (current, uncertainty, "uncertain")
    case .drifted: return (current, driftScore, driftWord)
    case .outlying: return (current, outlying, outlying > 0 ? "outlier" : "sample")
    case .random: return (current, 1, "sample")
    case .mixed:
      let scores = [(uncertainty, "uncertain"), (0.6 * driftScore, driftWord), (0.8 * outlying, "outlier")]
      let best = scores.max { $0.0 < $1.0 } ?? (0, "sample")
      return (current, best.0, best.0 < 0.2 ? "sample" : best.1)
    }
  }

  /// A systematic sample with probabilities in proportion to the scores; every case keeps a chance above zero, so
  /// that accuracy can be estimated without bias.
  private func draw(_ scores: [Double], count: Int) -> [(index: Int, probability: Double)] {
    guard scores.count > count else { return scores.indices.map { ($0, 1) } }
    let probabilities = InclusionProbabilities.proportional(to: scores, count: count, evenShare: 0.2)
    let start = Double.random(in: 0..<1)
    return SystematicSample.draw(probabilities, start: start).map { ($0, probabilities[$0]) }
  }

  /// What the analyst did today.
  public func pace() async throws(Problem) -> ReviewScreen.Pace {
    let stream = stream
    let midnight = Machine.now.aligned(toSeconds: 86_400)
    let newest = max(0, stream.head.seq - 2000)
    let events = try await onLedger { ledger throws(LedgerError) in try ledger.events(of: stream.id, after: newest) }
    var today: [Verdict: Int] = [:]
    var seconds: [Double] = []
    var hours: Set<Timestamp> = []
    for event in events where event.kind == .judgement {
      guard let body = try? event.decoded(), case .judgement(let judgement) = body.payload else { continue }
      if let active = judgement.timing.activeMilliseconds { seconds.append(Double(active) / 1000) }
      guard event.at >= midnight, let verdict = judgement.judgement.verdict else { continue }
      today[verdict, default: 0] += 1
      hours.insert(event.at.aligned(toSeconds: 3600))
    }
    let done = today.values.reduce(0, +)
    return ReviewScreen.Pace(
      today: today, perHour: hours.isEmpty ? nil : Double(done) / Double(hours.count),
      medianSeconds: SortedSample(seconds).median, recent: Array(seconds.suffix(24)))
  }

  /// What this ledger knows of each model, for the models' list.
  public func facts() async throws(Problem) -> [RawText: ModelsScreen.Facts] {
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptFacts(
        calls: try ledger.calls(), cases: try ledger.cases(CaseQuery(limit: 100_000)), judged: try ledger.judgements())
    }
    var facts: [RawText: ModelsScreen.Facts] = [:]
    var models: [RawText: ModelID] = [:]
    for current in kept.cases {
      models[current.model.name] = current.model
      var known = facts[current.model.name] ?? ModelsScreen.Facts()
      known.cases += 1
      if let verdict = kept.judged[current.id]?.judgement.verdict {
        known.verdicts[verdict, default: 0] += 1
      } else {
        known.waiting += 1
        known.oldestWaiting = min(known.oldestWaiting ?? current.at, current.at)
      }
      facts[current.model.name] = known
    }
    for (model, calls) in kept.calls {
      var known = facts[model] ?? ModelsScreen.Facts()
      known.calls = calls.count
      known.p95 = calls.p95
      known.failedShare = calls.count == 0 ? nil : Double(calls.failed) / Double(calls.count)
      facts[model] = known
    }
    for (name, id) in models { try await addDrift(of: id, to: &facts[name, default: ModelsScreen.Facts()]) }
    return facts
  }

  private func addDrift(of model: ModelID, to facts: inout ModelsScreen.Facts) async throws(Problem) {
    let seconds = WindowWidth.sixHours.seconds
    let known = try await onLedger { ledger throws(LedgerError) in
      try ledger.windows(of: model, width: seconds).mapValues(\.result)
    }
    let newest = Machine.now.aligned(toSeconds: seconds)
    facts.driftShares = (0..<10).reversed().map { back in
      known[newest.advanced(bySeconds: -Double(back) * Double(seconds))].flatMap {
        Window.Result(json: $0)?.driftedShare
      }
    }
    guard let latest = known.keys.max(), let result = known[latest].flatMap({ Window.Result(json: $0) }) else { return }
    facts.drifted = result.driftedCount
    facts.features = result.features.count
  }
}

private struct KeptCases: Sendable {
  var cases: [Case]
  var judged: Set<ShortHash>
}

private struct KeptFacts: Sendable {
  var calls: [RawText: (count: Int, failed: Int, p95: Double?)]
  var cases: [Case]
  var judged: [ShortHash: GivenJudgement]
}
