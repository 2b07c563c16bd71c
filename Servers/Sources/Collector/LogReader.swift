internal import Domain
internal import Feedback
internal import SyncProtocol

/// Reads the log from a cursor on, a page at a time.
struct LogReader: Sendable {
  /// What of the log is wanted.
  struct Question: Hashable, Sendable {
    var after = LogCursor.start
    var limit = 500
    /// Only these kinds; empty for all.
    var kinds: [String] = []
    /// Leaves out what came by this token: a device of before cannot say what it has.
    var without: Int64?
    /// Leaves out what the asking device says that it holds.
    var held: [HeldStream] = []
    /// Only this analyst's events.
    var analyst: String?
    /// Also aliases and events that were set aside.
    var everything = false
    /// Whether a cursor that the log has not come to is refused. A syncing device is not: what it lacks is proved otherwise.
    var refusesBeyondEnd = false
    /// Also statements whose words were redacted, with what stays of them.
    var redacted = false
  }

  struct Page: Sendable {
    var entries: [LogEntry]
    /// Where to go on, also when what was read last is not among the entries.
    var next: LogCursor
  }

  /// Bytes of bodies after which a page ends.
  static let pageBytes = 4 << 20

  /// Rows that are fetched at once: a page may end before they are all on it.
  private static let fetched = 100

  let database: CollectorDatabase

  func page(_ question: Question) async throws -> Page {
    try await database.read { db in
      let epoch = try Epochs.current(db)
      if question.refusesBeyondEnd, try Epochs.isBeyondEnd(question.after, db) {
        let end = LogCursor(epoch: epoch, number: try Epochs.lastRow(db))
        throw Refused(WireError("after is \(question.after.text), and the log ends at \(end.text)"))
      }
      let start = try Epochs.row(after: question.after, db)
      var conditions = ["lsn > ?"]
      var values = [SQLValue(start)]
      if !question.kinds.isEmpty {
        conditions.append("kind IN (\(question.kinds.map { _ in "?" }.joined(separator: ", ")))")
        values += question.kinds.map { .text($0) }
      }
      if let token = question.without {
        conditions.append("token <> ?")
        values.append(.integer(token))
      }
      for held in question.held {
        conditions.append("NOT (stream = ? AND seq <= ?)")
        values += [.bytes(held.stream.bytes), SQLValue(held.seq)]
      }
      if let analyst = question.analyst {
        conditions.append("analyst = ?")
        values.append(.text(analyst))
      }
      // An alias with a body brings one that was withheld before.
      if !question.everything {
        conditions.append(question.redacted ? "(\(LogReader.good) OR \(LogReader.redacted))" : LogReader.good)
      }
      let sql = "SELECT * FROM log WHERE \(conditions.joined(separator: " AND ")) ORDER BY lsn LIMIT ?"
      var entries: [LogEntry] = []
      var bytes = 0
      var isWhole = false
      while !isWhole, entries.count < question.limit, bytes < LogReader.pageBytes {
        let wanted = min(LogReader.fetched, question.limit - entries.count)
        values[0] = SQLValue(entries.last?.cursor.number ?? start)
        let rows = try db.rows(sql, values + [SQLValue(wanted)])
        for row in rows where bytes < LogReader.pageBytes {
          var entry = try LogReader.entry(row, epoch: epoch)
          if question.redacted { entry.redacted = try LogReader.redacted(row, db) }
          entries.append(entry)
          bytes += entry.event.body?.count ?? 0
        }
        isWhole = rows.count < wanted && bytes < LogReader.pageBytes
      }
      let last = try isWhole ? max(start, Epochs.lastRow(db)) : entries.last?.cursor.number ?? start
      return Page(entries: entries, next: LogCursor(epoch: epoch, number: last))
    }
  }

  /// Whether the log would give another page by now for what was asked after a place and nothing else: words were taken out of
  /// it, or rows count that did not. Where that cannot be read nobody can say.
  func hasChanged(_ page: Page, after place: LogCursor) -> Bool {
    let hasChanged = try? database.readNow { db in
      guard try Epochs.current(db) == place.epoch else { return true }
      let count = try db.integer(
        "SELECT count(*) FROM log WHERE lsn > ? AND lsn <= ? AND \(LogReader.good)",
        [SQLValue(place.number), SQLValue(page.next.number)])
      return count != page.entries.count
    }
    return hasChanged ?? false
  }

  private static let good = "body IS NOT NULL AND (quarantine IS NULL OR quarantine = '')"

  private static let redacted = """
    (quarantine = 'redacted' AND alias_of IS NULL AND case_id IS NOT NULL
      AND kind IN ('judgement', 'amend', 'retract', 'mark', 'note', 'flag', 'adjudicate'))
    """

  /// What is known of a statement without its words.
  private static func redacted(_ row: StoredRow, _ db: any Transaction) throws -> LogEntry.Redacted? {
    guard try row.optionalText("quarantine") == Redaction.mark, let kind = try row.optionalText("kind"),
      let at = try row.optionalText("at").flatMap({ Timestamp($0) }),
      let caseID = try row.bytes("case_id").flatMap({ ShortHash(bytes: $0) })
    else { return nil }
    let id = try row.bytes("event_id").flatMap { EventID(bytes: $0) }
    return LogEntry.Redacted(
      kind: EventKind(RawText(kind)), at: at, caseID: caseID,
      remains: try id.flatMap { try RemainsBook.remains(about: caseID, db)[$0] })
  }

  static func entry(_ row: StoredRow, epoch: Int) throws -> LogEntry {
    let number = try row.integer64("lsn")
    guard let stream = try row.bytes("stream").flatMap({ StreamID(bytes: $0) }),
      let eventID = try row.bytes("event_id").flatMap({ EventID(bytes: $0) }), let prev = try row.hash("prev"),
      let leaf = try row.hash("leaf"), let hash = try row.hash("hash"),
      let receivedAt = Timestamp(try row.text("received_at"))
    else { throw CollectorError.damagedRow(number) }
    return LogEntry(
      cursor: LogCursor(epoch: epoch, number: Int(number)), receivedAt: receivedAt, stream: stream,
      event: OfferedEvent(
        seq: try row.integer("seq"), eventID: eventID, prev: prev, leaf: leaf, hash: hash, body: try row.bytes("body")),
      analyst: RawText(try row.text("analyst")), quarantine: RawText(try row.optionalText("quarantine") ?? ""))
  }
}
