internal import Domain
internal import SyncProtocol

/// The collector's epochs: a new one after each restore, with the last row that the backup held, and a new one where events
/// that were set aside count after all, with the last row before them.
enum Epochs {
  static func current(_ db: any Transaction) throws -> Int {
    try db.integer("SELECT max(epoch) FROM epoch") ?? 1
  }

  static func lastRow(_ db: any Transaction) throws -> Int {
    try db.integer("SELECT coalesce(max(lsn), 0) FROM log") ?? 0
  }

  /// Begins a new epoch above this one; readers of the log go back to the last row of today, or to an earlier one. Its number
  /// is the second in which it begins, or one more than the last: of a log that was lost nobody can ask which it had, and a
  /// backup that is restored twice must not come to the same one.
  static func advance(
    _ db: any Transaction, beyond epoch: Int = 0, goingBackTo row: Int? = nil, at time: Timestamp = .now
  ) throws {
    let next = max(max(epoch, try current(db)) + 1, Int(time.microseconds / 1_000_000))
    try db.run(
      "INSERT INTO epoch(epoch, first_lsn, at) VALUES (?, ?, ?)",
      [SQLValue(next), SQLValue(try row ?? lastRow(db)), .text(time.description)])
  }

  /// Whether a cursor of this epoch names a row that is not there yet: whoever went on from it would miss those before it. One
  /// of a later epoch is of another log, or of a later state of this one, and nobody knows what it has read.
  static func isBeyondEnd(_ cursor: LogCursor, _ db: any Transaction) throws -> Bool {
    let epoch = try current(db)
    return try cursor.epoch > epoch || (max(cursor.epoch, 1) == epoch && cursor.number > lastRow(db))
  }

  /// Where to read on: a cursor from before a restore goes back to what the restored backup held. One of an epoch that
  /// this log never had comes from a log that was replaced, and nobody knows what the two have in common.
  static func row(after cursor: LogCursor, _ db: any Transaction) throws -> Int {
    let epoch = SQLValue(max(cursor.epoch, 1))
    guard try db.integer("SELECT count(*) FROM epoch WHERE epoch = ?", [epoch]) == 1 else { return 0 }
    let first = try db.integer("SELECT min(first_lsn) FROM epoch WHERE epoch > ?", [epoch])
    return min(cursor.number, first ?? cursor.number)
  }
}
