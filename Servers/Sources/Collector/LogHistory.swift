internal import Domain
internal import Feedback
internal import SyncProtocol

/// The log as one transaction sees it, for the rules. A clash that the rules do not foresee throws, and the whole
/// transaction goes.
struct LogHistory: CollectorHistory {
  let db: any Transaction
  let token: TokenRecord
  let now: String
  private let sealed: [Int]
  /// What was taken in and asks that the words of another event go.
  private(set) var redactions: [OfferedEvent] = []
  /// What was taken in, where something was to go before it came.
  private(set) var awaited: [EventID] = []
  private let isAnyAwaited: Bool

  init(db: any Transaction, token: TokenRecord, now: String) throws {
    sealed = try RowSeal.places(in: LogHistory.columns)
    self.db = db
    self.token = token
    self.now = now
    isAnyAwaited = try Redaction.isAwaited(from: token.analyst, db)
  }

  func head(of stream: StreamID) throws -> Position { try LogHistory.head(of: stream, db) }

  static func head(of stream: StreamID, _ db: any Transaction) throws -> Position {
    let row = try db.row(
      "SELECT seq, hash FROM log WHERE stream = ? ORDER BY seq DESC LIMIT 1", [.bytes(stream.bytes)])
    guard let row else { return .empty }
    guard let hash = try row.hash("hash") else { throw CollectorError.damagedRow(0) }
    return Position(seq: try row.integer("seq"), hash: hash)
  }

  func hash(at seq: Int, of stream: StreamID) throws -> Hash? {
    try db.row("SELECT hash FROM log WHERE stream = ? AND seq = ?", [.bytes(stream.bytes), SQLValue(seq)])?.hash("hash")
  }

  func quarantine(at seq: Int, of stream: StreamID) throws -> IntakeNote.Quarantine? {
    let row = try db.row(
      "SELECT quarantine, alias_of FROM log WHERE stream = ? AND seq = ?", [.bytes(stream.bytes), SQLValue(seq)])
    let quarantine = try row?.optionalText("quarantine").flatMap { IntakeNote.Quarantine(rawValue: $0) }
    return try quarantine == .withheld && row?.optionalInteger("alias_of") != nil ? nil : quarantine
  }

  mutating func insert(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws -> Bool {
    let isNew =
      try db.run(
        LogHistory.insertion + " ON CONFLICT(event_id) WHERE alias_of IS NULL DO NOTHING",
        values(event, stream, note, alias: nil)) == 1
    if isNew { remember(event, note) }
    return isNew
  }

  private mutating func remember(_ event: OfferedEvent, _ note: IntakeNote) {
    if isAnyAwaited { awaited.append(event.eventID) }
    if note.copies?.kind == .redact, note.quarantine == nil, event.body != nil { redactions.append(event) }
  }

  func held(under eventID: EventID) throws -> [HeldEvent] {
    let original = try originalNumber(of: eventID)
    let columns = "leaf, CASE WHEN body IS NULL THEN 0 ELSE 1 END AS has_body, quarantine, analyst, recorded_analyst"
    let rows =
      try db.rows("SELECT \(columns) FROM log WHERE lsn = ?", [.integer(original)])
      + db.rows("SELECT \(columns) FROM log WHERE alias_of = ? ORDER BY lsn", [.integer(original)])
    return try rows.map { row in
      guard let leaf = try row.hash("leaf") else { throw CollectorError.damagedRow(original) }
      let quarantine = try row.optionalText("quarantine") ?? ""
      let isRedacted = quarantine == Redaction.mark
      let isOwn = try row.text("analyst") == token.analyst
      // What another analyst took out of a row that was set aside is no word of whose event it is; what researchers did is.
      let isForeign = try isRedacted && !isOwn && Redaction.isForeign(row, db)
      return HeldEvent(
        leaf: leaf, hasBody: try row.integer("has_body") == 1, isRedacted: isRedacted,
        isSetAside: isRedacted ? isForeign : !quarantine.isEmpty,
        isKeptAway: try isForeign && Redaction.isForEverybody(eventID, db), isOwn: isOwn)
    }
  }

  mutating func insertAlias(_ event: OfferedEvent, into stream: StreamID, note: IntakeNote) throws {
    try db.run(LogHistory.insertion, values(event, stream, note, alias: originalNumber(of: event.eventID)))
    remember(event, note)
  }

  private func originalNumber(of eventID: EventID) throws -> Int64 {
    let row = try db.row("SELECT lsn FROM log WHERE event_id = ? AND alias_of IS NULL", [.bytes(eventID.bytes)])
    guard let row else { throw CollectorError.damagedRow(0) }
    return try row.integer64("lsn")
  }

  /// The number is the next one after the last that this transaction sees: whoever sees a row has seen all before it.
  private static let insertion = """
    INSERT INTO log(lsn, stream, seq, event_id, alias_of, prev, leaf, hash, body, quarantine, kind, at,
      recorded_analyst, case_id, analyst, token, received_at, seal)
    VALUES ((SELECT coalesce(max(lsn), 0) + 1 FROM log), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
    """

  private static let columns = [
    "stream", "seq", "event_id", "alias_of", "prev", "leaf", "hash", "body", "quarantine", "kind", "at",
    "recorded_analyst", "case_id", "analyst", "token", "received_at",
  ]

  private func values(_ event: OfferedEvent, _ stream: StreamID, _ note: IntakeNote, alias: Int64?) -> [SQLValue] {
    let copies = note.copies
    let values: [SQLValue] = [
      .bytes(stream.bytes), SQLValue(event.seq), .bytes(event.eventID.bytes), SQLValue(alias),
      .bytes(event.prev.bytes), .bytes(event.leaf.bytes), .bytes(event.hash.bytes), SQLValue(event.body),
      SQLValue(note.quarantine?.rawValue), copies.map { .kept($0.kind.rawValue) } ?? .null,
      SQLValue(copies?.at.description),
      copies.map { .kept($0.analyst.string) } ?? .null, SQLValue(copies?.caseID?.bytes), .text(token.analyst),
      .integer(token.id),
      .text(now),
    ]
    return values + [SQLValue(RowSeal.of(values, at: sealed).bytes)]
  }
}
