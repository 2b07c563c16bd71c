public import SyncProtocol

/// What one round with a collector did.
public struct SyncReport: Hashable, Sendable {
  public var outcome: SyncOutcome
  /// Events that were offered, also those offered again.
  public var offered = 0
  /// Events whose receipt was proved.
  public var received = 0
  /// Colleagues' events that were new.
  public var fetched = 0
  /// Bytes of the batches.
  public var bytes = 0
  /// Whether the ledger was found to be a copy: its events went under a new stream.
  public var isForked = false

  public init(_ outcome: SyncOutcome) { self.outcome = outcome }
}
