public import Domain
internal import Feedback
internal import Ledger
public import Workbench

/// What came of taking a step back, or bringing it again.
public struct TakenStep: Sendable {
  /// What was done, for the message line.
  public var what: Message
  public var caseID: ShortHash?
  /// What undo would take back next, in words; nil where there is nothing.
  public var next: String?
}

/// What undo or redo did, or would do.
public enum Undoing: Sendable {
  case done(TakenStep)
  /// It was saved, or taken back, in an earlier session: it is told before anything is done.
  case offered(String)
}

extension Workspace {
  /// Takes back what was saved last with one key. What was saved in an earlier session is only told, unless that is wanted.
  /// Nil where there is nothing to take back.
  public func undo(isWanted: Bool = true) async throws(Problem) -> Undoing? {
    let (stamp, session) = (stamp(), session)
    let result = try await onStream { ledger, stream throws(LedgerError) -> Undoing?? in
      guard let step = try ledger.undoHistory(of: stream).nextUndo, let head = step.head else { return .some(nil) }
      return isWanted || head.session == session ? nil : .offered(try Self.words(step, head, in: ledger))
    } else: { ledger, stream throws(LedgerError) in
      let step = try ledger.undo(in: stream, stamp: stamp).step
      let words = try step.head.map { head throws(LedgerError) in try Self.words(step, head, in: ledger) } ?? ""
      return .done(
        TakenStep(
          what: Message(.done, "undone \(words)", hint: Hint(.redo, "redo")), caseID: step.caseID,
          next: try Self.nextUndo(of: stream, in: ledger)))
    }
    return result
  }

  /// Puts back what undo took: new events that say so. What was taken back in an earlier session is only told, unless that
  /// is wanted. Nil where there is nothing to put back.
  public func redo(isWanted: Bool = true) async throws(Problem) -> Undoing? {
    let (stamp, session) = (stamp(), session)
    let result = try await onStream { ledger, stream throws(LedgerError) -> Undoing?? in
      guard let next = try ledger.undoHistory(of: stream).nextRedo, let head = next.head else { return .some(nil) }
      return isWanted || next.undoneIn == session ? nil : .offered(try Self.words(next, head, in: ledger))
    } else: { ledger, stream throws(LedgerError) in
      let (step, events) = try ledger.redo(in: stream, stamp: stamp)
      let words = try (step.head?.words ?? "") + step.others + Self.place(of: step, in: ledger)
      return .done(
        TakenStep(
          what: Message(.done, "redone as #\(events.first?.seq ?? 0) \(words)", hint: Hint(.undo, "undo")),
          caseID: step.caseID, next: try Self.nextUndo(of: stream, in: ledger)))
    }
    return result
  }

  private static func nextUndo(of stream: StreamID, in ledger: Ledger) throws(LedgerError) -> String? {
    guard let step = try ledger.undoHistory(of: stream).nextUndo, let head = step.head else { return nil }
    return try words(step, head, in: ledger)
  }

  /// `#40 agree, case 8`.
  private static func words(
    _ step: UndoHistory.Step, _ head: UndoHistory.Part, in ledger: Ledger
  ) throws(LedgerError) -> String {
    try "#\(step.seq) \(head.words)\(step.others)\(place(of: step, in: ledger))"
  }

  private static func place(of step: UndoHistory.Step, in ledger: Ledger) throws(LedgerError) -> String {
    guard let id = step.caseID else { return "" }
    return ", case \(try ledger.case(id).map { String($0.number) } ?? id.short)"
  }
}

extension UndoHistory.Step {
  /// How much else was saved with it, and goes with it.
  fileprivate var others: String { parts.count > 1 ? " and \(parts.count - 1) more" : "" }
}

extension UndoHistory.Part {
  /// What it said, in a few words.
  fileprivate var words: String { statement?.words ?? UndoHistory.Step.takingOff }
}
