internal import Domain
internal import GRDB
internal import Glibc

/// Copies of a file of SQLite's.
enum SQLiteBackup {
  /// Looks through the backup before anything is taken away. The old files stay beside the database, and whom they have
  /// revoked is revoked in the copy before it takes their place.
  @discardableResult
  static func restore(_ backup: String, to path: String, at time: Timestamp = .now) throws -> Backup.Restored {
    let lock = try ServerLock(database: path)
    defer { withExtendedLifetime(lock) {} }
    let epoch = try? Watermark(database: path).mark?.epoch
    let (partial, revoked) = try wholeCopy(of: backup, beside: path, Revocations(database: path))
    let old = try FileLock(database: path).hold {
      let old = try setAside(path)
      try CopiedFile.move(partial, to: path)
      return old
    }
    try beginEpoch(in: path, beyond: epoch ?? 0, at: time)
    return Backup.Restored(replaced: old, revoked: revoked)
  }

  /// A copy in which everything was verified, on the disk, under a name of its own; and how many were revoked in it.
  private static func wholeCopy(
    of backup: String, beside path: String, _ revocations: Revocations?
  ) throws -> (path: String, revoked: Int?) {
    var revoked: Int?
    let partial = path + ".partial"
    let parts = ["", "-wal", "-shm", ".lock"].map { partial + $0 }
    for part in parts { unlink(part) }
    do {
      let source = try DatabaseQueue(path: backup, configuration: readOnly)
      let application = try source.read { db in try Int.fetchOne(db, sql: "PRAGMA application_id") }
      guard application == SQLiteSchema.applicationID else { throw CollectorError.foreignDatabase(backup) }
      close(try DatabaseOwner.open(partial, of: path))
      try source.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
      try source.close()
      let copy = try CollectorDatabase(at: .file(partial), creating: false)
      let fault = try Verification(copy).run().faults.first
      if fault == nil { revoked = try revocations?.carry(into: copy) }
      try copy.close()
      if let fault { throw CollectorError.damagedBackup(backup, fault.description) }
      try CopiedFile.sync(partial)
    } catch {
      for part in parts { unlink(part) }
      if let error = error as? DatabaseError, error.resultCode == .SQLITE_NOTADB {
        throw CollectorError.foreignDatabase(backup)
      }
      throw error
    }
    for part in parts.dropFirst() { unlink(part) }
    return (partial, revoked)
  }

  /// Takes what is there out of its place, also what cannot be opened any more, and gives its new name, which nothing had.
  /// Its log of writes, which a server leaves that did not stop in order, goes with it: SQLite finds it by the name.
  private static func setAside(_ path: String) throws -> String? {
    let suffixes = ["", "-wal", "-shm"]
    func isThere(_ path: String) -> Bool { suffixes.contains { access(path + $0, F_OK) == 0 } }
    guard isThere(path) else { return nil }
    var name = path + ".replaced"
    var number = 2
    while isThere(name) {
      name = "\(path).replaced-\(number)"
      number += 1
    }
    for suffix in suffixes where access(path + suffix, F_OK) == 0 {
      guard rename(path + suffix, name + suffix) == 0 else { throw CollectorError.file(path + suffix, errno) }
    }
    return name
  }

  /// For a copy that was put in place by hand.
  static func beginEpoch(at path: String) throws {
    let lock = try ServerLock(database: path)
    defer { withExtendedLifetime(lock) {} }
    try beginEpoch(in: path, beyond: (try? Watermark(database: path).mark?.epoch) ?? 0, at: .now)
  }

  private static func beginEpoch(in path: String, beyond epoch: Int, at time: Timestamp) throws {
    let database = try SQLiteStore(path: path, creating: false)
    try database.writeNow { db in try Epochs.advance(db, beyond: epoch, at: time) }
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
    // VACUUM INTO would make it for everybody to read while it is written.
    let made = Glibc.open(partial, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard made >= 0 else { throw CollectorError.file(partial, errno) }
    Glibc.close(made)
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
