public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Keeps an answer that is being written; an empty one is forgotten.
  public func keepAnswer(_ text: RawText, to item: RawText) throws(LedgerError) {
    try set(text.isEmpty ? nil : .string(text), for: Ledger.keyOfAnswer(to: item))
  }

  /// The answer that was begun and not saved; empty where there is none.
  public func keptAnswer(to item: RawText) throws(LedgerError) -> RawText {
    guard case .string(let text) = try value(for: Ledger.keyOfAnswer(to: item)) else { return "" }
    return text
  }

  private static func keyOfAnswer(to item: RawText) -> String { "answer begun \(item.string)" }

  /// Keeps items that a collector sent: questions, queues, decisions. The same item again is left alone; gives those
  /// that were new.
  @discardableResult
  public func putInbox(_ items: [InboxItem], context: RawText) throws(LedgerError) -> [InboxItem] {
    try write { db in
      var new: [InboxItem] = []
      for item in items {
        let values: [DatabaseValue] = [
          item.id.blob.databaseValue, context.blob.databaseValue, item.kind.blob.databaseValue,
          item.name.blob.databaseValue, item.body.blob.databaseValue, item.publishedAt.microseconds.databaseValue,
          item.receivedAt.microseconds.databaseValue,
        ]
        try db.cachedStatement(
          sql: """
            INSERT INTO inbox(\(RowDigest.inboxColumns.joined(separator: ", ")), digest)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT(id, context) DO NOTHING
            """
        ).execute(arguments: StatementArguments(values + [RowDigest.of(values).bytes.blob.databaseValue]))
        if db.changesCount > 0 { new.append(item) }
      }
      if !new.isEmpty { try Ledger.takeAnswers(db) }
      return new
    }
  }

  /// The items that no later one of their kind and name took the place of, in the order in which they were published;
  /// one without a body withdrew what had its name. Without a kind, those of every kind.
  public func inForce(kind: InboxKind? = nil, context: RawText) throws(LedgerError) -> [InboxItem] {
    try read { db in try Self.inForce(db, kind: kind, context: context) }
  }

  static func inForce(_ db: Database, kind: InboxKind?, context: RawText) throws -> [InboxItem] {
    try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT * FROM inbox a WHERE context = ?1 AND (?2 IS NULL OR kind = ?2) AND NOT EXISTS (
            SELECT 1 FROM inbox b WHERE b.context = a.context AND b.kind = a.kind AND b.name = a.name
              AND (b.published_at, b.received_at, b.id) > (a.published_at, a.received_at, a.id))
          ORDER BY published_at, received_at, id
          """),
      arguments: [context.blob, kind?.text.blob]
    ).map { InboxItem($0) }.filter { !$0.body.isEmpty }
  }

  /// The item with this identity; nil where there is none.
  public func inboxItem(_ id: RawText) throws(LedgerError) -> InboxItem? {
    try read { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT * FROM inbox WHERE id = ?"), arguments: [id.blob])
        .map { InboxItem($0) }
    }
  }

  /// Saves the answer to an item as an event and takes the item off what waits, in one transaction.
  @discardableResult
  public func answer(_ item: RawText, with body: EventBody, in stream: StreamID) throws(LedgerError) -> Event? {
    var generator = SystemRandomNumberGenerator()
    let draft = EventDraft(body, using: &generator)
    return try write { db -> Event? in
      let event = try Ledger.insert(db, [draft], into: stream).first
      try db.cachedStatement(sql: "UPDATE inbox SET answered_at = ? WHERE id = ?").execute(arguments: [
        body.stamp.at.microseconds, item.blob,
      ])
      return event
    }
  }

  /// Takes items that the analyst answered in another context or on another device off what waits.
  static func takeAnswers(_ db: Database) throws {
    try db.cachedStatement(
      sql: """
        UPDATE inbox SET answered_at = (SELECT max(b.answered_at) FROM inbox b WHERE b.id = inbox.id)
        WHERE answered_at IS NULL
        """
    ).execute()
    let rows = try Row.fetchAll(
      db.cachedStatement(
        sql: """
          SELECT at, body FROM foreign_event WHERE kind = 'answer' AND body IS NOT NULL
          AND \(Ledger.isOwn("foreign_event")) ORDER BY id
          """))
    for row in rows {
      guard case .answer(let item, _) = try? EventBody(bytes: row.bytes("body")).payload,
        let at = Timestamp(row.string("at"))
      else { continue }
      try db.cachedStatement(sql: "UPDATE inbox SET answered_at = ? WHERE id = ? AND answered_at IS NULL").execute(
        arguments: [at.microseconds, item.blob])
    }
  }

  /// The analyst's newest answer to each item, as far as its event is here; also one that came from another device.
  public func answers(context: RawText) throws(LedgerError) -> [RawText: RawText] {
    try read { db in
      let rows = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT e.at, e.event_id, e.body FROM event e JOIN stream s ON s.id = e.stream
            WHERE s.context = ?1 AND e.kind = 'answer' AND e.body IS NOT NULL
            UNION ALL SELECT at, event_id, body FROM foreign_event
            WHERE kind = 'answer' AND body IS NOT NULL AND \(Ledger.isOwn("foreign_event"))
            ORDER BY at, event_id
            """), arguments: [context.blob])
      var answers: [RawText: RawText] = [:]
      while let row = try rows.next() {
        if case .answer(let item, let text) = try? EventBody(bytes: row.bytes("body")).payload { answers[item] = text }
      }
      return answers
    }
  }
}
