public import Domain
public import Export
public import Feedback
public import SyncProtocol

/// A collector's log as it stood when this was made, for an export. What was set aside is left out, and an event that
/// came in several streams is met once.
public struct CollectorLog: ExportLog {
  /// What is to be exported; what it refers to is found in any case.
  public struct Part: Hashable, Sendable {
    /// Where an earlier export ended.
    public var after: LogCursor
    /// Only what came in at this time or later.
    public var since: Timestamp?
    /// Also events whose words were removed, without them: a chain has no gap there.
    public var withRedacted: Bool

    public init(after: LogCursor = .start, since: Timestamp? = nil, withRedacted: Bool = false) {
      self.after = after
      self.since = since
      self.withRedacted = withRedacted
    }
  }

  /// Where this export ends and the next can begin.
  public let end: LogCursor
  /// After which row this one begins.
  public var beginning: Int { start }
  let database: CollectorDatabase
  let start: Int
  /// Up to which row the earlier export had come: behind `start` where an epoch has begun since.
  let place: Int
  let since: String
  let page: Int
  private let withRedacted: Bool
  private let decisions: [ShortHash: [Decision]]
  private let queues: [RawText: QueueName]

  public init(_ database: CollectorDatabase, _ part: Part = Part()) throws { try self.init(database, part, page: 200) }

  init(_ database: CollectorDatabase, _ part: Part, page: Int) throws {
    self.database = database
    self.page = page
    since = part.since?.description ?? ""
    place = part.after.number
    withRedacted = part.withRedacted
    (start, end, decisions, queues) = try database.readNow { db in
      let cursor = LogCursor(epoch: try Epochs.current(db), number: try Epochs.lastRow(db))
      guard try !Epochs.isBeyondEnd(part.after, db) else {
        throw CollectorError.beyondEnd(part.after.text, end: cursor.text)
      }
      return (
        try Epochs.row(after: part.after, db), cursor, try PublicationBook.decisions(db),
        try PublicationBook.queueNames(db)
      )
    }
  }

  /// What every question asks for: rows that were there when this was made, and are good.
  static let good = "lsn <= ? AND body IS NOT NULL AND (quarantine IS NULL OR quarantine = '')"

  /// Pages, so that no view of the database stands open while a slow sink takes its time.
  public func forEach(_ body: (ExportEntry) throws -> Void) throws {
    var last = start
    let redacted = "OR lsn <= ? AND quarantine = '\(Redaction.mark)' AND alias_of IS NULL AND kind IS NOT NULL"
    let wanted = "(\(Self.good) \(withRedacted ? redacted : ""))"
    let ends = [SQLValue](repeating: SQLValue(end.number), count: withRedacted ? 2 : 1)
    while true {
      let rows = try database.readNow { db in
        try db.rows(
          "SELECT * FROM log WHERE lsn > ? AND \(wanted) AND received_at >= ? ORDER BY lsn LIMIT ?",
          [SQLValue(last)] + ends + [.text(since), SQLValue(page)])
      }
      for row in rows {
        last = try row.integer("lsn")
        try body(Self.entry(row))
      }
      guard rows.count == page else { return }
    }
  }

  public func event(_ id: EventID) throws -> Event? {
    try database.readNow { db in
      let first = try db.row(
        "SELECT * FROM log WHERE event_id = ? AND alias_of IS NULL AND lsn <= ?",
        [.bytes(id.bytes), SQLValue(end.number)])
      guard let first else { return nil }
      if try first.bytes("body") != nil, try Self.isGood(first) { return try Self.event(first) }
      // The body was withheld at first, or set aside for another analyst, and came with an alias.
      let alias = try db.row(
        "SELECT * FROM log WHERE alias_of = ? AND \(Self.good) ORDER BY lsn LIMIT 1",
        [try first["lsn"], SQLValue(end.number)])
      return try alias.map(Self.event)
    }
  }

  public func judgements(of caseID: ShortHash) throws -> [ExportEntry] {
    try judgements(of: caseID, and: "", []).map(Self.entry)
  }

  /// Of these the ones for which a condition holds.
  func judgements(of caseID: ShortHash, and condition: String, _ values: [SQLValue]) throws -> [StoredRow] {
    try database.readNow { db in
      try db.rows(
        """
        SELECT * FROM log WHERE case_id = ? AND kind IN ('judgement', 'amend') AND \(Self.good) \(condition)
        ORDER BY lsn
        """, [.bytes(caseID.bytes), SQLValue(end.number)] + values)
    }
  }

  public func newestView(of caseID: ShortHash) throws -> Event? {
    try database.readNow { db in
      try db.row(
        "SELECT * FROM log WHERE case_id = ? AND kind = 'seen' AND \(Self.good) ORDER BY lsn DESC LIMIT 1",
        [.bytes(caseID.bytes), SQLValue(end.number)]
      ).map(Self.event)
    }
  }

  public func content(of hash: Hash) throws -> [UInt8]? { try BlobBook(database).content(of: hash) }

  /// Events that change what stands of a case.
  static let statements = "kind IN ('judgement', 'amend', 'retract', 'mark', 'note', 'flag', 'adjudicate', 'redact')"

  public func statements(about caseID: ShortHash) throws -> [Event] { try statements(about: caseID, and: "", []) }

  /// Of these the ones for which a condition holds.
  func statements(about caseID: ShortHash, and condition: String, _ values: [SQLValue]) throws -> [Event] {
    try database.readNow { db in
      try db.rows(
        """
        SELECT * FROM log WHERE case_id = ? AND \(Self.statements)
        AND (\(Self.good) OR lsn <= ? AND quarantine = ?) \(condition) ORDER BY lsn
        """,
        [.bytes(caseID.bytes), SQLValue(end.number), SQLValue(end.number), .text(Redaction.mark)] + values
      ).map(Self.event)
    }
  }

  public func remains(about caseID: ShortHash) throws -> [EventID: Remains] {
    try database.readNow { db in try RemainsBook.remains(about: caseID, db) }
  }

  public func queue(_ id: RawText) throws -> QueueName? { queues[id] }

  public func published(about caseID: ShortHash) throws -> [Decision] { decisions[caseID] ?? [] }

  private static func isGood(_ row: StoredRow) throws -> Bool { try (row.optionalText("quarantine") ?? "").isEmpty }

  static func entry(_ row: StoredRow) throws -> ExportEntry {
    guard let receivedAt = Timestamp(try row.text("received_at")) else {
      throw CollectorError.damagedRow(try row.integer64("lsn"))
    }
    return ExportEntry(try event(row), receivedAt: receivedAt)
  }

  /// The event, in the name of the analyst that its token stood for.
  private static func event(_ row: StoredRow) throws -> Event {
    let entry = try LogReader.entry(row, epoch: 0)
    let caseID = try row.bytes("case_id").flatMap { ShortHash(bytes: $0) }
    guard let kind = try row.optionalText("kind"), let at = try row.optionalText("at").flatMap({ Timestamp($0) }) else {
      throw CollectorError.damagedRow(try row.integer64("lsn"))
    }
    return Event(
      stream: entry.stream, seq: entry.event.seq, eventID: entry.event.eventID, prev: entry.event.prev,
      leaf: entry.event.leaf, hash: entry.event.hash, body: entry.event.body, kind: EventKind(RawText(kind)), at: at,
      analyst: entry.analyst, caseID: caseID)
  }
}
