public import Domain
public import Feedback
internal import GRDB

/// An event on its way to the researchers.
public struct OutboxItem: Hashable, Sendable {
  public var event: Event
  public var state: EventState
  /// The collector's word for what is wrong with a wedged one; empty for the others.
  public var code: RawText
  public var detail: RawText
  /// The case that it is about; nil where it is about none or the ledger does not hold it.
  public var caseName: String?
  public var model: RawText
}

extension Ledger {
  /// How many events of a stream are in each state.
  public func outboxCounts(of id: StreamID) throws(LedgerError) -> [EventState: Int] {
    try read { db in
      let stream = try Ledger.stream(db, id)
      let head = try Ledger.head(db, of: id).seq
      let acked = max(stream.acked.seq, stream.safe.seq)
      let sent = max(stream.sentSeq, acked)
      var counts: [EventState: Int] = [
        .archived: stream.safe.seq, .received: acked - stream.safe.seq, .sent: sent - acked,
        .saved: max(0, head - sent), .wedged: 0,
      ]
      let wedged = try Int.fetchAll(
        db.cachedStatement(
          sql: "SELECT e.seq FROM wedge w CROSS JOIN event e ON e.event_id = w.event_id WHERE e.stream = ?"),
        arguments: [id.bytes.blob])
      for seq in wedged {
        counts[stream.state(of: seq), default: 0] -= 1
        counts[.wedged, default: 0] += 1
      }
      return counts
    }
  }

  /// Events of a stream that are not in the collector's backup, and wedged ones; the newest first.
  public func outbox(of id: StreamID, limit: Int = 500) throws(LedgerError) -> [OutboxItem] {
    try read { db in
      let stream = try Ledger.stream(db, id)
      return try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT e.*, w.code, w.detail, c.number AS number, c.model AS model FROM event e
            LEFT JOIN wedge w ON w.event_id = e.event_id LEFT JOIN case_ c ON c.id = e.case_id
            WHERE e.stream = ? AND (e.seq > ? OR w.event_id IS NOT NULL) ORDER BY e.seq DESC LIMIT ?
            """), arguments: [id.bytes.blob, stream.safe.seq, limit]
      ).map { row in
        let event = try row.event()
        let code = row.optionalRaw("code")
        return OutboxItem(
          event: event, state: code == nil ? stream.state(of: event.seq) : .wedged, code: code ?? "",
          detail: row.raw("detail"),
          caseName: row.optionalInt("number").flatMap { number in event.caseID.map { "\(number) \($0.short)" } },
          model: row.raw("model"))
      }
    }
  }

  /// The events that no collector has, of every stream.
  public func unreceived() throws(LedgerError) -> [EventID] {
    try read { db in
      try Row.fetchAll(
        db,
        sql: """
          SELECT e.event_id FROM event e JOIN stream s ON s.id = e.stream WHERE e.seq > max(s.acked_seq, s.safe_seq)
          """
      ).map { try $0.eventID("event_id") }
    }
  }

  /// How many of these are not here.
  public func missing(of ids: [EventID]) throws(LedgerError) -> Int {
    try read { db in
      let statement = try db.cachedStatement(sql: "SELECT 1 FROM event WHERE event_id = ?")
      return try ids.count { try Row.fetchOne(statement, arguments: [$0.bytes.blob]) == nil }
    }
  }

  /// How many events of each kind a stream has that no collector has yet, without the refused ones.
  public func waitingKinds(of id: StreamID) throws(LedgerError) -> [RawText: Int] {
    try read { db in
      let stream = try Ledger.stream(db, id)
      let rows = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT e.kind AS kind, count(*) AS count FROM event e LEFT JOIN wedge w ON w.event_id = e.event_id
            WHERE e.stream = ? AND e.seq > ? AND w.event_id IS NULL GROUP BY e.kind
            """), arguments: [id.bytes.blob, max(stream.acked.seq, stream.safe.seq)])
      return Dictionary(rows.map { ($0.raw("kind"), $0.int("count")) }) { first, _ in first }
    }
  }

  /// How many events, and large records that events name, no collector has yet, in all streams, ended ones as well; those
  /// of a local stream wait for one.
  public func waitingCount(context: RawText? = nil) throws(LedgerError) -> Int {
    try read { db in
      let events =
        try Int.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT coalesce(sum(max(0, n)), 0) FROM (
                SELECT (SELECT coalesce(max(seq), 0) FROM event e WHERE e.stream = s.id) - s.acked_seq AS n FROM stream s
                WHERE ? IS NULL OR s.context = ?)
              """), arguments: [context?.blob, context?.blob]) ?? 0
      let records =
        try Int.fetchOne(
          db.cachedStatement(
            sql: """
              SELECT count(*) FROM attachment a JOIN stream s ON s.id = a.stream
              WHERE a.sent_after IS NULL AND (? IS NULL OR s.context = ?)
              """), arguments: [context?.blob, context?.blob]) ?? 0
      return events + records
    }
  }

  /// How many large records that a stream's events name its collector has not got yet.
  public func waitingRecords(of id: StreamID) throws(LedgerError) -> Int {
    try read { db in
      try Int.fetchOne(
        db.cachedStatement(sql: "SELECT count(*) FROM attachment WHERE stream = ? AND sent_after IS NULL"),
        arguments: [id.bytes.blob]) ?? 0
    }
  }
}

extension LedgerStream {
  /// The state of the event at a place, wedges aside.
  func state(of seq: Int) -> EventState {
    if seq <= safe.seq { return .archived }
    if seq <= acked.seq { return .received }
    return seq <= sentSeq ? .sent : .saved
  }
}
