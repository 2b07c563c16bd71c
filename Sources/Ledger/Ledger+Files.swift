internal import Feedback
internal import GRDB
internal import Glibc

/// The ledger as a file that is put somewhere else. Nothing is taken away before what takes its place is whole and on
/// the disk, and nothing at all while another program has it open.
extension Ledger {
  /// Puts a backup in the place of a ledger, and gives the name that the old one has now; nil where there was none.
  ///
  /// What was saved after the backup is in the old one only. A stream of the backup that goes on has another future
  /// than the collector knows: the next sync finds where they part and goes on under a new name.
  @discardableResult
  public static func restore(_ backup: String, to path: String) throws(LedgerError) -> String? {
    try attempt {
      try PrivateFile.makeFolder(PrivateFile.parent(of: path))
      return try FileLock(path: path + ".lock").hold {
        let isThere = try PrivateFile.exists(path)
        if isThere {
          // One that is no database any more is what a backup is for.
          do { try makeExclusive(path) } catch let error as DatabaseError where error.isDamage {}
        }
        let partial = try wholeCopy(of: backup, beside: path)
        let old = isThere ? try setAside(path, as: "replaced") : nil
        try PrivateFile.rename(partial, to: path)
        return old
      }
    }
  }

  /// Moves a ledger to a new file, and gives the name that the old file has now.
  @discardableResult
  public static func move(_ path: String, to other: String) throws(LedgerError) -> String {
    try attempt {
      guard try PrivateFile.exists(path) else { throw LedgerError.missing(path: path) }
      guard try !PrivateFile.exists(other) else { throw LedgerError.cannotOpen(path: other, errno: EEXIST) }
      try PrivateFile.makeFolder(PrivateFile.parent(of: other))
      return try FileLock(path: path + ".lock").hold {
        try makeExclusive(path)
        let partial = try wholeCopy(of: path, beside: other)
        try PrivateFile.rename(partial, to: other)
        return try setAside(path, as: "moved")
      }
    }
  }

  private static func attempt<Result>(_ body: () throws -> Result) throws(LedgerError) -> Result {
    do {
      return try body()
    } catch {
      throw LedgerError(error)
    }
  }

  /// A copy whose every chain was walked, on the disk, under a name of its own.
  private static func wholeCopy(of source: String, beside path: String) throws -> String {
    let partial = path + ".partial"
    for suffix in ["", "-wal", "-shm", ".lock"] { unlink(partial + suffix) }
    var reading = Configuration()
    reading.readonly = true
    guard try PrivateFile.exists(source) else { throw LedgerError.missing(path: source) }
    let (queue, application) = try LedgerError.unlessNoDatabase(source) {
      let queue = try DatabaseQueue(path: source, configuration: reading)
      return (queue, try queue.read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") })
    }
    guard application == Schema.applicationID else { throw LedgerError.notALedger(path: source) }
    try PrivateFile.prepare(partial)
    try queue.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
    try queue.close()
    let copy = try Ledger(path: partial)
    let fault = try copy.verifyChains().fault
    try copy.close()
    unlink(partial + ".lock")
    if let fault {
      unlink(partial)
      throw LedgerError.damaged("\(source): \(fault)")
    }
    try PrivateFile.sync(partial)
    return partial
  }

  /// Takes a ledger that nobody else has open out of its place.
  private static func setAside(_ path: String, as word: String) throws -> String {
    var name = "\(path).\(word)"
    var number = 2
    while try PrivateFile.exists(name) {
      name = "\(path).\(word)-\(number)"
      number += 1
    }
    try PrivateFile.rename(path, to: name)
    // There only where the file is damaged: another file must not be read with them, and they may help to mend this one.
    for suffix in ["-wal", "-shm"] where try PrivateFile.exists(path + suffix) {
      try PrivateFile.rename(path + suffix, to: name + suffix)
    }
    return name
  }

  /// One transaction on a ledger that no other program has open, nor this one.
  static func alone<Result>(with path: String, _ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    try attempt {
      try FileLock(path: path + ".lock").hold {
        try makeExclusive(path)
        let queue = try DatabaseQueue(path: path)
        defer { try? queue.close() }
        return try queue.write(body)
      }
    }
  }

  /// Leaving WAL needs a file that nobody else has open: SQLite refuses it otherwise.
  private static func makeExclusive(_ path: String) throws {
    let queue = try DatabaseQueue(path: path)
    defer { try? queue.close() }
    do {
      try queue.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = DELETE") }
    } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY || error.resultCode == .SQLITE_LOCKED {
      throw LedgerError.inUse(path: path)
    }
  }
}

extension DatabaseError {
  /// Whether the file itself is the trouble.
  fileprivate var isDamage: Bool { resultCode == .SQLITE_NOTADB || resultCode == .SQLITE_CORRUPT }
}
