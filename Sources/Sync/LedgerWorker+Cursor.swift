internal import Domain
internal import Ledger
internal import SyncProtocol

extension LedgerWorker {
  /// Where reading from a collector goes on, as the ledger keeps it under a name; from the start where it keeps nothing.
  func cursor(_ key: String) async -> LogCursor {
    let text = try? await run { ledger throws(LedgerError) in try ledger.value(for: key)?.string }
    return text.flatMap { $0 }.flatMap { LogCursor(text: $0) } ?? .start
  }
}
