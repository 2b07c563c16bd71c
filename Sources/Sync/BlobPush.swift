public import Domain
internal import Feedback
public import Ledger
internal import SyncProtocol

/// Sends the contents that events name by their hash, in pieces; what was cut off goes on where the collector has it.
public struct BlobPush: Sendable {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let context: RawText
  private let now: @Sendable () -> Timestamp

  public init(
    worker: LedgerWorker, collector: CollectorClient, context: RawText, now: @escaping @Sendable () -> Timestamp
  ) {
    self.worker = worker
    self.collector = collector
    self.context = context
    self.now = now
  }

  /// Sends all that is open; how many the collector has whole now that it had not. None to a collector that takes none.
  public func run() async throws(CollectorFailure) -> Int {
    var sent = 0
    let context = context
    while true {
      let open = try await onLedger { ledger throws(LedgerError) in
        var contents: [Content] = []
        for (hash, _) in try ledger.openAttachments(context: context) {
          contents.append(Content(hash: hash, bytes: try ledger.blob(hash) ?? []))
        }
        return contents
      }
      for content in open {
        do {
          try await send(content)
        } catch .refused(404, _) {
          return sent
        }
        let now = now()
        try await onLedger { ledger throws(LedgerError) in
          try ledger.markSent(attachment: content.hash, context: context, at: now)
        }
        sent += 1
      }
      if open.isEmpty { return sent }
    }
  }

  private func send(_ content: Content) async throws(CollectorFailure) {
    let size = content.bytes.count
    var received = try await collector.state(of: content.hash)?.received ?? 0
    var stalls = 0
    while received < size {
      let piece = content.bytes[received..<min(received + BlobPiece.bytes, size)]
      let state = try await collector.put(piece, of: content.hash, size: size)
      // Two devices may send the same content: each goes on where the other has come to.
      stalls = state.received > received ? 0 : stalls + 1
      guard stalls < 3, state.size == size else {
        throw .unanswered(.garbled("the collector does not go on with \(content.hash.hex)"))
      }
      received = state.received
    }
  }

  private func onLedger<Result: Sendable>(
    _ body: @escaping @Sendable (Ledger) throws(LedgerError) -> Result
  ) async throws(CollectorFailure) -> Result {
    do {
      return try await worker.run(body)
    } catch {
      throw .unanswered(.garbled("the ledger did not take it: \(error.problem.summary)"))
    }
  }
}

private struct Content: Sendable {
  var hash: Hash
  var bytes: [UInt8]
}
