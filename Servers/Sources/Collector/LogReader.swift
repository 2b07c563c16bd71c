internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import SyncProtocol

/// Reads the log from a cursor on, a page at a time.
struct LogReader: Sendable {
  /// What of the log is wanted.
  struct Question: Hashable, Sendable {
    var after = LogCursor.start
    var limit = 500
    /// Only these kinds; empty for all.
    var kinds: [String] = []
    /// Leaves out this analyst's own events.
    var without: String?
    /// Also aliases and events that were set aside.
    var everything = false
  }

  struct Page: Sendable {
    var entries: [LogEntry]
    /// Where to go on, also when what was read last is not among the entries.
    var next: LogCursor
  }

  /// Bytes of bodies after which a page ends.
  static let pageBytes = 4 << 20

  let database: CollectorDatabase

  func page(_ question: Question) async throws -> Page {
    try await database.read { db in
      let epoch = try Epochs.current(db)
      let start = try Epochs.row(after: question.after, db)
      var conditions = ["lsn > ?"]
      var arguments: StatementArguments = [start]
      if !question.kinds.isEmpty {
        conditions.append("kind IN (\(databaseQuestionMarks(count: question.kinds.count)))")
        arguments += StatementArguments(question.kinds)
      }
      if let analyst = question.without {
        conditions.append("analyst <> ?")
        arguments += [analyst]
      }
      // An alias with a body brings one that was withheld before.
      if !question.everything {
        conditions.append("body IS NOT NULL AND (quarantine IS NULL OR quarantine = '')")
      }
      arguments += [question.limit]
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: "SELECT * FROM log WHERE \(conditions.joined(separator: " AND ")) ORDER BY lsn LIMIT ?"),
        arguments: arguments)
      var entries: [LogEntry] = []
      var bytes = 0
      while bytes < LogReader.pageBytes, let row = try rows.next() {
        entries.append(try LogReader.entry(row, epoch: epoch))
        bytes += row.bytes("body")?.count ?? 0
      }
      let isWhole = entries.count < question.limit && bytes < LogReader.pageBytes
      let last = try isWhole ? max(start, Epochs.lastRow(db)) : entries.last?.cursor.number ?? start
      return Page(entries: entries, next: LogCursor(epoch: epoch, number: last))
    }
  }

  static func entry(_ row: Row, epoch: Int) throws -> LogEntry {
    let number: Int64 = row["lsn"]
    guard let stream = row.bytes("stream").flatMap({ StreamID(bytes: $0) }),
      let eventID = row.bytes("event_id").flatMap({ EventID(bytes: $0) }), let prev = row.hash("prev"),
      let leaf = row.hash("leaf"), let hash = row.hash("hash"),
      let receivedAt = Timestamp(row["received_at"] as String)
    else { throw CollectorError.damagedRow(number) }
    return LogEntry(
      cursor: LogCursor(epoch: epoch, number: Int(number)), receivedAt: receivedAt, stream: stream,
      event: OfferedEvent(
        seq: row["seq"], eventID: eventID, prev: prev, leaf: leaf, hash: hash, body: row.bytes("body")),
      analyst: RawText(row["analyst"] as String), quarantine: RawText(row["quarantine"] as String? ?? ""))
  }
}
