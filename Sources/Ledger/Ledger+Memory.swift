public import Domain
public import Feedback
internal import GRDB

/// What is remembered for convenience and never sent.
extension Ledger {
  /// Inputs of one model that are recalled.
  private static let inputDepth = 20

  /// Remembers the values of a record that was sent to a model; the same values again come to the top.
  public func rememberInput(
    _ values: [FieldValue], model: ModelID, context: RawText, at now: Timestamp
  ) throws(LedgerError) {
    try write { db in
      let body = try CanonicalJSON.bytes(of: .array(values.map(\.json))).blob
      let key: StatementArguments = [context.blob, model.name.blob]
      try db.cachedStatement(sql: "DELETE FROM input_ WHERE context = ? AND model = ? AND body = ?").execute(
        arguments: key + [body])
      try db.cachedStatement(sql: "INSERT INTO input_(context, model, body, at) VALUES (?, ?, ?, ?)").execute(
        arguments: key + [body, now.microseconds])
      try db.cachedStatement(
        sql: """
          DELETE FROM input_ WHERE context = ? AND model = ? AND id NOT IN
          (SELECT id FROM input_ WHERE context = ? AND model = ? ORDER BY at DESC, id DESC LIMIT ?)
          """
      ).execute(arguments: key + key + [Ledger.inputDepth])
    }
  }

  /// The last inputs of a model, the newest first.
  public func inputs(
    of model: ModelID, context: RawText
  ) throws(LedgerError) -> [(at: Timestamp, values: [FieldValue])] {
    try read { db in
      try Row.fetchAll(
        db.cachedStatement(
          sql: "SELECT at, body FROM input_ WHERE context = ? AND model = ? ORDER BY at DESC, id DESC"),
        arguments: [context.blob, model.name.blob]
      ).compactMap { row in
        // One that cannot be read any more is not offered again.
        guard let values = try? (CanonicalJSON.parse(row.bytes("body")).array ?? []).map({ try FieldValue(json: $0) })
        else { return nil }
        return (row.time("at"), values)
      }
    }
  }

  /// Remembers what models a context listed, for when its service cannot be reached.
  public func rememberModels(_ models: [Model], context: RawText, at now: Timestamp) throws(LedgerError) {
    try write { db in
      try db.cachedStatement(sql: "INSERT OR REPLACE INTO models(context, at, body) VALUES (?, ?, ?)").execute(
        arguments: [
          context.blob, now.microseconds, try CanonicalJSON.bytes(of: .array(models.map(\.json))).blob,
        ])
    }
  }

  /// The models that a context listed last, and when; nil where it never did, or where that cannot be read any more: the
  /// service says it again.
  public func models(context: RawText) throws(LedgerError) -> (at: Timestamp, models: [Model])? {
    try read { db in
      guard
        let row = try Row.fetchOne(
          db.cachedStatement(sql: "SELECT at, body FROM models WHERE context = ?"), arguments: [context.blob])
      else { return nil }
      guard let models = try? Ledger.models(in: row.bytes("body")) else { return nil }
      return (row.time("at"), models)
    }
  }

  static func models(in body: [UInt8]) throws -> [Model] {
    try (CanonicalJSON.parse(body).array ?? []).map { try Model(json: $0) }
  }

  /// A value under a name of one's own, such as a collector's cursor or the newest exchange; nil forgets it.
  public func set(_ value: JSON?, for key: String) throws(LedgerError) {
    try write { db in try Ledger.set(db, value, for: key) }
  }

  static func set(_ db: Database, _ value: JSON?, for key: String) throws {
    guard let value else {
      try db.cachedStatement(sql: "DELETE FROM meta WHERE key = ?").execute(arguments: [key])
      return
    }
    try db.cachedStatement(sql: "INSERT OR REPLACE INTO meta(key, value) VALUES (?, ?)").execute(arguments: [
      key, try CanonicalJSON.bytes(of: value).blob,
    ])
  }

  /// The value under a name; nil also where it cannot be read any more. What is remembered so is said again by whoever
  /// said it, and is never what keeps judgements from being read.
  public func value(for key: String) throws(LedgerError) -> JSON? {
    try read { db in try Ledger.value(db, for: key) }
  }

  static func value(_ db: Database, for key: String) throws -> JSON? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT value FROM meta WHERE key = ?"), arguments: [key])
      .flatMap { try? CanonicalJSON.parse($0.bytes("value")) }
  }

  /// Keeps bytes under their SHA-256, such as a record too large for an event.
  @discardableResult
  public func putBlob(_ bytes: [UInt8]) throws(LedgerError) -> Hash {
    let hash = Hash.of(bytes)
    try write { db in
      try db.cachedStatement(sql: "INSERT INTO blob(sha256, data) VALUES (?, ?) ON CONFLICT(sha256) DO NOTHING")
        .execute(arguments: [hash.bytes.blob, bytes.blob])
    }
    return hash
  }

  /// The bytes under a SHA-256; nil where there are none.
  public func blob(_ hash: Hash) throws(LedgerError) -> [UInt8]? {
    try read { db in try Ledger.blob(db, hash) }
  }

  static func blob(_ db: Database, _ hash: Hash) throws -> [UInt8]? {
    try Row.fetchOne(db.cachedStatement(sql: "SELECT data FROM blob WHERE sha256 = ?"), arguments: [hash.bytes.blob])
      .map { $0.bytes("data") }
  }
}
