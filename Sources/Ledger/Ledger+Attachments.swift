internal import Domain
public import Feedback
internal import GRDB

/// Contents that events name by their hash. Each stream's are kept apart: what one collector was to have, or has, says
/// nothing of another.
extension Ledger {
  /// Contents that events of these streams name and that their collector has not got yet, the oldest first.
  public func openAttachments(of streams: [StreamID], limit: Int = 100) throws(LedgerError) -> [Attachment] {
    try attachments(of: streams, withSent: false, limit: limit)
  }

  /// Of these those of which the collector has every view that names them: before it has, it may take one for a content
  /// that it is to keep away.
  public func namedAttachments(of streams: [StreamID], limit: Int) throws(LedgerError) -> [Attachment] {
    try attachments(of: streams, withSent: false, onlyNamed: true, limit: limit)
  }

  /// The same, or also those that their collector has or had.
  public func attachments(
    of streams: [StreamID], withSent: Bool, onlyNamed: Bool = false, limit: Int
  ) throws(LedgerError) -> [Attachment] {
    try read { db in
      var found: [Attachment] = []
      for stream in streams where found.count < limit {
        let rows = try Row.fetchAll(
          db.cachedStatement(
            sql: """
              SELECT sha256, size FROM attachment a WHERE stream = ? AND (? OR sent_after IS NULL)
                AND NOT (? AND EXISTS (SELECT 1 FROM stream s JOIN event e ON e.stream = s.id AND e.seq > s.acked_seq
                  WHERE s.id = a.stream AND e.kind = 'seen' AND e.body IS NOT NULL
                    AND \(Ledger.namedContent(of: "e.body")) = lower(hex(a.sha256))))
              ORDER BY rowid LIMIT ?
              """),
          arguments: [stream.bytes.blob, withSent, onlyNamed, limit - found.count])
        for row in rows {
          found.append(Attachment(stream: stream, hash: try row.hash("sha256"), bytes: row.int("size")))
        }
      }
      return found
    }
  }

  /// Notes that the collector of a stream has a content whole: whatever is saved from now on arrives after it.
  public func markSent(attachment hash: Hash, of stream: StreamID) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(
        sql: """
          UPDATE attachment SET sent_after = (SELECT coalesce(max(id), 0) FROM event) WHERE sha256 = ? AND stream = ?
          """
      ).execute(arguments: [hash.bytes.blob, stream.bytes.blob])
    }
  }

  static func reopenAttachments(_ db: Database, of stream: StreamID) throws {
    try db.cachedStatement(sql: "UPDATE attachment SET sent_after = NULL WHERE stream = ? AND sent_after IS NOT NULL")
      .execute(arguments: [stream.bytes.blob])
  }

  static func attach(_ db: Database, _ bytes: [UInt8], to stream: StreamID) throws {
    let hash = Hash.of(bytes)
    try db.cachedStatement(sql: "INSERT INTO blob(sha256, data) VALUES (?, ?) ON CONFLICT(sha256) DO NOTHING").execute(
      arguments: [hash.bytes.blob, bytes.blob])
    try db.cachedStatement(
      // It is named anew, and the collector may have dropped it since: one that it has it says so of at once.
      sql: """
        INSERT INTO attachment(sha256, stream, size) VALUES (?, ?, ?)
        ON CONFLICT(sha256, stream) DO UPDATE SET sent_after = NULL
        """
    ).execute(arguments: [hash.bytes.blob, stream.bytes.blob, bytes.count])
  }

  /// Gives each stream the contents that its views name; before they were kept for a whole context. What was sent counts
  /// as sent to the stream's collector, and as archived once something that is saved from now on is.
  static func attachToStreams(_ db: Database) throws {
    var known: [Hash: [(context: RawText, size: Int, isSent: Bool)]] = [:]
    for row in try Row.fetchAll(db, sql: "SELECT sha256, context, size, sent_at FROM context_attachment ORDER BY rowid")
    {
      known[try row.hash("sha256"), default: []].append(
        (row.raw("context"), row.int("size"), row.optionalTime("sent_at") != nil))
    }
    if !known.isEmpty {
      let rows = try Row.fetchCursor(
        db,
        sql: """
          SELECT e.stream, s.context, \(namedContent(of: "e.body")) AS sha256 FROM event e JOIN stream s ON s.id = e.stream
          WHERE e.kind = 'seen' AND e.body IS NOT NULL ORDER BY e.id
          """)
      while let row = try rows.next() {
        guard let text = String.fromDatabaseValue(row["sha256"]), let hash = Hash(hex: text) else { continue }
        let context = row.raw("context")
        for content in known[hash] ?? [] where content.context == context {
          try db.execute(
            sql: """
              INSERT INTO attachment(sha256, stream, size, sent_after)
              VALUES (?, ?, ?, iif(?, (SELECT max(id) FROM event), NULL)) ON CONFLICT(sha256, stream) DO NOTHING
              """,
            arguments: [hash.bytes.blob, try row.streamID("stream").bytes.blob, content.size, content.isSent])
        }
      }
    }
    try db.execute(sql: "DROP TABLE context_attachment")
  }

  /// The hash of the content that a view's body names, read out by SQLite; null where it names none, or withholds it.
  static func namedContent(of body: String) -> String {
    let text = "CAST(\(body) AS TEXT)"
    return """
      CASE WHEN json_valid(\(text)) AND json_extract(\(text), '\(SeenRecord.withheldPath)') IS NOT 1
        THEN json_extract(\(text), '\(SeenRecord.contentPath)') END
      """
  }
}

/// A content that has to go to the collector of a stream.
public struct Attachment: Hashable, Sendable {
  public var stream: StreamID
  public var hash: Hash
  public var bytes: Int
}
