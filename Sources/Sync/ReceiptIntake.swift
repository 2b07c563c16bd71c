public import Domain
public import Feedback
public import Ledger
public import SyncProtocol

/// Learns from receipts that were carried as a file what they prove of a stream.
public struct ReceiptIntake: Sendable {
  /// What is known after it.
  public struct Result: Hashable, Sendable {
    /// The last event that the collector is proved to hold, and the last in its backup.
    public var received: Int
    public var archived: Int
    /// Events that the collector holds, but that the researchers' tools will not read.
    public var setAside: Int
    /// Whether anything was about other events than these.
    public var isRefused: Bool
    /// Whether anything was from before a restore of the collector that is known of: it says nothing any more.
    public var isOlder = false
  }

  private let stream: StreamID
  private let worker: LedgerWorker
  private let now: Timestamp

  public init(of stream: StreamID, worker: LedgerWorker, now: Timestamp) {
    self.stream = stream
    self.worker = worker
    self.now = now
  }

  /// Takes them in order, up to the first that proves nothing of this stream.
  public func take(_ receipts: [BundleReceipt]) async throws(LedgerError) -> Result {
    let (id, now) = (stream, now)
    return try await worker.run { ledger throws(LedgerError) in
      let known = try ledger.stream(id)
      var cursor = SyncCursor(stream: id, epoch: known.epoch, acked: known.acked, safe: known.safe)
      var result = Result(received: 0, archived: 0, setAside: 0, isRefused: false)
      for receipt in receipts {
        let own = try ledger.hashes(of: id, at: receipt.answer.places + [receipt.base.seq])
        guard cursor.learn(from: receipt, own: own) else {
          result.isOlder = receipt.answer.epoch < cursor.epoch
          result.isRefused = !result.isOlder
          break
        }
        let counted = receipt.answer.results.filter {
          ($0.verdict == .stored || $0.verdict == .alias) && own[$0.position.seq] == $0.position.hash
        }
        try ledger.release(id, at: Set(counted.map(\.position.seq)))
        for answered in receipt.answer.results where answered.verdict == .quarantined {
          let position = answered.position
          guard own[position.seq] == position.hash else { continue }
          let isShown = try ledger.wedge(id, setAside: position.seq, because: answered.code, at: now)
          if isShown { result.setAside += 1 }
        }
      }
      try ledger.keepCursor(of: id, epoch: cursor.epoch, acked: cursor.acked, safe: cursor.safe)
      (result.received, result.archived) = (cursor.acked.seq, cursor.safe.seq)
      return result
    }
  }
}
