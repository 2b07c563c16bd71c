public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// Cases in a queue.
  private static let queueSize = 40

  /// Draws a review queue from the cases without a judgement, and keeps it; each case has the probability that it was
  /// drawn. One that was drawn comes again as long as a case of it waits.
  public func queue(_ order: QueueOrder) async throws(Problem) -> ReviewScreen.Queue {
    if let taken = order.taken { return try await queue(taken, order) }
    if let drawn = order.drawn, let queue = try await queue(drawn, order) { return queue }
    let recipe = QueueRecipe(
      sampler: order.sampler, count: Self.queueSize, isBlind: order.isBlind,
      seed: Machine.seed())
    let id = RawText(Machine.uuid())
    let name = contextName
    let now = Machine.now
    let filter = CaseFilter(context: name, model: order.model, isJudged: false)
    // What is being written down, such as a look at an answer, is read as well. Cases of the researchers' blind queues are
    // answered there, and nowhere shown before.
    let blind = try await blindCases()
    let (all, lookedAt) = try await studied { events, _ in
      // Nobody answers blind whose answer they looked at, in this session or before.
      (try events.candidates(filter), order.isBlind ? try events.casesLookedAt(context: name) : [])
    }
    let queue = try await onLedger { ledger throws(LedgerError) in
      let closed = blind.union(order.without).union(lookedAt)
      let candidates = all.filter { !closed.contains($0.caseID) }
      let queue = ReviewQueue.compose(id: id, from: candidates, by: recipe)
      try ledger.put(queue, context: name, at: now)
      return queue
    }
    return ReviewScreen.Queue(order: order, id: queue.id, items: try await reviewItems(of: queue))
  }

  /// A queue that was drawn, as it was left: with what is done. Nil where nothing of it waits, or it showed answers that are
  /// to be hidden now.
  private func queue(_ drawn: RawText, _ order: QueueOrder) async throws(Problem) -> ReviewScreen.Queue? {
    let kept = try await onLedger { ledger throws(LedgerError) in try ledger.queue(drawn) }
    guard let kept, kept.recipe.isBlind || !order.isBlind else { return nil }
    let blind = try await blindCases()
    let items = try await reviewItems(of: kept).filter { !blind.contains($0.id) }
    guard items.contains(where: { $0.content.own?.stage != .final }) else { return nil }
    return ReviewScreen.Queue(order: order, id: kept.id, items: items)
  }

  private func reviewItems(of queue: ReviewQueue) async throws(Problem) -> [ReviewScreen.Item] {
    let word = try await researchersWord()
    var items: [ReviewScreen.Item] = []
    for item in queue.items {
      let stamp = QueueStamp(
        queue: queue.id.string, sampler: queue.recipe.sampler.rawValue, score: item.score, propensity: item.propensity,
        isBlind: queue.recipe.isBlind)
      guard let made = try await reviewItem(item.caseID, stamp, word, why: { Self.why(item, $0) }) else { continue }
      items.append(made)
    }
    return items
  }

  /// The cases that wait for a blind answer in a queue of the researchers'.
  func blindCases() async throws(Problem) -> Set<ShortHash> {
    let name = contextName
    return try await onLedger { ledger throws(LedgerError) in try ledger.blindCases(context: name) }
  }

  /// Cases of a taken queue on one screen; the next ones come when these are done.
  private static let takenSize = 200

  /// What waits in a queue of the researchers', in their order.
  private func queue(_ taken: TakenOrder, _ order: QueueOrder) async throws(Problem) -> ReviewScreen.Queue {
    let name = contextName
    let kept = try await onLedger { ledger throws(LedgerError) in
      let queue = try ledger.takenQueues(context: name).first { $0.id == taken.id }
      return OpenQueue(queue: queue, items: try ledger.openItems(of: taken.id, context: name, limit: Self.takenSize))
    }
    let sampler = kept.queue?.queue.sampler.string ?? ""
    let word = try await researchersWord()
    var items: [ReviewScreen.Item] = []
    for item in kept.items {
      let stamp = QueueStamp(
        queue: taken.id.string, sampler: sampler, score: item.score, propensity: item.propensity,
        isBlind: kept.queue?.queue.isBlind ?? order.isBlind)
      guard let made = try await reviewItem(item.caseID, stamp, word, why: { _ in taken.name }) else { continue }
      items.append(made)
    }
    let open = kept.queue.map { $0.cases - $0.judged } ?? 0
    return ReviewScreen.Queue(order: order, items: items, more: max(0, open - items.count))
  }

  private func reviewItem(
    _ id: ShortHash, _ stamp: QueueStamp, _ word: ResearchersWord, why: (CaseContent) -> RawText
  ) async throws(Problem) -> ReviewScreen.Item? {
    guard let found = try await self.case(id) else { return nil }
    let content = try await content(of: found, word)
    let wasRevealed = try await onLedger { ledger throws(LedgerError) in
      try ledger.isRevealed(found.id)
    }
    return ReviewScreen.Item(content: content, stamp: stamp, why: why(content), wasRevealed: wasRevealed)
  }

  /// Why a case is in the queue, in a word or two.
  private static func why(_ item: ReviewQueue.Item, _ content: CaseContent) -> RawText {
    switch item.reason {
    case .uncertain: return "uncertain"
    // Drawn for how far it lies from the training data, which may still be near.
    case .outlying: return content.case.outlier?.isOutlier == true ? "outlier" : "distance"
    case .random, .mixed: return "sample"
    case .drifted:
      let feature = content.window?.result?.features.filter(\.isDrifted).min { $0.pValue < $1.pValue }
      return feature.map { RawText("drift \($0.name.string)") } ?? "drift"
    }
  }

  /// What the analyst did today.
  public func pace() async throws(Problem) -> ReviewScreen.Pace {
    let name = contextName
    let opinions = try await onLedger { ledger throws(LedgerError) in
      try ledger.ownOpinions(context: name, newest: 2000)
    }
    let pace = ReviewPace(opinions, now: Machine.now, recentCount: 24)
    return ReviewScreen.Pace(
      today: pace.today, perHour: pace.perHour, medianSeconds: pace.medianSeconds, recent: pace.recent)
  }

  /// What this ledger knows of each model, for the models' list.
  public func facts() async throws(Problem) -> [RawText: ModelsScreen.Facts] {
    let name = contextName
    // Every case is counted: beside what is saved meanwhile.
    let (tallies, kept) = try await studied { events, _ in
      let routes = try events.routes(context: name)
      let kept = KeptFacts(
        calls: try events.calls(context: name), routes: routes,
        compared: routes.isEmpty ? [] : try events.comparedRoutes(context: name))
      return (try events.tallies(context: name), kept)
    }
    var facts: [RawText: ModelsScreen.Facts] = [:]
    for tally in tallies {
      var known = facts[tally.model.name] ?? ModelsScreen.Facts()
      known.cases += tally.cases
      known.verdicts.merge(tally.verdicts, uniquingKeysWith: +)
      known.waiting += tally.open
      known.oldestWaiting = [known.oldestWaiting, tally.oldestOpen].compactMap { $0 }.min()
      facts[tally.model.name] = known
    }
    for (model, calls) in kept.calls {
      var known = facts[model] ?? ModelsScreen.Facts()
      known.calls = calls.count
      known.p95 = calls.p95
      known.failedShare = calls.count == 0 ? nil : Double(calls.failed) / Double(calls.count)
      facts[model] = known
    }
    for model in Set(kept.routes.map(\.model)) {
      facts[model, default: ModelsScreen.Facts()].compared = kept.compared
    }
    for route in kept.routes {
      facts[route.model, default: ModelsScreen.Facts()].answered.append(
        ModelsScreen.Answered(by: route.route, cases: route.cases, labels: route.labels, verdicts: route.verdicts))
    }
    for tally in tallies {
      // The list's line is of one version: another one's windows say nothing of it.
      if let listed = knownGroup(of: tally.model.name)?.id, listed.version != nil, listed != tally.model { continue }
      try await addDrift(of: tally.model, to: &facts[tally.model.name, default: ModelsScreen.Facts()])
    }
    return facts
  }

  private func addDrift(of model: ModelID, to facts: inout ModelsScreen.Facts) async throws(Problem) {
    let seconds = WindowWidth.sixHours.seconds
    let newest = Machine.now.aligned(toSeconds: seconds)
    let starts = (0..<10).reversed().map { newest.advanced(bySeconds: -Double($0) * Double(seconds)) }
    let name = contextName
    let known = try await onLedger { ledger throws(LedgerError) in
      try ledger.windows(
        of: model, context: name, width: seconds, from: starts[0], before: newest.advanced(bySeconds: 1))
    }
    let byStart = Dictionary(known.map { ($0.from, $0) }) { first, _ in first }
    facts.driftShares = starts.map { byStart[$0]?.result?.driftedShare }
    guard let result = known.last(where: { $0.result != nil })?.result else { return }
    facts.drifted = result.driftedCount
    facts.features = result.features.count
  }
}

private struct OpenQueue: Sendable {
  var queue: TakenQueue?
  var items: [TakenQueue.Item]
}

private struct KeptFacts: Sendable {
  var calls: [RawText: CallTally]
  var routes: [RouteTally]
  var compared: [AnswerComparison]
}
