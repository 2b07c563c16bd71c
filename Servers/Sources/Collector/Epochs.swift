internal import Domain
internal import GRDB
internal import SyncProtocol

/// The collector's epochs: one more after each restore, with the last row that the backup held.
enum Epochs {
  static func current(_ db: Database) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT max(epoch) FROM epoch")) ?? 1
  }

  static func lastRow(_ db: Database) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT coalesce(max(lsn), 0) FROM log")) ?? 0
  }

  /// Begins a new epoch above this one; readers of the log go back to the last row of today.
  static func advance(_ db: Database, beyond epoch: Int) throws {
    try db.cachedStatement(sql: "INSERT INTO epoch(epoch, first_lsn, at) VALUES (?, ?, ?)").execute(arguments: [
      max(epoch, try current(db)) + 1, try lastRow(db), Timestamp.now.description,
    ])
  }

  /// Where to read on: a cursor from before a restore goes back to what the restored backup held.
  static func row(after cursor: LogCursor, _ db: Database) throws -> Int {
    let first = try Int.fetchOne(
      db.cachedStatement(sql: "SELECT min(first_lsn) FROM epoch WHERE epoch > ?"), arguments: [max(cursor.epoch, 1)])
    return min(cursor.number, first ?? cursor.number)
  }
}
