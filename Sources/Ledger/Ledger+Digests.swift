internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB

/// What a row was when it was written, as one hash beside it: no event covers a case or an item of an inbox, and its
/// identity is by the source's own id where there is one, not by what it says.
enum RowDigest {
  /// All of a case that does not follow from other tables; also what is worked out from its body, because lists and
  /// queues go by that.
  static let caseColumns = [
    "id", "record_id", "at", "context", "service", "source_id", "model", "version", "label", "probability", "lead",
    "uncertainty", "outlyingness", "is_outlier", "body", "route",
  ]
  /// When it was answered is told by events.
  static let inboxColumns = ["id", "context", "kind", "name", "body", "published_at", "received_at"]

  /// Over the type, the length and the bytes of each value, so that none can lend bytes to the next.
  static func of(_ values: [DatabaseValue]) -> Hash {
    var bytes: [UInt8] = []
    for value in values {
      switch value.storage {
      case .null: bytes.append(0)
      case .int64(let number): bytes += [1] + bigEndian(UInt64(bitPattern: number))
      case .double(let number):
        // SQLite keeps one zero, and no number that is none.
        bytes += number.isNaN ? [0] : [2] + bigEndian((number == 0 ? 0 : number).bitPattern)
      case .string(let text): append(text.utf8, tag: 3, to: &bytes)
      case .blob(let data): append(data, tag: 4, to: &bytes)
      }
    }
    return Hash.of(bytes)
  }

  private static func append(_ part: some Collection<UInt8>, tag: UInt8, to bytes: inout [UInt8]) {
    bytes.append(tag)
    bytes += bigEndian(UInt64(part.count))
    bytes.append(contentsOf: part)
  }

  private static func bigEndian(_ value: UInt64) -> [UInt8] {
    stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) }
  }

  static func of(_ row: Row, _ columns: [String]) -> Hash { of(columns.map { row[$0] as DatabaseValue }) }

  /// Whether the row is what it was when it was written.
  static func holds(_ row: Row, _ columns: [String]) -> Bool { of(row, columns).bytes == row.bytes("digest") }
}

extension Ledger {
  /// The first case that is not what was kept of it.
  static func caseFault(_ db: Database) throws -> String? {
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM case_ ORDER BY number")
    while let row = try rows.next() {
      if RowDigest.holds(row, RowDigest.caseColumns) { continue }
      let name = ShortHash(bytes: row.bytes("id")).map { "\(row.int("number")) \($0.short)" } ?? "\(row.int("number"))"
      return "case \(name) was altered: it is not what was kept of it"
    }
    return nil
  }

  /// The first item of an inbox that is not what came.
  static func inboxFault(_ db: Database) throws -> String? {
    let rows = try Row.fetchCursor(db, sql: "SELECT * FROM inbox")
    while let row = try rows.next() {
      if RowDigest.holds(row, RowDigest.inboxColumns) { continue }
      return "\(row.raw("kind").string) \(row.raw("id").string) of the inbox was altered: it is not what came"
    }
    return nil
  }

  /// Throws where a case is not what was kept of it: nobody is to judge what somebody else wrote into the file.
  static func refuseAltered(_ db: Database, _ id: ShortHash) throws {
    let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM case_ WHERE id = ?"), arguments: [id.bytes.blob])
    if let row, !RowDigest.holds(row, RowDigest.caseColumns) { throw LedgerError.altered(case: row.int("number")) }
  }

  /// Keeps the digests of cases whose row was changed without one. Row by row: there may be a million.
  static func digestCases(_ db: Database) throws {
    var last = Int.min
    while let row = try Row.fetchOne(
      db.cachedStatement(sql: "SELECT * FROM case_ WHERE number > ? AND digest = x'' ORDER BY number LIMIT 1"),
      arguments: [last])
    {
      last = row.int("number")
      try db.cachedStatement(sql: "UPDATE case_ SET digest = ? WHERE number = ?").execute(arguments: [
        RowDigest.of(row, RowDigest.caseColumns).bytes.blob, last,
      ])
    }
  }

  /// The same of the items of inboxes that versions of before kept.
  static func digestInbox(_ db: Database) throws {
    for key in try Row.fetchAll(db, sql: "SELECT id, context FROM inbox") {
      let arguments: StatementArguments = [key.bytes("id").blob, key.bytes("context").blob]
      let row = try Row.fetchOne(
        db.cachedStatement(sql: "SELECT * FROM inbox WHERE id = ? AND context = ?"), arguments: arguments)
      guard let row else { continue }
      try db.cachedStatement(sql: "UPDATE inbox SET digest = ? WHERE id = ? AND context = ?").execute(
        arguments: [RowDigest.of(row, RowDigest.inboxColumns).bytes.blob] + arguments)
    }
  }
}
