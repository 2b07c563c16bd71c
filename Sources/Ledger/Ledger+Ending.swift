public import Domain
public import Feedback
internal import GRDB

/// Streams that the analyst ended: their last event says so, and nothing follows it.
extension Ledger {
  /// Writes a stream's last event; the stream takes nothing more.
  public func end(_ id: StreamID, reason: RawText, stamp: Stamp) throws(LedgerError) -> Event {
    var generator = SystemRandomNumberGenerator()
    let draft = EventDraft(EventBody(stamp: stamp, payload: .streamEnd(reason: reason)), using: &generator)
    return try write { db in
      guard let event = try Ledger.insert(db, [draft], into: id).first else { throw LedgerError.unknownStream(id) }
      try db.cachedStatement(sql: "UPDATE stream SET ended_at = ? WHERE id = ?").execute(arguments: [
        stamp.at.microseconds, id.bytes.blob,
      ])
      return event
    }
  }

  /// The event that ended a stream; nil for one that goes on, also under another name.
  public func ending(of id: StreamID) throws(LedgerError) -> Event? {
    try read { db in try Ledger.ending(db, of: id) }
  }

  /// The stream that goes on in this context for this collector; where the analyst ended it and has saved nothing since,
  /// that one; nil where there was none.
  public func latestStream(for context: RawText, collector: RawText? = nil) throws(LedgerError) -> LedgerStream? {
    try read { db in
      if let active = try Ledger.activeStream(db, context, collector) { return active }
      return try Ledger.endedStreams(db, context, collector).last
    }
  }

  /// The streams that the analyst ended here, the oldest first.
  static func endedStreams(_ db: Database, _ context: RawText, _ collector: RawText?) throws -> [LedgerStream] {
    // One that goes on under another name has ended as well, and has no events.
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT * FROM stream s WHERE context = ? AND collector IS ? AND ended_at IS NOT NULL
            AND EXISTS (SELECT 1 FROM event WHERE stream = s.id) ORDER BY ended_at, id
          """), arguments: [context.blob, collector?.blob]
    ).map { try LedgerStream($0) }
  }

  static func ending(_ db: Database, of id: StreamID) throws -> Event? {
    try stream(db, id).endedAt == nil ? nil : try lastEvent(db, of: id)
  }

  /// The newest event of a stream; nil where it has none.
  public func lastEvent(of id: StreamID) throws(LedgerError) -> Event? {
    try read { db in try Ledger.lastEvent(db, of: id) }
  }

  private static func lastEvent(_ db: Database, of id: StreamID) throws -> Event? {
    try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM event WHERE stream = ? ORDER BY seq DESC LIMIT 1"),
      arguments: [id.bytes.blob]
    )?.event()
  }
}
