internal import Domain
internal import Feedback

/// Batches out, verdicts in.
extension SyncClient {
  mutating func push(_ events: [OfferedEvent]) -> [Effect] {
    guard phase == .reading else { return [] }
    if events.isEmpty, wasHeard { return finish(.caughtUp) }
    let (offered, wedges) = offer(events)
    if let event = offered.last, event.seq > last.seq { last = event.position }
    let batch = EventBatch(stream: cursor.stream, base: cursor.acked, epoch: cursor.epoch, events: offered)
    phase = .pushing(batch)
    return wedges + [.ask(.push(batch))]
  }

  /// What will be read if all of the batch on its way is received: a driver can do it while it waits. Nothing is
  /// promised: what counts in the end is what `handle` asks for.
  public func reading(after batch: EventBatch) -> Effect {
    var size = batchSize
    size.grow(limit: limits.events)
    return .read(after: (batch.events.last?.position ?? batch.base).seq, limit: size.count, bytes: limits.batchBytes)
  }

  /// The batch that these events will be then.
  public func batch(of events: [OfferedEvent], after batch: EventBatch) -> EventBatch {
    EventBatch(
      stream: batch.stream, base: batch.events.last?.position ?? batch.base, epoch: batch.epoch,
      events: offer(events).offered)
  }

  /// What of the events fits one batch, as the collector will take it.
  private func offer(_ events: [OfferedEvent]) -> (offered: [OfferedEvent], wedges: [Effect]) {
    var wedges: [Effect] = []
    var offered: [OfferedEvent] = []
    var bytes = 0
    for event in events {
      let (event, wedge) = presentable(event)
      bytes += (event.body?.count ?? 0) + 256
      guard offered.isEmpty || bytes <= limits.batchBytes else { break }
      if let wedge { wedges.append(.wedge(seq: event.seq, code: wedge)) }
      offered.append(event)
    }
    return (offered, wedges)
  }

  /// The event as the collector will take it, and why its body stays here.
  private func presentable(_ event: OfferedEvent) -> (OfferedEvent, RawText?) {
    if withheld.contains(event.seq) { return (event.withheld, nil) }
    return event.presentable(to: limits)
  }

  mutating func learn(_ batch: EventBatch, _ answer: BatchAnswer, _ own: [Int: Hash]) -> [Effect] {
    let isAwaited = phase == .pushing(batch)
    let before = cursor
    guard cursor.learn(from: answer, to: batch, own: own) else {
      guard isAwaited else { return [] }
      return finish(.stopped(.epochWentBack(from: cursor.epoch, to: answer.epoch)))
    }
    var effects: [Effect] = cursor == before ? [] : [.save(cursor)]
    guard isAwaited else { return effects }
    wasHeard = true
    if cursor.acked.seq > before.acked.seq || batch.events.isEmpty {
      stalls = 0
      backoff.reset()
      batchSize.grow(limit: limits.events)
      return effects + readOn()
    }
    effects += distrust(answer)
    if phase == .forking { return effects }
    return effects + (endIfStalled() ?? readOn())
  }

  /// An event that comes back damaged twice is offered without its body: it must not hold up the others. If even
  /// its links are damaged, only new ones help.
  private mutating func distrust(_ answer: BatchAnswer) -> [Effect] {
    guard let result = answer.results.first(where: { !$0.verdict.isReceipt }), result.verdict == .retry else {
      return []
    }
    let seq = result.position.seq
    troubled[seq, default: 0] += 1
    switch troubled[seq] {
    case 2:
      withheld.insert(seq)
      return [.wedge(seq: seq, code: result.code.isEmpty ? "retry" : result.code)]
    case 3:
      phase = .forking
      return [.fork(shared: cursor.acked)]
    default: return []
    }
  }

  /// Ends the round when the collector keeps answering and nothing moves.
  mutating func endIfStalled() -> [Effect]? {
    stalls += 1
    guard stalls > 6 else { return nil }
    return finish(.waiting(milliseconds: Backoff.longest, .garbled("the collector confirms nothing")))
  }

  mutating func refuse(_ request: SyncRequest, _ status: Int, _ refusal: Refusal, _ random: Double) -> [Effect] {
    guard isAwaited(request) else { return [] }
    switch status {
    case 401: return finish(.stopped(.unauthorized))
    case 403: return finish(.stopped(.forbidden(refusal)))
    case 404 where refusal.error == Refusal.unknownStream && phase != .opening: return askToOpen()
    case 400, 413, 422:
      guard case .push(let batch) = request else { return finish(.stopped(.refused(status: status, refusal))) }
      return shrink(batch, status, refusal)
    case 408, 429, 500...599:
      // The line was too slow for so many.
      if status == 408, case .push = request { batchSize.halve() }
      if let maximum = refusal.maximumEvents { batchSize.cap(maximum) }
      let words = refusal.detail.isEmpty ? refusal.error : refusal.detail
      return wait(.busy(status: status, words.string), random, wish: refusal.retryAfter)
    default: return finish(.stopped(.refused(status: status, refusal)))
    }
  }

  /// Halves the batch until the one event that is refused stands alone, and then withholds its body.
  private mutating func shrink(_ batch: EventBatch, _ status: Int, _ refusal: Refusal) -> [Effect] {
    let named = refusal.seq.flatMap { seq in batch.events.first { $0.seq == seq } }
    if let event = named ?? (batch.events.count == 1 ? batch.events[0] : nil), event.body != nil {
      withheld.insert(event.seq)
      return [.wedge(seq: event.seq, code: refusal.error)] + readOn()
    }
    guard batch.events.count > 1 else { return finish(.stopped(.refused(status: status, refusal))) }
    batchSize.cap(batch.events.count)
    batchSize.halve()
    if let maximum = refusal.maximumEvents { batchSize.cap(maximum) }
    return readOn()
  }

  mutating func fail(_ request: SyncRequest, _ failure: SyncFailure, _ random: Double) -> [Effect] {
    guard isAwaited(request) else { return [] }
    if failure == .timeout, case .push = request { batchSize.halve() }
    return wait(failure, random, wish: nil)
  }

  private mutating func wait(_ failure: SyncFailure, _ random: Double, wish: Int?) -> [Effect] {
    finish(.waiting(milliseconds: backoff.next(random: random, wish: wish), failure))
  }

  func isAwaited(_ request: SyncRequest) -> Bool {
    switch (phase, request) {
    case (.greeting, .hello): true
    case (.opening, .open(let stream)): stream == cursor.stream
    case (.pushing(let batch), .push(let other)): batch == other
    case (.searching(let search), .hashes(let stream, let places)):
      stream == cursor.stream && places == search.places
    default: false
    }
  }
}
