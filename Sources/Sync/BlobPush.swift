public import Domain
public import Feedback
public import Ledger
internal import SyncProtocol

/// Sends the contents that events of a context's streams at the collector name by their hash, in pieces; what was cut off
/// goes on where the collector has it. What was saved for another collector stays away from this one.
public struct BlobPush: Sendable {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let context: RawText

  public init(worker: LedgerWorker, collector: CollectorClient, context: RawText) {
    self.worker = worker
    self.collector = collector
    self.context = context
  }

  /// What became of the contents that were open.
  public struct Report: Sendable {
    /// How many the collector has whole now that it had not.
    public var sent = 0
    /// Those that it does not take, and why.
    public var failures: [Hash: CollectorFailure] = [:]

    /// What a person is told of those that are not taken; nil where all are.
    public var problem: Problem? {
      guard let (hash, failure) = failures.min(by: { $0.key.hex < $1.key.hex }) else { return nil }
      let what = failures.count == 1 ? "1 large record was" : "\(failures.count) large records were"
      var reason = failure.problem.summary
      if case .refused(_, let refusal) = failure { reason = refusal.words }
      return Problem(
        "\(what) not taken by the collector; everything else went on",
        advice: "It is tried again with every sync. If it stays so, tell the researchers these words.",
        detail: "\(hash.hex): \(reason)")
    }
  }

  /// Sends all that is open. One that the collector does not take keeps back no other. None goes to a collector that takes
  /// none.
  public func run() async throws(CollectorFailure) -> Report {
    var report = Report()
    let (context, address) = (context, RawText(collector.address))
    var failed: Set<Attachment> = []
    while true {
      let limit = failed.count + 100
      let open = try await onLedger { ledger throws(LedgerError) in
        let streams = try ledger.streams(context: context, collector: address).map(\.id)
        return try ledger.openAttachments(of: streams, limit: limit)
      }.filter { !failed.contains($0) }
      for attachment in open {
        do {
          try await send(attachment.hash)
        } catch .refused(404, _) {
          return report
        } catch let failure where failure.isOfOneContent {
          report.failures[attachment.hash] = failure
          failed.insert(attachment)
          continue
        }
        try await onLedger { ledger throws(LedgerError) in
          try ledger.markSent(attachment: attachment.hash, of: attachment.stream)
        }
        report.sent += 1
      }
      if open.isEmpty { return report }
    }
  }

  private func send(_ hash: Hash) async throws(CollectorFailure) {
    let bytes = try await onLedger { ledger throws(LedgerError) in try ledger.blob(hash) ?? [] }
    // What somebody began with another size is begun anew.
    let known = try await collector.state(of: hash)
    var received = known?.size == bytes.count ? known?.received ?? 0 : 0
    var stalls = 0
    while received < bytes.count {
      let piece = bytes[received..<min(received + BlobPiece.bytes, bytes.count)]
      let state = try await collector.put(piece, of: hash, size: bytes.count)
      // Two programs with one token may send the same content: each goes on where the other has come to.
      stalls = state.received > received ? 0 : stalls + 1
      guard stalls < 3, state.size == bytes.count else {
        throw .refused(status: 409, Refusal("conflict", detail: "the collector does not go on with it"))
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

extension CollectorFailure {
  /// Whether what the collector does not take is this content alone: its pieces, its size, its sum.
  fileprivate var isOfOneContent: Bool {
    switch self {
    case .refused(400, _), .refused(409, _), .refused(413, _), .refused(416, _), .refused(422, _): true
    default: false
    }
  }
}
