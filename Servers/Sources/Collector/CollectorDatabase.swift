internal import Domain
internal import GRDB
internal import Glibc

/// The collector's one SQLite file: a connection that writes, under a lock that other processes see, and one that
/// only reads. Commits are durable (WAL, synchronous FULL) before anybody is told of them.
public final class CollectorDatabase: Sendable {
  /// Made once with the file.
  public let id: String
  let path: String
  private let writer: DatabaseQueue
  private let reader: DatabaseQueue
  private let lock: FileLock

  /// Opens the file; makes it, readable by its owner alone, where it is not there and may be made.
  public init(path: String, creating: Bool = true) throws {
    guard creating || access(path, F_OK) == 0 else { throw CollectorError.noDatabase(path) }
    self.path = path
    lock = try FileLock(path: path + ".lock")
    (writer, reader, id) = try lock.hold {
      try CollectorDatabase.create(path)
      var writing = Configuration()
      writing.journalMode = .default  // .wal would set synchronous back to NORMAL
      writing.busyMode = .timeout(5)
      writing.prepareDatabase { db in
        for pragma in [
          "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF",
          "cell_size_check = ON", "recursive_triggers = ON", "journal_size_limit = 67108864",
        ] {
          try db.execute(sql: "PRAGMA \(pragma)")
        }
      }
      let writer = try DatabaseQueue(path: path, configuration: writing)
      let id = try writer.writeWithoutTransaction { db in try CollectorDatabase.prepare(db, path: path) }
      var reading = Configuration()
      reading.readonly = true
      reading.busyMode = .timeout(5)
      reading.prepareDatabase { db in try db.execute(sql: "PRAGMA query_only = 1") }
      return (writer, try DatabaseQueue(path: path, configuration: reading), id)
    }
  }

  /// 0600 by open(2), closed before SQLite opens it: closing any descriptor of a file drops its POSIX locks.
  private static func create(_ path: String) throws(CollectorError) {
    let descriptor = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .file(path, errno) }
    Glibc.close(descriptor)
  }

  private static func prepare(_ db: Database, path: String) throws -> String {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard version <= Schema.version else { throw CollectorError.newerDatabase(version) }
    if tables == 0 {
      try db.inTransaction(.immediate) {
        try Schema.migrate(db, from: 0)
        try db.execute(
          sql: "INSERT INTO meta(key, value) VALUES ('collector_id', ?)",
          arguments: [Hexadecimal.text(of: Random.bytes(16))])
        try db.execute(
          sql: "INSERT INTO epoch(epoch, first_lsn, at) VALUES (1, 0, ?)", arguments: [Timestamp.now.description])
        return .commit
      }
    } else if application != Schema.applicationID {
      throw CollectorError.foreignDatabase(path)
    } else if version < Schema.version {
      try db.inTransaction(.immediate) {
        try Schema.migrate(db, from: version)
        return .commit
      }
    }
    guard let id = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'collector_id'") else {
      throw CollectorError.foreignDatabase(path)
    }
    return id
  }

  /// One transaction that writes; it is durable when this returns. Waits in SQLite's queue, not in a task's thread.
  func write<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
    let lock = lock
    return try await writer.writeWithoutTransaction { db in
      try lock.hold { try CollectorDatabase.transaction(db, body) }
    }
  }

  /// As above, for programs that have nothing else to do.
  func writeNow<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try lock.hold { try writer.writeWithoutTransaction { db in try CollectorDatabase.transaction(db, body) } }
  }

  /// Work that must stand outside any transaction.
  func withoutTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
    try lock.hold { try writer.writeWithoutTransaction(body) }
  }

  private static func transaction<Result>(_ db: Database, _ body: (Database) throws -> Result) throws -> Result {
    var result: Result?
    try db.inTransaction(.immediate) {
      result = try body(db)
      return .commit
    }
    guard let result else { throw DatabaseError(resultCode: .SQLITE_ABORT) }
    return result
  }

  func read<Result: Sendable>(_ body: @escaping @Sendable (Database) throws -> Result) async throws -> Result {
    try await reader.read(body)
  }

  func readNow<Result>(_ body: (Database) throws -> Result) throws -> Result { try reader.read(body) }

  /// Closes both connections; the last one checkpoints, under the lock.
  public func close() throws {
    try lock.hold {
      try reader.close()
      try writer.close()
    }
  }
}
