internal import Domain
internal import Feedback
internal import Ledger
internal import Synchronization
public import Workbench

/// What analysts looked at without a judgement: remembered, and written behind what is saved next or when the workbench
/// is left. No key waits for it.
extension Workspace {
  /// Remembers a look.
  public func note(_ look: Look) {
    let stamp = stamp()
    looks.withLock { looks in
      looks += look.panes.map { EventBody(stamp: stamp, caseID: look.caseID, payload: .view($0)) }
    }
  }

  /// Writes what was looked at behind the ledger work that waits. What cannot be written now is tried the next time.
  func keepLooksSoon() {
    guard looks.withLock({ !$0.isEmpty }) else { return }
    worker.submit { [self] ledger throws(LedgerError) in
      let due = try takeLooks(ledger)
      guard !due.isEmpty else { return }
      do throws(LedgerError) {
        try ledger.append(due, to: stream.id)
      } catch {
        looks.withLock { $0 = due + $0 }
        throw error
      }
    } failed: { _ in
    }
  }

  /// Writes what was looked at before the session ends: with it a session begins, too, that saved nothing else.
  func keepLooks() async throws(Problem) {
    let due = try await onLedger { [self] ledger throws(LedgerError) in try takeLooks(ledger) }
    guard !due.isEmpty else { return }
    _ = try await onStream { ledger, stream throws(LedgerError) in try ledger.append(due, to: stream) }
  }

  /// Remembers whose answers were on screen: a later session does not ask for them blind.
  func keepShown(_ ids: Set<ShortHash>) async throws(Problem) {
    try await onLedger { ledger throws(LedgerError) in try ledger.keepShown(ids) }
  }

  /// The looks at cases that have no judgement of the analyst's: where there is one, it says how long they looked.
  private func takeLooks(_ ledger: Ledger) throws(LedgerError) -> [EventBody] {
    var due: [EventBody] = []
    let taken = looks.withLock { $0 }
    for body in taken {
      guard let id = body.caseID else { continue }
      let analyst = stream.analyst
      let isJudged = try ledger.standing(of: id).contains { $0.analyst == analyst && $0.judgement != nil }
      if !isJudged { due.append(body) }
    }
    // What was noted meanwhile waits for the next time.
    looks.withLock { $0.removeFirst(taken.count) }
    return due
  }
}
