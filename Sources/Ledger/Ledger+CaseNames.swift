public import Domain
internal import Feedback
internal import GRDB

extension Ledger {
  /// Whether the cases of a context are known by the service's name.
  public func namesCases(of context: RawText, for service: RawText) throws(LedgerError) -> Bool {
    try value(for: Ledger.serviceKey(of: context))?.text ?? context == service
  }

  /// Lets the cases of a context be known by the service's name, so that they are the same cases as at others who call it
  /// so. A case that somebody said something of, or began to, keeps the identity that this was said of.
  ///
  /// Throws `inUse` where another program has the ledger open: it may have the cases on its screen. Gives how many cases
  /// have another identity now.
  @discardableResult
  public static func nameCases(
    at path: String, of context: RawText, for service: RawText
  ) throws(LedgerError) -> Int {
    try alone(with: path) { db in
      let key = serviceKey(of: context)
      let known = try Row.fetchOne(db, sql: "SELECT value FROM meta WHERE key = ?", arguments: [key])
      let former = try known.flatMap { try CanonicalJSON.parse($0.bytes("value")).text } ?? context
      let count = try renameCases(db, of: context, from: former, to: service)
      try db.execute(
        sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)",
        arguments: [key, try CanonicalJSON.bytes(of: .string(service)).blob])
      return count
    }
  }

  private static func serviceKey(of context: RawText) -> String { "service of cases in \(context.string)" }

  private static func renameCases(
    _ db: Database, of context: RawText, from former: RawText, to service: RawText
  ) throws -> Int {
    try db.execute(sql: "CREATE TEMP TABLE renamed(old BLOB PRIMARY KEY, new BLOB NOT NULL) WITHOUT ROWID")
    defer { try? db.execute(sql: "DROP TABLE renamed") }
    let untouched = try Row.fetchCursor(
      db,
      sql: """
        SELECT id, record_id, model, version FROM case_ c WHERE context = ?
          AND NOT EXISTS (SELECT 1 FROM event WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM foreign_event WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM remains WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM draft WHERE case_id = c.id)
        """, arguments: [context.blob])
    var count = 0
    let isThere = try db.makeStatement(sql: "SELECT 1 FROM case_ WHERE id = ?")
    while let row = try untouched.next() {
      guard let record = ShortHash(bytes: row.bytes("record_id")) else { continue }
      let model = ModelID(row.raw("model"), version: row.optionalRaw("version"))
      let old = CaseIdentity.of(record: record, service: former, model: model)
      let new = CaseIdentity.of(record: record, service: service, model: model)
      guard old.bytes == row.bytes("id"), try Row.fetchOne(isThere, arguments: [new.bytes.blob]) == nil else {
        continue
      }
      try db.cachedStatement(sql: "INSERT INTO renamed VALUES (?, ?)").execute(
        arguments: [old.bytes.blob, new.bytes.blob])
      count += 1
    }
    guard count > 0 else { return 0 }
    try db.execute(sql: "UPDATE case_ SET id = new FROM renamed WHERE id = old")
    for table in ["queue_item", "taken_item", "shown"] {
      try db.execute(sql: "UPDATE \(table) SET case_id = new FROM renamed WHERE case_id = old")
    }
    return count
  }

  /// A case under the identity that it has in this ledger: by the service's name, or by the context's where it is kept
  /// under that still, or where another context has a case by the service's.
  static func named(_ db: Database, _ item: Case, service: RawText, context: RawText) throws -> Case {
    guard service != context else { return item }
    let holder = try db.cachedStatement(sql: "SELECT context FROM case_ WHERE id = ?")
    let owner = try Row.fetchOne(holder, arguments: [item.id.bytes.blob])?.raw("context")
    guard owner != context else { return item }
    var former = item
    former.id = CaseIdentity.of(record: item.recordID, service: context, model: item.model)
    let isKept = try Row.fetchOne(holder, arguments: [former.id.bytes.blob]) != nil
    return isKept || owner != nil ? former : item
  }
}
