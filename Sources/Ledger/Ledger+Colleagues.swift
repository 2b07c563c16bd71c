public import Domain
public import Feedback
internal import GRDB

extension Ledger {
  /// Keeps events that others, or the analyst on another device, made and a collector or a bundle brought. An event
  /// that is there already is left alone, and so are one's own. Returns how many were new.
  @discardableResult
  public func importEvents(_ events: [Event], context: RawText) throws(LedgerError) -> Int {
    try write { db in
      var added = 0
      var cases: Set<ShortHash> = []
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
        guard db.changesCount > 0 else { continue }
        added += 1
        if let caseID = event.caseID { cases.insert(caseID) }
      }
      for caseID in cases { try Ledger.project(db, caseID) }
      return added
    }
  }

  /// Keeps items that a collector sent: questions, tasks, decisions. The same item again is left alone.
  public func putInbox(_ items: [InboxItem], context: RawText) throws(LedgerError) {
    try write { db in
      for item in items {
        try db.cachedStatement(
          sql: """
            INSERT INTO inbox(id, context, kind, name, body, published_at, received_at) VALUES (?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT(id) DO NOTHING
            """
        ).execute(arguments: [
          item.id.blob, context.blob, item.kind.blob, item.name.blob, item.body.blob, item.publishedAt.microseconds,
          item.receivedAt.microseconds,
        ])
      }
    }
  }

  /// Items that nobody answered, the oldest first.
  public func inbox(context: RawText) throws(LedgerError) -> [InboxItem] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT * FROM inbox WHERE context = ? AND answered_at IS NULL ORDER BY received_at, id"),
        arguments: [context.blob]
      ).map { row in
        InboxItem(row)
      }
    }
  }

  /// Of the items of a kind, those that no later one of their name took the place of, in the order in which they were
  /// published; one without a body withdrew what had its name.
  public func inForce(kind: RawText, context: RawText) throws(LedgerError) -> [InboxItem] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: """
            SELECT * FROM inbox a WHERE context = ?1 AND kind = ?2 AND NOT EXISTS (
              SELECT 1 FROM inbox b WHERE b.context = a.context AND b.kind = a.kind AND b.name = a.name
                AND (b.published_at, b.received_at, b.id) > (a.published_at, a.received_at, a.id))
            ORDER BY published_at, received_at, id
            """),
        arguments: [context.blob, kind.blob]
      ).map { InboxItem($0) }.filter { !$0.body.isEmpty }
    }
  }

  /// Takes an item off the list.
  public func markAnswered(_ id: RawText, at now: Timestamp) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "UPDATE inbox SET answered_at = ? WHERE id = ?").execute(arguments: [
        now.microseconds, id.blob,
      ])
    }
  }
}

/// Something that a collector asks or says.
public struct InboxItem: Hashable, Sendable, Identifiable {
  public var id: RawText
  public var kind: RawText
  /// Items of one kind and name take each other's place.
  public var name: RawText
  /// The exact bytes that came.
  public var body: [UInt8]
  public var publishedAt: Timestamp
  public var receivedAt: Timestamp

  public init(
    id: RawText, kind: RawText, name: RawText = "", body: [UInt8], publishedAt: Timestamp, receivedAt: Timestamp
  ) {
    self.id = id
    self.kind = kind
    self.name = name
    self.body = body
    self.publishedAt = publishedAt
    self.receivedAt = receivedAt
  }

  fileprivate init(_ row: Row) {
    self.init(
      id: row.raw("id"), kind: row.raw("kind"), name: row.raw("name"), body: row.bytes("body"),
      publishedAt: row.time("published_at"), receivedAt: row.time("received_at"))
  }
}
