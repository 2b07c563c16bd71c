public import Domain
public import Feedback
internal import GRDB

/// The events of a ledger as they stood at one moment.
public struct LedgerEvents {
  let db: Database

  /// Hands over the analyst's events of a context in the order they were saved, then what they saved on other devices
  /// as it came, and colleagues' among it where wanted. Memory does not grow with the ledger.
  public func forEach(
    context: RawText? = nil, withColleagues: Bool = false, since moment: Timestamp? = nil,
    _ body: (Event) throws -> Void
  ) throws {
    let from = moment?.column ?? ""
    try walk(
      """
      SELECT e.* FROM event e JOIN stream s ON s.id = e.stream WHERE (? IS NULL OR s.context = ?) AND e.at >= ?
      ORDER BY e.id
      """, [context?.blob, context?.blob, from], body)
    try walk(
      """
      SELECT * FROM foreign_event f WHERE (?1 IS NULL OR \(Ledger.isForeign("f", in: "?1"))) AND at >= ?2
      \(withColleagues ? "" : "AND \(Ledger.isOwn("f"))") ORDER BY id
      """, [context?.blob, from], body)
  }

  func walk(_ sql: String, _ arguments: StatementArguments, _ body: (Event) throws -> Void) throws {
    let rows = try Row.fetchCursor(db, sql: sql, arguments: arguments)
    while let row = try rows.next() { try body(try row.event()) }
  }

  /// Whether anything came from colleagues.
  public func hasColleagues() throws -> Bool {
    try Bool.fetchOne(db, sql: "SELECT EXISTS (SELECT 1 FROM foreign_event f WHERE NOT \(Ledger.isOwn("f")))") ?? false
  }

  /// The event with this identity, one's own or a colleague's; nil where there is none.
  public func event(_ id: EventID) throws -> Event? { try Ledger.event(db, id) }

  /// Events whose identity begins with these hexadecimal digits, the oldest first.
  public func events(beginningWith digits: String, limit: Int) throws -> [Event] {
    var events: [Event] = []
    for table in ["event", "foreign_event"] where events.count < limit {
      events += try Row.fetchAll(
        db.cachedStatement(sql: "SELECT * FROM \(table) WHERE substr(hex(event_id), 1, ?) = ? ORDER BY id LIMIT ?"),
        arguments: [digits.utf8.count, digits.uppercased(), limit - events.count]
      ).map { try $0.event() }
    }
    return events
  }

  /// The content with this hash; nil where it is not here.
  public func content(of hash: Hash) throws -> [UInt8]? { try Ledger.blob(db, hash) }

  /// What was said of a case, taken back and removed, by the analyst and by colleagues.
  public func statements(about caseID: ShortHash) throws -> [Event] { try Ledger.statements(db, about: caseID) }

  /// What a collector told of statements on a case that were redacted there.
  public func remains(about caseID: ShortHash) throws -> [EventID: Remains] { try Ledger.remains(db, about: caseID) }
}

extension Ledger {
  /// One consistent view of the events for as long as `body` runs; it must not call the ledger.
  public func withEvents<Result>(_ body: (LedgerEvents) throws -> Result) throws(LedgerError) -> Result {
    try read { db in try body(LedgerEvents(db: db)) }
  }

  /// The same on a connection of its own, which no other read waits for, and which a cancellation interrupts.
  func study<Result>(
    _ cancellation: Cancellation, _ body: (LedgerEvents) throws -> Result
  ) throws(LedgerError) -> Result {
    do {
      let connection = try DatabaseQueue(path: path, configuration: Ledger.reading)
      cancellation.watch(connection)
      defer {
        cancellation.watch(nil)
        try? connection.close()
      }
      return try connection.read { db in try body(LedgerEvents(db: db)) }
    } catch {
      throw LedgerError(reading: error)
    }
  }
}
