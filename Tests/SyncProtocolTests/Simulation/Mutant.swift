/// A mistake that a device or a collector could make. Production code runs unchanged: its inputs, answers and
/// surroundings are bent.
enum Mutant: String, CaseIterable, Sendable {
  /// What was sent counts as received.
  case cursorOnSend = "cursor on send"
  /// The collector stores whatever comes.
  case noDeduplication = "no deduplication"
  /// The collector answers, and then loses the commit.
  case ackBeforeCommit = "acknowledged before the commit"
  /// A restore keeps the epoch.
  case noEpoch = "no epoch"
  /// What was received is pruned before it is in a backup.
  case pruneAtAck = "pruned when acknowledged"
  /// One bad event makes the collector refuse its batch.
  case wholeBatchReject = "whole batch refused"
  /// What to send is found by time.
  case timestampCursor = "cursor of time"
  /// Another event at a place that is taken is silently passed over.
  case insertOrIgnore = "insert or ignore"
  /// The collector does not compare where the sender believes it to stand.
  case noLineageCheck = "no lineage check"
  /// An event that two streams bring is stored twice.
  case noAlias = "no alias"
  /// Only the collector's last event counts, not the receipt of each.
  case headOnly = "head only"
  /// A fork offers only what the collector did not have.
  case forkDropsPrefix = "fork drops the prefix"
  /// A device moves its place in the inbox before it keeps what came.
  case inboxCursorFirst = "inbox cursor first"
  /// A device takes what came again for new.
  case inboxWithoutIdentity = "inbox without identities"
  /// A collector that was restored reads on where a device believes it to be.
  case inboxWithoutEpoch = "inbox without an epoch"
  /// The mark of the backup counts without its hash.
  case safeWithoutHash = "safe without a hash"
}
