public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Keeps events that others, or the analyst on another device, made and a collector or a bundle brought. An event
  /// that is there already is left alone, and so are one's own. `remains` is what is known of those without a body.
  /// Returns how many were new.
  @discardableResult
  public func importEvents(
    _ events: [Event], remains: [EventID: Remains] = [:], context: RawText
  ) throws(LedgerError) -> Int {
    try write { db in
      var added = 0
      var cases: Set<ShortHash> = []
      var isObeyed = false
      for event in events where event.isIntact {
        let isOwn = try Row.fetchOne(
          db.cachedStatement(sql: "SELECT 1 FROM event WHERE event_id = ?"), arguments: [event.eventID.bytes.blob])
        if isOwn != nil { continue }
        try db.cachedStatement(
          sql: """
            INSERT INTO foreign_event(stream, seq, event_id, prev, leaf, hash, body, kind, at, analyst, case_id,
              context)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(event_id) DO NOTHING
            """
        ).execute(arguments: event.columns + [context.blob])
        guard db.changesCount > 0 else {
          added += try Ledger.share(db, event.eventID, with: context)
          continue
        }
        added += 1
        try Ledger.index(db, event, row: db.lastInsertedRowID)
        if event.body == nil, let remains = remains[event.eventID], let caseID = event.caseID {
          try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO remains(event_id, case_id, value) VALUES (?, ?, ?)"
          ).execute(arguments: [
            event.eventID.bytes.blob, caseID.bytes.blob, try remains.canonicalBytes().blob,
          ])
        }
        if try Ledger.obey(db, event, in: context) { isObeyed = true }
        if let caseID = event.caseID { cases.insert(caseID) }
      }
      for caseID in cases { try Ledger.project(db, caseID) }
      if isObeyed { try Ledger.mergeWords(db) }
      if events.contains(where: { $0.kind == .answer }) { try Ledger.takeAnswers(db) }
      return added
    }
  }

  /// Notes that an event which another context has came to this one as well; 1 where that is new.
  private static func share(_ db: Database, _ id: EventID, with context: RawText) throws -> Int {
    try db.cachedStatement(
      sql: """
        INSERT INTO foreign_also SELECT event_id, ?1 FROM foreign_event WHERE event_id = ?2 AND context <> ?1
        ON CONFLICT DO NOTHING
        """
    ).execute(arguments: [context.blob, id.bytes.blob])
    return db.changesCount
  }

  /// The condition that a row `table` of colleagues' events came to the context that is an argument.
  static func isForeign(_ table: String, in context: String) -> String {
    """
    (\(table).context = \(context) OR EXISTS (SELECT 1 FROM foreign_also also
      WHERE also.event_id = \(table).event_id AND also.context = \(context)))
    """
  }

  /// The condition that a row `table` of colleagues' events is the analyst's own, of another device or from before this
  /// ledger was put back.
  static func isOwn(_ table: String) -> String { "\(table).analyst IN (SELECT analyst FROM stream)" }

  /// The condition that a statement is of the context that is an argument: of a stream `s` of it, or a colleague's `f`.
  static func isSaid(in context: String) -> String {
    "(s.context = \(context) OR (s.id IS NULL AND \(isForeign("f", in: context))))"
  }

  /// What was taken out of an event goes here as well, be it a colleague's or one's own; the place of it stays. Whether
  /// anything went.
  private static func obey(_ db: Database, _ event: Event, in context: RawText) throws -> Bool {
    guard event.kind == .redact, let body = try? event.decoded() else { return false }
    var hasGone = false
    for target in body.targets(.redacts) {
      if try obey(db, redactionOf: target, by: event.analyst, in: context) { hasGone = true }
      if try dropForeign(db, target, of: event.analyst) { hasGone = true }
    }
    return hasGone
  }

  /// Empties what came of another device or a colleague. Whether there was something.
  static func dropForeign(_ db: Database, _ id: EventID, of analyst: RawText) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM foreign_event WHERE event_id = ? AND analyst = ? AND body IS NOT NULL"),
      arguments: [id.bytes.blob, analyst.string])
    guard let row, let place = row["id"] as Int64? else { return false }
    let words = try words(of: row.event())
    if !words.isEmpty {
      try db.cachedStatement(sql: "INSERT INTO foreign_fts(foreign_fts, rowid, text) VALUES ('delete', ?, ?)")
        .execute(arguments: [place, words])
    }
    try db.cachedStatement(sql: "UPDATE foreign_event SET body = NULL WHERE id = ?").execute(arguments: [place])
    return true
  }

  private static func words(of event: Event) -> String { (try? event.decoded()).map { SearchText.of($0) } ?? "" }

  /// Lets a colleague's words be found.
  private static func index(_ db: Database, _ event: Event, row: Int64) throws {
    guard event.kind.isStatement, event.caseID != nil, event.body != nil else { return }
    let words = words(of: event)
    guard !words.isEmpty else { return }
    try db.cachedStatement(sql: "INSERT INTO foreign_fts(rowid, text) VALUES (?, ?)").execute(arguments: [row, words])
  }

  /// The words of all that is here already.
  static func indexColleagues(_ db: Database) throws {
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM foreign_event WHERE body IS NOT NULL")
    while let row = try rows.next() {
      if let id = row["id"] as Int64? { try index(db, row.event(), row: id) }
    }
  }
}
