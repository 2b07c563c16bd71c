internal import Domain
internal import GRDB
internal import Glibc

/// One SQLite file: a connection that writes, under a lock that other processes see, and one that only reads. Commits
/// are durable (WAL, synchronous FULL) before anybody is told of them.
final class SQLiteStore: Store {
  let id: String
  let path: String
  let debt = ScrubDebt()
  private let health = StoreHealth()
  private let writer: DatabaseQueue
  private let reader: DatabaseQueue
  private let lock: FileLock

  /// Opens the file; makes it, readable by its owner alone, where it is not there and may be made.
  init(path: String, creating: Bool = true) throws {
    guard creating || access(path, F_OK) == 0 else { throw CollectorError.noDatabase(path) }
    self.path = path
    lock = try FileLock(database: path)
    (writer, reader, id) = try lock.hold {
      try SQLiteStore.create(path)
      var writing = Configuration()
      writing.journalMode = .default  // .wal would set synchronous back to NORMAL
      writing.busyMode = .timeout(5)
      writing.prepareDatabase { db in
        for pragma in [
          "journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "trusted_schema = OFF",
          "cell_size_check = ON", "secure_delete = ON", "recursive_triggers = ON", "journal_size_limit = 67108864",
        ] {
          try db.execute(sql: "PRAGMA \(pragma)")
        }
      }
      let writer = try DatabaseQueue(path: path, configuration: writing)
      let id = try writer.writeWithoutTransaction { db in try SQLiteStore.prepare(db, path: path) }
      var reading = Configuration()
      reading.readonly = true
      reading.busyMode = .timeout(5)
      reading.prepareDatabase { db in try db.execute(sql: "PRAGMA query_only = 1") }
      return (writer, try DatabaseQueue(path: path, configuration: reading), id)
    }
  }

  /// 0600 by open(2), closed before SQLite opens it: closing any descriptor of a file drops its POSIX locks.
  private static func create(_ path: String) throws(CollectorError) {
    Glibc.close(try DatabaseOwner.open(path, of: path))
  }

  private static func prepare(_ db: Database, path: String) throws -> String {
    let application = try Int.fetchOne(db, sql: "PRAGMA application_id") ?? 0
    let version = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
    let tables = try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") ?? 0
    guard version <= SQLiteSchema.version else { throw CollectorError.newerDatabase(version) }
    if tables == 0 {
      try db.inTransaction(.immediate) {
        try SQLiteSchema.migrate(db, from: 0)
        try db.execute(
          sql: "INSERT INTO meta(key, value) VALUES ('collector_id', ?)",
          arguments: [Hexadecimal.text(of: Random.bytes(16))])
        try db.execute(
          sql: "INSERT INTO epoch(epoch, first_lsn, at) VALUES (1, 0, ?)", arguments: [Timestamp.now.description])
        return .commit
      }
    } else if application != SQLiteSchema.applicationID {
      throw CollectorError.foreignDatabase(path)
    } else if version < SQLiteSchema.version {
      try db.inTransaction(.immediate) {
        try SQLiteSchema.migrate(db, from: version)
        return .commit
      }
    }
    guard let id = try String.fetchOne(db, sql: "SELECT value FROM meta WHERE key = 'collector_id'") else {
      throw CollectorError.foreignDatabase(path)
    }
    return id
  }

  /// Waits in SQLite's queue, not in a task's thread.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    let (lock, debt, health) = (lock, debt, health)
    return try await writer.writeWithoutTransaction { db in
      try lock.hold { try health.watch { try SQLiteStore.transaction(db, debt, body) } }
    }
  }

  func writeNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try withoutTransaction { db in try health.watch { try SQLiteStore.transaction(db, debt, body) } }
  }

  /// Work that must stand outside any transaction.
  func withoutTransaction<Result>(_ body: (Database) throws -> Result) throws -> Result {
    // In this order, as `write`: who has the connection waits for the lock, and nobody the other way round.
    try writer.writeWithoutTransaction { db in try lock.hold { try body(db) } }
  }

  private static func transaction<Result>(
    _ db: Database, _ debt: ScrubDebt, _ body: (any Transaction) throws -> Result
  ) throws -> Result {
    var result: Result?
    try SQLiteTransaction.explained {
      try db.inTransaction(.immediate) {
        result = try body(SQLiteTransaction(db: db, debt: debt))
        return .commit
      }
    }
    guard let result else { throw StoreError(.statement, "the transaction was given up") }
    return result
  }

  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await reader.read { db in try body(SQLiteTransaction(db: db)) }
  }

  func readNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    try reader.read { db in try body(SQLiteTransaction(db: db)) }
  }

  /// What is deleted is overwritten; this does it in the file itself, and empties the log of writes. Whoever writes waits
  /// meanwhile, so it waits for readers for a moment only.
  func scrub() throws -> Bool {
    try debt.pay {
      try withoutTransaction { db in
        try db.execute(sql: "PRAGMA busy_timeout = 250")
        defer { try? db.execute(sql: "PRAGMA busy_timeout = 5000") }
        return try Int.fetchOne(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") == 0
      }
    }
  }

  /// After a failed write or fsync the kernel may have dropped the pages: only a new start reads what is there.
  var isHealthy: Bool { health.isGood }

  func check() throws -> [String] {
    try reader.read { db in try String.fetchAll(db, sql: "PRAGMA integrity_check(10)") }.filter { $0 != "ok" }
  }

  func bytes() async throws -> Int? {
    try ["", "-wal"].reduce(0) { sum, suffix in
      var facts = stat()
      guard stat(path + suffix, &facts) == 0 else {
        guard errno == ENOENT else { throw CollectorError.file(path + suffix, errno) }
        return sum
      }
      return sum + Int(facts.st_size)
    }
  }

  func watermark() throws -> Watermark? { try Watermark(database: path) }

  func serve() throws -> ServerLock? { try ServerLock(database: path) }

  /// Closes both connections. What the log of writes holds is moved into the file before, under the lock: the last one to
  /// close would do it without. Nobody who has the lock waits for a connection, which a scrub may hold.
  func close() throws {
    try? withoutTransaction { db in _ = try Row.fetchAll(db, sql: "PRAGMA wal_checkpoint(TRUNCATE)") }
    try reader.close()
    try writer.close()
  }
}
