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
    /// Those that did not get there, and why.
    public var failures: [Hash: String] = [:]

    /// What a person is told of those; nil where all got there.
    public var problem: Problem? {
      guard let (hash, reason) = failures.min(by: { $0.key.hex < $1.key.hex }) else { return nil }
      let what = failures.count == 1 ? "1 large record" : "\(failures.count) large records"
      return Problem(
        "\(what) did not get to the collector; everything else went on",
        advice: "It is tried again with every sync. If it stays so, tell the researchers these words.",
        detail: "\(hash.hex): \(reason)")
    }
  }

  /// Sends all that is open and whose views the collector has. One that is damaged here, or that the collector does not
  /// take, keeps back no other. None goes to a collector that takes none.
  public func run() async throws(CollectorFailure) -> Report {
    var report = Report()
    let (context, address) = (context, RawText(collector.address))
    var failed: Set<Attachment> = []
    while true {
      let limit = failed.count + 100
      let open = try await onLedger { ledger throws(LedgerError) in
        let streams = try ledger.streams(context: context, collector: address).map(\.id)
        return try ledger.namedAttachments(of: streams, limit: limit)
      }.filter { !failed.contains($0) }
      for attachment in open {
        do {
          let hash = attachment.hash
          let bytes = try await onLedger { ledger throws(LedgerError) in try ledger.blob(hash) ?? [] }
          // Nobody would keep it: it does not go over the line time and again.
          guard bytes.isEmpty || Hash.of(bytes) == hash else {
            report.failures[hash] = "its bytes in this ledger are not what its hash says"
            failed.insert(attachment)
            continue
          }
          try await send(bytes, hash)
        } catch .refused(404, _) {
          return report
        } catch let failure {
          guard case .refused(let status, let refusal) = failure, Self.ofOneContent.contains(status) else {
            throw failure
          }
          report.failures[attachment.hash] = refusal.words
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

  /// Answers that say that the collector does not take this content: its pieces, its size, its sum.
  private static let ofOneContent: Set<Int> = [400, 409, 413, 416, 422]

  private func send(_ bytes: [UInt8], _ hash: Hash) async throws(CollectorFailure) {
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
