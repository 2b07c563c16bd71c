public import Domain
internal import Feedback
internal import Glibc
internal import Ledger
internal import Synchronization

/// Whether a run of the workbench is written into the stream.
enum SessionNote: Hashable, Sendable {
  /// A command: what it saves names its run, and that is all.
  case none
  /// It begins with the first thing that is saved: a look around leaves no event.
  case wanted(since: Timestamp, monotonicMilliseconds: Int)
  case begun
}

extension Workspace {
  /// This run is an analyst's: with what is saved first, the stream says on what machine and terminal it began.
  public func noteSession() {
    sessionNote.withLock {
      $0 = .wanted(since: Machine.now, monotonicMilliseconds: Machine.monotonicMilliseconds)
    }
  }

  /// Writes the beginning of the session before the first thing that it saves.
  func beginSession(_ ledger: Ledger, in stream: StreamID) throws(LedgerError) {
    let wanted = sessionNote.withLock { note in
      defer { if case .wanted = note { note = .begun } }
      return note
    }
    guard case .wanted(let since, let monotonicMilliseconds) = wanted else { return }
    let start = SessionStart(
      host: RawText(Machine.host), terminal: RawText(Machine.environment("TERM") ?? ""),
      system: RawText(Machine.system),
      isRemote: Machine.environment("SSH_CONNECTION") != nil || Machine.environment("SSH_TTY") != nil)
    // What it was written with was seen and judged after it began.
    var stamp = stamp()
    stamp.at = since
    stamp.monotonicMilliseconds = monotonicMilliseconds
    do throws(LedgerError) {
      try ledger.append([EventBody(stamp: stamp, payload: .sessionStart(start))], to: stream)
    } catch {
      sessionNote.withLock { $0 = wanted }
      throw error
    }
  }

  /// Writes the end of a session that was begun. A session that was killed has none, and neither has one whose stream
  /// the analyst ended: no new one begins for that.
  public func endSession() async throws(Problem) {
    try await keepLooks()
    guard sessionNote.withLock({ $0 }) == .begun else { return }
    sessionNote.withLock { $0 = .none }
    guard try await onLedger({ [self] ledger throws(LedgerError) in try ledger.ending(of: stream.id) }) == nil else {
      return
    }
    let body = EventBody(stamp: stamp(), payload: .sessionEnd)
    _ = try await onStream { ledger, stream throws(LedgerError) in try ledger.append([body], to: stream) }
    try await signLastHead()
  }
}

extension Machine {
  /// The system and its release, such as `Linux 6.1.0-25-amd64 x86_64`.
  static var system: String {
    var names = utsname()
    guard uname(&names) == 0 else { return "" }
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    return "\(text(names.sysname)) \(text(names.release)) \(text(names.machine))"
  }
}
