internal import Ledger
internal import SyncProtocol

/// The batch after the one that is on its way, read and written out while the collector works. It is used where it is
/// what is asked for next, and thrown away where anything came differently.
struct PreparedBatch {
  /// What was read of the ledger.
  var reading: SyncClient.Effect
  var events: [OfferedEvent]
  var batch: EventBatch
  var written: [UInt8]

  init?(after batch: EventBatch, _ client: SyncClient, _ worker: LedgerWorker) async {
    reading = client.reading(after: batch)
    // What cannot be read now is read, and its failure told, when its turn comes.
    guard case .read(let place, let limit, let bytes) = reading,
      let events = try? await worker.run({ ledger throws(LedgerError) in
        try ledger.events(of: batch.stream, after: place, limit: limit, bytes: bytes)
      }), !events.isEmpty
    else { return nil }
    self.events = events.map { OfferedEvent($0) }
    self.batch = client.batch(of: self.events, after: batch)
    written = self.batch.bytes
  }
}
