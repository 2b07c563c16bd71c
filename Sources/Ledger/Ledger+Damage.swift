internal import Domain
internal import Feedback
internal import GRDB

/// What is kept beside the events for convenience, where it cannot be read any more: it counts as not there.
extension Ledger {
  /// Whether something is kept under a name that cannot be read.
  public func isDamaged(_ key: String) throws(LedgerError) -> Bool {
    try read { db in
      try Row.fetchOne(db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
        .map { (try? CanonicalJSON.parse($0.bytes("value"))) == nil } ?? false
    }
  }

  /// What of that cannot be read, and what becomes of it, a line each.
  static func unreadable(_ db: Database) throws -> [String] {
    var lines: [String] = []
    func count(_ table: String, _ words: String, _ isReadable: (Row) -> Bool) throws {
      var count = 0
      let rows = try Row.fetchCursor(db, sql: "SELECT * FROM \(table)")
      while let row = try rows.next() { count += isReadable(row) ? 0 : 1 }
      if count > 0 { lines.append("\(count) \(words)") }
    }
    for row in try Row.fetchAll(db, sql: "SELECT context, body FROM models ORDER BY context")
    where (try? models(in: row.bytes("body"))) == nil {
      lines.append(
        "what the service of \(row.raw("context").string) said of its models cannot be read: it is asked again")
    }
    for row in try Row.fetchAll(db, sql: "SELECT key, value FROM meta ORDER BY key")
    where (try? CanonicalJSON.parse(row.bytes("value"))) == nil {
      lines.append("what was noted under \"\(row.string("key"))\" cannot be read, and counts as never noted")
    }
    for row in try Row.fetchAll(db, sql: "SELECT name, body FROM taken_queue ORDER BY taken_at, id")
    where (try? PublishedQueue(bytes: row.bytes("body"))) == nil {
      lines.append("the queue \(row.raw("name").string) cannot be read, and is to be taken again")
    }
    try count("window_", "drift windows cannot be read, and are compared anew") {
      (try? Window(bytes: $0.bytes("body"))) != nil
    }
    try count("input_", "inputs of Infer cannot be read, and are not offered again") {
      (try? (CanonicalJSON.parse($0.bytes("body")).array ?? []).map { try FieldValue(json: $0) }) != nil
    }
    return lines
  }

  /// The first draft that cannot be read: words that were typed are lost with it.
  static func draftFault(_ db: Database) throws -> String? {
    try damagedDrafts(db).first.map { "what was begun on case \($0) cannot be read" }
  }
}
