internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// Notes that the model's answer was looked at before an own one was given: what came on screen, and that it did.
  /// - Returns: the number of the `reveal` event, on the disk when this returns.
  public func reveal(_ reveal: Reveal) async throws(Problem) -> Int {
    guard let kept = try await self.case(reveal.caseID) else { throw Problem("The case is not in this ledger") }
    let current = reveal.shown ?? kept
    let signature = reveal.shown == nil ? knownSignature(of: current.model) : reveal.signature
    let seen: Seen
    // What was hidden was hidden by the queue.
    var queue = reveal.queue
    queue?.isBlind = true
    do {
      seen = try self.seen(
        of: current, signature, assistance: .explanation, explanations: reveal.seenExplanations, window: reveal.window,
        queue: queue, guideline: reveal.guideline)
    } catch {
      throw Problem("The look could not be recorded", detail: error.reason)
    }
    let stamp = stamp()
    var generator = SystemRandomNumberGenerator()
    let view = EventDraft(
      eventID: EventID(at: stamp.at, using: &generator),
      body: EventBody(stamp: stamp, caseID: current.id, payload: .seen(seen)))
    let look = EventDraft(
      eventID: EventID(at: stamp.at, using: &generator),
      body: EventBody(
        stamp: stamp, caseID: current.id, references: [EventReference(.seen, view.eventID)],
        payload: .reveal(.explanation)))
    let events = try await onStream { ledger, stream throws(LedgerError) in
      try ledger.append([view, look], to: stream)
    }
    return events.last?.seq ?? 0
  }
}
