public import Feedback

/// How far a stream has come at its collector, as the ledger remembers it.
public struct SyncCursor: Hashable, Sendable {
  public var stream: StreamID
  /// The collector's epoch in which `acked` was proved; 0 before the first answer.
  public var epoch: Int
  /// The last event of the unbroken run that the collector is proved to hold.
  public var acked: Position
  /// The last event that is proved to be in the collector's backup; nothing beyond it may be pruned.
  public var safe: Position

  public init(stream: StreamID, epoch: Int = 0, acked: Position = .empty, safe: Position = .empty) {
    self.stream = stream
    self.epoch = epoch
    self.acked = acked
    self.safe = safe
  }

  /// Takes from an answer what it proves, and no more: each number counts only where its hash is the own one.
  /// Returns false, and changes nothing, for an answer about another stream or from before a restore.
  mutating func learn(from answer: BatchAnswer, to batch: EventBatch, own: [Int: Hash]) -> Bool {
    guard batch.stream == stream, answer.epoch >= epoch else { return false }
    if answer.epoch != epoch {
      // A restored collector may have forgotten what it had acknowledged: only the base of this very question,
      // which it has just checked, is still proved.
      epoch = answer.epoch
      if batch.base.seq < acked.seq { acked = batch.base }
      safe = .empty
    }
    if batch.base.seq <= acked.seq, let proved = Self.proved(by: answer, base: batch.base, own: own),
      proved.seq > acked.seq
    {
      acked = proved
    }
    if answer.head.seq > acked.seq, own[answer.head.seq] == answer.head.hash { acked = answer.head }
    if answer.safe.seq > safe.seq, answer.safe.seq <= acked.seq, own[answer.safe.seq] == answer.safe.hash {
      safe = answer.safe
    }
    return true
  }

  /// Takes from an answer that was carried as a file what it would prove if it had come over the network.
  public mutating func learn(from receipt: BundleReceipt, own: [Int: Hash]) -> Bool {
    // Over the network the base is the cursor's own; here it is as foreign as the rest.
    guard receipt.base == .empty || own[receipt.base.seq] == receipt.base.hash else { return false }
    let asked = EventBatch(stream: stream, base: receipt.base, epoch: epoch, events: [])
    return learn(from: receipt.answer, to: asked, own: own)
  }

  /// The end of the run of receipts right after the base whose echoed hashes are the own ones.
  private static func proved(by answer: BatchAnswer, base: Position, own: [Int: Hash]) -> Position? {
    var proved: Position?
    var next = base.seq + 1
    for result in answer.results.sorted(by: { $0.position.seq < $1.position.seq }) {
      let position = result.position
      guard position.seq == next, result.verdict.isReceipt, own[next] == position.hash else { break }
      proved = position
      next += 1
    }
    return proved
  }
}
