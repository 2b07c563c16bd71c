public import Domain
public import Feedback
internal import GRDB

/// Events that need a person: the collector will not take them, or took them without what they say.
extension Ledger {
  /// Shows an event as one that needs a person; not one whose words the analyst took out, of which nothing is missing.
  /// Whether it is shown.
  @discardableResult
  public func wedge(
    _ id: StreamID, seq: Int, code: RawText, detail: RawText = "", at now: Timestamp
  ) throws(LedgerError) -> Bool {
    try wedge(id, seq, code, detail, at: now, replacing: "code = excluded.code, detail = excluded.detail, ")
  }

  /// Shows an event that the collector has set aside as one that needs a person. That it has no body says less than why
  /// the body stayed here, where that is known.
  @discardableResult
  public func wedge(
    _ id: StreamID, setAside seq: Int, because code: RawText, at now: Timestamp
  ) throws(LedgerError) -> Bool {
    let words = RawText(Ledger.setAside + code.string)
    let replaced = code == "withheld" ? "" : "code = excluded.code, detail = excluded.detail, "
    return try wedge(id, seq, words, "", at: now, replacing: replaced)
  }

  /// Takes the mark from events that the collector had set aside and counts now.
  public func release(_ id: StreamID, at places: Set<Int>) throws(LedgerError) {
    try write { db in
      let marked = try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT e.seq, w.event_id, w.code FROM wedge w CROSS JOIN event e ON e.event_id = w.event_id
            WHERE e.stream = ?
            """), arguments: [id.bytes.blob])
      for row in marked where places.contains(row.int("seq")) && row.raw("code").string.hasPrefix(Ledger.setAside) {
        try db.cachedStatement(sql: "DELETE FROM wedge WHERE event_id = ?").execute(arguments: [
          try row.eventID("event_id").bytes.blob
        ])
      }
    }
  }

  private static let setAside = "set aside: "

  private func wedge(
    _ id: StreamID, _ seq: Int, _ code: RawText, _ detail: RawText, at now: Timestamp, replacing columns: String
  ) throws(LedgerError) -> Bool {
    try write { db in
      if try Ledger.isTakenOut(db, id, seq: seq) { return false }
      try db.cachedStatement(
        sql: """
          INSERT INTO wedge SELECT event_id, ?, ?, ?, ?, 1 FROM event WHERE stream = ? AND seq = ?
          ON CONFLICT(event_id) DO UPDATE SET \(columns)last_at = excluded.last_at, tries = tries + 1
          """
      ).execute(arguments: [code.blob, detail.blob, now.microseconds, now.microseconds, id.bytes.blob, seq])
      return true
    }
  }

  /// Takes the mark from an event, to try it again. One that the collector has the hash of keeps it: it is not offered
  /// again, and the mark keeps a purge from its body. Where the analyst took out what it said, nothing is to be tried.
  /// Whether it has no mark any more.
  @discardableResult
  public func unwedge(_ id: StreamID, seq: Int) throws(LedgerError) -> Bool {
    try write { db in
      let isTakenOut = try Ledger.isTakenOut(db, id, seq: seq)
      try db.cachedStatement(
        sql: """
          DELETE FROM wedge WHERE event_id = (SELECT e.event_id FROM event e JOIN stream s ON s.id = e.stream
            WHERE e.stream = ? AND e.seq = ? AND (e.seq > s.acked_seq OR ?))
          """
      ).execute(arguments: [id.bytes.blob, seq, isTakenOut])
      return db.changesCount > 0
    }
  }
}
