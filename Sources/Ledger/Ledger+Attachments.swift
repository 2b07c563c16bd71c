public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Contents that events of a context name by their hash and that a collector has not got yet, the oldest first.
  public func openAttachments(
    context: RawText, limit: Int = 100
  ) throws(LedgerError) -> [(hash: Hash, bytes: Int)] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT sha256, size FROM attachment WHERE context = ? AND sent_at IS NULL ORDER BY rowid LIMIT ?"),
        arguments: [context.blob, limit]
      ).map { (hash: try $0.hash("sha256"), bytes: $0.int("size")) }
    }
  }

  /// Notes that the collector has a content whole.
  public func markSent(attachment hash: Hash, context: RawText, at now: Timestamp) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE attachment SET sent_at = ? WHERE sha256 = ? AND context = ?").execute(
        arguments: [now.microseconds, hash.bytes.blob, context.blob])
    }
  }

  static func reopenAttachments(_ db: Database, of stream: LedgerStream) throws {
    try db.cachedStatement(sql: "UPDATE attachment SET sent_at = NULL WHERE context = ? AND sent_at IS NOT NULL")
      .execute(arguments: [stream.context.blob])
  }

  static func attach(_ db: Database, _ bytes: [UInt8], to stream: StreamID) throws {
    let hash = Hash.of(bytes)
    try db.cachedStatement(sql: "INSERT INTO blob(sha256, data) VALUES (?, ?) ON CONFLICT(sha256) DO NOTHING").execute(
      arguments: [hash.bytes.blob, bytes.blob])
    try db.cachedStatement(
      sql: """
        INSERT INTO attachment(sha256, context, size)
        SELECT ?, context, ? FROM stream WHERE id = ? ON CONFLICT(sha256, context) DO NOTHING
        """
    ).execute(arguments: [hash.bytes.blob, bytes.count, stream.bytes.blob])
  }
}
