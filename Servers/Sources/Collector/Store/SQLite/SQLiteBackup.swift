internal import GRDB
internal import Glibc

/// Copies of a file of SQLite's.
enum SQLiteBackup {
  /// The old files stay beside the database as `.replaced`.
  static func restore(_ backup: String, to path: String) throws {
    let lock = try ServerLock(database: path)
    defer { withExtendedLifetime(lock) {} }
    let epoch = try? Watermark(path: path + ".mark").mark?.epoch
    let partial = path + ".partial"
    unlink(partial)
    let source = try DatabaseQueue(path: backup, configuration: readOnly)
    try source.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
    try CopiedFile.sync(partial)
    if access(path, F_OK) == 0 {
      // Whatever the old file's WAL holds goes into it first.
      try? SQLiteStore(path: path).close()
      guard rename(path, path + ".replaced") == 0 else { throw CollectorError.file(path, errno) }
    }
    for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
    try CopiedFile.move(partial, to: path)
    try beginEpoch(in: path, beyond: epoch ?? 0)
  }

  /// For a copy that was put in place by hand.
  static func beginEpoch(at path: String) throws {
    let lock = try ServerLock(database: path)
    defer { withExtendedLifetime(lock) {} }
    try beginEpoch(in: path, beyond: (try? Watermark(path: path + ".mark").mark?.epoch) ?? 0)
  }

  private static func beginEpoch(in path: String, beyond epoch: Int) throws {
    let database = try SQLiteStore(path: path, creating: false)
    try database.writeNow { db in try Epochs.advance(db, beyond: epoch) }
    try database.close()
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    return configuration
  }
}

extension SQLiteStore {
  func copy(to path: String) throws -> Int {
    let partial = path + ".partial"
    unlink(partial)
    let last = try withoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
      // Under the lock nobody wrote since.
      return try Epochs.lastRow(SQLiteTransaction(db: db))
    }
    try CopiedFile.sync(partial)
    try CopiedFile.move(partial, to: path)
    return last
  }
}
