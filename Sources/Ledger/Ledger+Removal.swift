public import Domain
public import Feedback
internal import GRDB

/// What a redaction removed.
public struct Removal: Hashable, Sendable {
  /// An event whose words went, and the one that says so.
  public struct Part: Hashable, Sendable {
    public var event: Event
    public var redaction: Event
    /// Whether it is of this ledger, not of another device.
    public var isHere: Bool
  }

  /// The one that was asked for.
  public var asked: Part
  /// Those that said the same again.
  public var copies: [Part]
  /// Own events on the case that have its words as well, and say something else beside: they are left.
  public var similar: [Event]
  /// Whether what was begun on the case had its note as well, and has it no more.
  public var isOfDraft: Bool
}

/// What goes for good: bodies of events, and the contents that they name by their hash. Links stay.
extension Ledger {
  /// Removes the body of an event, says so in an event of its own, and leaves the chain whole. What the event had taken
  /// the place of, or taken back, stays so: the event that says it was removed tells which. That one goes into the same
  /// stream, or into the one that goes on where that has ended, or is another device's of the same analyst.
  @discardableResult
  public func redact(
    _ id: EventID, reason: RawText, stamp: Stamp, goingOn stream: StreamID? = nil
  ) throws(LedgerError) -> Event {
    try remove(id, reason: reason, stamp: stamp, goingOn: stream).asked.redaction
  }

  /// The same, with what came of it: what says the same again, a redo or a choice between two devices, goes as well.
  public func remove(
    _ id: EventID, reason: RawText, stamp: Stamp, goingOn stream: StreamID? = nil
  ) throws(LedgerError) -> Removal {
    try write { db in
      let event = try Ledger.ownEvent(db, id)
      let found = try Ledger.copies(db, of: event)
      let isOfDraft = try Ledger.takeOutOfDraft(db, event)
      let asked = try Ledger.redact(db, event, reason: reason, stamp: stamp, goingOn: stream)
      let goesOn = stream ?? asked.redaction.stream
      let copies = try found.copies.map { try Ledger.redact(db, $0, reason: reason, stamp: stamp, goingOn: goesOn) }
      try Ledger.mergeWords(db)
      if let caseID = event.caseID { try Ledger.project(db, caseID) }
      return Removal(asked: asked, copies: copies, similar: found.similar, isOfDraft: isOfDraft)
    }
  }

  /// Takes the note of a statement out of what was begun on its case, which would be saved with it once more. Whether it was
  /// there.
  private static func takeOutOfDraft(_ db: Database, _ event: Event) throws -> Bool {
    guard let caseID = event.caseID, let payload = try? event.decoded().payload,
      let words = Statement(payload)?.freeText, !words.isEmpty,
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT body FROM draft WHERE case_id = ?"), arguments: [caseID.bytes.blob]),
      var draft = try? JudgementDraft(bytes: row.bytes("body")), draft.judgement.note == words
    else { return false }
    draft.judgement.note = ""
    try db.cachedStatement(sql: "UPDATE draft SET body = ? WHERE case_id = ?").execute(arguments: [
      try draft.canonicalBytes().blob, caseID.bytes.blob,
    ])
    return true
  }

  private static func redact(
    _ db: Database, _ event: Event, reason: RawText, stamp: Stamp, goingOn stream: StreamID?
  ) throws -> Removal.Part {
    let here = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM event WHERE event_id = ?"), arguments: [event.eventID.bytes.blob])
    let remains = try? Remains(event.decoded())
    var generator = SystemRandomNumberGenerator()
    let body = EventBody(
      stamp: stamp, caseID: event.caseID, references: [EventReference(.redacts, event)],
      payload: .redact(reason: reason, remains: remains ?? nil))
    let goesOn = try here != nil && Ledger.stream(db, event.stream).endedAt == nil
    let target = goesOn ? event.stream : stream ?? event.stream
    let added = try insert(db, [EventDraft(body, using: &generator)], into: target)
    if let here { try takeOut(db, here) } else { _ = try dropForeign(db, event.eventID, of: event.analyst) }
    guard let redaction = added.first else { throw LedgerError.unknownEvent(event.eventID) }
    return Removal.Part(event: event, redaction: redaction, isHere: here != nil)
  }

  /// An event of this ledger, or of another device of the same analyst.
  private static func ownEvent(_ db: Database, _ id: EventID) throws -> Event {
    let here = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM event WHERE event_id = ?"), arguments: [id.bytes.blob])
    let elsewhere = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM foreign_event WHERE event_id = ? AND \(isOwn("foreign_event"))"),
      arguments: [id.bytes.blob])
    guard let event = try (here ?? elsewhere)?.event() else { throw LedgerError.unknownEvent(id) }
    return event
  }

  /// Where the analyst says the same of the case.
  private static func copies(_ db: Database, of event: Event) throws -> StatementCopies {
    guard let caseID = event.caseID else { return StatementCopies(of: event.eventID, among: []) }
    let own = Set(try String.fetchAll(db, sql: "SELECT DISTINCT analyst FROM stream"))
    let entries = try statements(db, about: caseID).filter { own.contains($0.analyst.string) }
    return StatementCopies(of: event.eventID, among: entries.compactMap { Fold.Entry($0) })
  }

  /// Empties an own event that its analyst redacted on another device, or before this ledger was put back. Whether there
  /// was something.
  static func obey(
    _ db: Database, redactionOf id: EventID, by analyst: RawText, in context: RawText
  ) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(
        sql: """
          SELECT e.* FROM event e JOIN stream s ON s.id = e.stream
          WHERE e.event_id = ?1 AND e.body IS NOT NULL AND s.context = ?2
            AND e.kind NOT IN ('redact', 'stream.start', 'stream.fork')
            AND ?3 IN (SELECT analyst FROM stream WHERE context = ?2)
          """), arguments: [id.bytes.blob, context.blob, analyst.string])
    guard let row else { return false }
    try takeOut(db, row)
    return true
  }

  /// Whether the analyst took out what an own event said: then it is nowhere, and is to be nowhere.
  static func isTakenOut(_ db: Database, _ id: StreamID, seq: Int) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM event WHERE stream = ? AND seq = ? AND body IS NULL"),
      arguments: [id.bytes.blob, seq])
    guard let event = try row?.event() else { return false }
    let about = event.caseID == nil ? "case_id IS NULL AND ?1 IS NULL" : "case_id = ?1"
    for table in ["event", "foreign_event"] {
      let redactions = try Row.fetchCursor(
        db.cachedStatement(
          sql: """
            SELECT * FROM \(table) WHERE \(about) AND kind = 'redact' AND body IS NOT NULL
              AND \(isOwn(table))
            """), arguments: [event.caseID?.bytes.blob])
      while let row = try redactions.next() {
        if try row.event().decoded().targets(.redacts).contains(event.eventID) { return true }
      }
    }
    return false
  }

  /// Takes the words that were taken out of the search indexes off their pages: until an index is merged they stand
  /// there, in order, beside the note that they are gone.
  static func mergeWords(_ db: Database) throws {
    for index in ["fts", "foreign_fts"] { try db.execute(sql: "INSERT INTO \(index)(\(index)) VALUES ('optimize')") }
  }

  /// Removes what an event says, the content that it names, and the mark that it could not be sent.
  private static func takeOut(_ db: Database, _ row: Row) throws {
    let event = try row.event()
    if let named = try dropBody(db, rowID: row.int("id"), event) { try dropContents(db, [named]) }
    try db.cachedStatement(sql: "DELETE FROM wedge WHERE event_id = ?").execute(arguments: [event.eventID.bytes.blob])
  }

  /// What goes in a purge. Everything else says something of a case, or decides what of it stands, or is of a later
  /// version and may do so.
  private static let purged = "'session.start', 'session.end', 'seen', 'reveal', 'view', 'probe'"

  /// Removes bodies that the collector has archived and that are older than a moment; links stay. Statements and
  /// what decides between them stay, and so does what those in force were made on, and a body that the collector did not
  /// take: its backup has only the hash. A view whose content is not proved to be in the backup stays as well. Returns
  /// how many went.
  @discardableResult
  public func prune(_ id: StreamID, before moment: Timestamp) throws(LedgerError) -> Int {
    try write { db in
      let stream = try Ledger.stream(db, id)
      let rows = try Row.fetchAll(
        db,
        sql: """
          SELECT * FROM event WHERE stream = ? AND seq <= ? AND at < ? AND body IS NOT NULL
          AND kind IN (\(Ledger.purged))
          AND event_id NOT IN (SELECT seen FROM judgement_now WHERE seen IS NOT NULL)
          AND event_id NOT IN (SELECT event_id FROM wedge)
          """, arguments: [id.bytes.blob, stream.safe.seq, moment.column])
      let archived = try Ledger.archivedRow(db, stream)
      let needed = try Ledger.viewsOfUnnamed(db)
      var count = 0
      var named: Set<Hash> = []
      // Whose answer was looked at stays known: nobody is asked for it blind.
      try db.execute(
        sql: """
          INSERT OR IGNORE INTO shown SELECT case_id FROM event
          WHERE stream = ? AND at < ? AND case_id IS NOT NULL AND \(Ledger.tellsAnswer)
          """, arguments: [id.bytes.blob, moment.column])
      for row in rows {
        let event = try row.event()
        if needed.contains(event.eventID) { continue }
        if let hash = event.namedContent, try !Ledger.isArchived(db, hash, in: id, by: archived) { continue }
        if let hash = try Ledger.dropBody(db, rowID: row.int("id"), event) { named.insert(hash) }
        count += 1
      }
      try Ledger.dropContents(db, named)
      return count
    }
  }

  /// Views of what stands that the projection does not name: of what a redo brought back, and of the versions between which
  /// the analyst has not chosen.
  private static func viewsOfUnnamed(_ db: Database) throws -> Set<EventID> {
    var views: Set<EventID> = []
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT * FROM judgement_now
        WHERE own = 1 AND (seen IS NULL OR length(alternatives) > 0 OR length(alike) > 0)
        """)
    while let row = try rows.next() {
      let standing = try Standing(row)
      for id in standing.eventIDs {
        if let seen = try seen(db, behind: id) { views.insert(seen.eventID) }
      }
    }
    return views
  }

  /// The row of the last event that is proved to be in the collector's backup; 0 where none is.
  private static func archivedRow(_ db: Database, _ stream: LedgerStream) throws -> Int {
    try Int.fetchOne(
      db, sql: "SELECT id FROM event WHERE stream = ? AND seq = ?",
      arguments: [stream.id.bytes.blob, stream.safe.seq]) ?? 0
  }

  /// Whether a content is in the backup: an event is that was saved after the collector had the content. Contents have no
  /// marks of their own, but what arrived first is in every backup that has what arrived later. No clock is asked.
  private static func isArchived(_ db: Database, _ hash: Hash, in stream: StreamID, by archived: Int) throws -> Bool {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT sent_after FROM attachment WHERE sha256 = ? AND stream = ?"),
      arguments: [hash.bytes.blob, stream.bytes.blob])
    // Only the hash was to be kept: there is no content.
    guard let row else { return true }
    return row.optionalInt("sent_after").map { $0 < archived } ?? false
  }

  /// Empties an event; the content that it named, which nobody may name any more.
  private static func dropBody(_ db: Database, rowID: Int, _ event: Event) throws -> Hash? {
    if let body = try? event.decoded() {
      let words = SearchText.of(body)
      if !words.isEmpty {
        try db.execute(
          sql: "INSERT INTO fts(fts, rowid, text) VALUES ('delete', ?, ?)", arguments: [rowID, words])
      }
    }
    try Schema.withoutGuards(db) {
      try db.execute(sql: "UPDATE event SET body = NULL WHERE id = ?", arguments: [rowID])
    }
    return event.namedContent
  }

  /// Removes contents that no event names any more: another view of the same record keeps it, for the stream that it is in.
  private static func dropContents(_ db: Database, _ hashes: Set<Hash>) throws {
    guard !hashes.isEmpty else { return }
    var naming: [Hash: Set<StreamID>] = [:]
    let rows = try Row.fetchCursor(
      db,
      sql: """
        SELECT stream, \(namedContent(of: "body")) AS sha256 FROM event WHERE kind = 'seen' AND body IS NOT NULL
        """)
    while let row = try rows.next() {
      guard let text = String.fromDatabaseValue(row["sha256"]), let hash = Hash(hex: text), hashes.contains(hash) else {
        continue
      }
      naming[hash, default: []].insert(try row.streamID("stream"))
    }
    for hash in hashes {
      let streams = naming[hash] ?? []
      if streams.isEmpty {
        try db.execute(sql: "DELETE FROM blob WHERE sha256 = ?", arguments: [hash.bytes.blob])
      }
      let attached = try Row.fetchAll(
        db, sql: "SELECT stream FROM attachment WHERE sha256 = ?", arguments: [hash.bytes.blob])
      for stream in try attached.map({ try $0.streamID("stream") }) where !streams.contains(stream) {
        try db.execute(
          sql: "DELETE FROM attachment WHERE sha256 = ? AND stream = ?",
          arguments: [hash.bytes.blob, stream.bytes.blob])
      }
    }
  }
}

extension Event {
  /// The content that a view names, which is sent beside it: one that is withheld is not.
  fileprivate var namedContent: Hash? {
    guard kind == .seen, let body = try? decoded(), case .seen(let seen) = body.payload else { return nil }
    return seen.record.follows
  }
}
