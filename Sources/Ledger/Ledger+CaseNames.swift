public import Domain
internal import Feedback
internal import GRDB

extension Ledger {
  /// What the service of a context's cases was called so far, the newest name last; the context's name where it never had
  /// another.
  public func serviceNames(of context: RawText) throws(LedgerError) -> [RawText] {
    try read { db in try Ledger.serviceNames(db, of: context) }
  }

  static func serviceNames(_ db: Database, of context: RawText) throws -> [RawText] {
    let names = try value(db, for: serviceKey(of: context))?.array ?? []
    return names.isEmpty ? [context] : names.compactMap(\.text)
  }

  /// Lets the cases of a context be known by the service's name, so that they are the same cases as at others who call it
  /// so. A case that somebody said something of, began to or asks about keeps the identity that this was said of.
  ///
  /// Throws `inUse` where another program has the ledger open: it may have the cases on its screen. Gives how many cases
  /// have another identity now.
  @discardableResult
  public static func nameCases(
    at path: String, of context: RawText, for service: RawText
  ) throws(LedgerError) -> Int {
    try alone(with: path) { db in
      let names = try serviceNames(db, of: context)
      let count = try renameCases(db, of: context, from: names.last ?? context, to: service)
      let now = names.filter { $0 != service } + [service]
      try set(db, .array(now.map { .string($0) }), for: serviceKey(of: context))
      return count
    }
  }

  private static func serviceKey(of context: RawText) -> String { "services of cases in \(context.string)" }

  /// The cases that a question or a decision of the researchers' names.
  private static func casesOfInbox(_ db: Database) throws -> Set<ShortHash> {
    var cases: Set<ShortHash> = []
    for row in try Row.fetchAll(
      db, sql: "SELECT kind, body FROM inbox WHERE kind IN (?, ?)",
      arguments: [
        InboxKind.question.text.blob, InboxKind.adjudication.text.blob,
      ])
    {
      let body = row.bytes("body")
      if row.raw("kind") == InboxKind.question.text {
        if let id = (try? Question(bytes: body))?.caseID { cases.insert(id) }
      } else if let id = (try? Adjudication(bytes: body))?.caseID {
        cases.insert(id)
      }
    }
    return cases
  }

  private static func renameCases(
    _ db: Database, of context: RawText, from former: RawText, to service: RawText
  ) throws -> Int {
    try db.execute(sql: "CREATE TEMP TABLE renamed(old BLOB PRIMARY KEY, new BLOB NOT NULL) WITHOUT ROWID")
    defer { try? db.execute(sql: "DROP TABLE renamed") }
    let untouched = try Row.fetchCursor(
      db,
      sql: """
        SELECT * FROM case_ c WHERE context = ?
          AND NOT EXISTS (SELECT 1 FROM event WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM foreign_event WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM remains WHERE case_id = c.id)
          AND NOT EXISTS (SELECT 1 FROM draft WHERE case_id = c.id)
        """, arguments: [context.blob])
    var count = 0
    let asked = try casesOfInbox(db)
    let isThere = try db.makeStatement(sql: "SELECT 1 FROM case_ WHERE id = ?")
    while let row = try untouched.next() {
      guard let record = ShortHash(bytes: row.bytes("record_id")) else { continue }
      let model = ModelID(row.raw("model"), version: row.optionalRaw("version"))
      let old = CaseIdentity.of(record: record, service: former, model: model)
      let new = CaseIdentity.of(record: record, service: service, model: model)
      // One that was altered stays found: under another name it would count as what was kept.
      guard old.bytes == row.bytes("id"), !asked.contains(old), RowDigest.holds(row, RowDigest.caseColumns),
        try Row.fetchOne(isThere, arguments: [new.bytes.blob]) == nil
      else {
        continue
      }
      try db.cachedStatement(sql: "INSERT INTO renamed VALUES (?, ?)").execute(
        arguments: [old.bytes.blob, new.bytes.blob])
      count += 1
    }
    guard count > 0 else { return 0 }
    try db.execute(sql: "UPDATE case_ SET id = new, digest = x'' FROM renamed WHERE id = old")
    try digestCases(db)
    for table in ["queue_item", "taken_item", "shown"] {
      try db.execute(sql: "UPDATE \(table) SET case_id = new FROM renamed WHERE case_id = old")
    }
    return count
  }

  /// A case under the identity that it has in this ledger: by the service's name, or by a former one where it is kept under
  /// that still, or by the context's where another context has a case by the service's. `names` are those of the context.
  static func named(
    _ db: Database, _ item: Case, service: RawText, context: RawText, among names: [RawText]
  ) throws -> Case {
    let former = names.filter { $0 != service } + (service == context || names.contains(context) ? [] : [context])
    guard !former.isEmpty else { return item }
    let holder = try db.cachedStatement(sql: "SELECT context FROM case_ WHERE id = ?")
    let owner = try Row.fetchOne(holder, arguments: [item.id.bytes.blob])?.raw("context")
    guard owner != context else { return item }
    var other = item
    for name in former.reversed() {
      other.id = CaseIdentity.of(record: item.recordID, service: name, model: item.model)
      if try Row.fetchOne(holder, arguments: [other.id.bytes.blob])?.raw("context") == context { return other }
    }
    guard owner != nil else { return item }
    other.id = CaseIdentity.of(record: item.recordID, service: context, model: item.model)
    return other
  }
}
