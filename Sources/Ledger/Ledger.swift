internal import GRDB
internal import Glibc

/// The local store of cases and events: one SQLite file that only its owner may read.
///
/// Every call blocks and may fsync: call it from a thread of your own. An append has reached the disk when it returns.
public final class Ledger: Sendable {
  public let path: String
  private let lock: FileLock
  private let writer: DatabaseQueue
  private let reader: DatabaseQueue

  /// Opens or makes the ledger at a path; its folder is made 0700 where it is missing.
  public init(path: String) throws(LedgerError) {
    self.path = path
    try PrivateFile.prepare(path)
    lock = try FileLock(path: path + ".lock")
    do {
      let lock = lock
      let opened = try lock.hold {
        let writer = try DatabaseQueue(path: path, configuration: Self.writing)
        try writer.write(Schema.migrate)
        return writer
      }
      writer = opened
      reader = try DatabaseQueue(path: path, configuration: Self.reading)
    } catch {
      throw LedgerError(error)
    }
  }

  /// GRDB's own WAL set-up would reset `synchronous` to NORMAL, which may lose a record that was shown as saved.
  private static var writing: Configuration {
    var configuration = Configuration()
    configuration.journalMode = .default
    configuration.busyMode = .timeout(5)
    configuration.foreignKeysEnabled = true
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA journal_mode = WAL")
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA recursive_triggers = 1")
      try database.execute(sql: "PRAGMA trusted_schema = 0")
    }
    return configuration
  }

  private static var reading: Configuration {
    var configuration = Configuration()
    configuration.journalMode = .default
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA query_only = 1")
      try database.execute(sql: "PRAGMA wal_autocheckpoint = 0")
    }
    return configuration
  }

  /// Closes both connections; the writing one checkpoints, under the lock.
  public func close() throws(LedgerError) {
    do {
      try reader.close()
      try lock.hold { try writer.close() }
    } catch {
      throw LedgerError(error)
    }
  }

  /// One immediate transaction under the lock.
  func write<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    do {
      return try lock.hold {
        try writer.writeWithoutTransaction { database in
          var result: Result?
          try database.inTransaction(.immediate) {
            result = try body(database)
            return .commit
          }
          guard let result else { throw LedgerError.failed(reason: "nothing was written") }
          return result
        }
      }
    } catch {
      throw LedgerError(error)
    }
  }

  /// On the reading connection, which never checkpoints.
  func read<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    do {
      return try reader.read(body)
    } catch {
      throw LedgerError(error)
    }
  }

  /// 2 is FULL: every commit is on the disk when it returns.
  public func synchronousLevel() throws(LedgerError) -> Int {
    do {
      return try writer.read { try Int.fetchOne($0, sql: "PRAGMA synchronous") ?? -1 }
    } catch {
      throw LedgerError(error)
    }
  }

  /// Rises when another connection commits.
  public func dataVersion() throws(LedgerError) -> Int {
    try read { try Int.fetchOne($0, sql: "PRAGMA data_version") ?? 0 }
  }

  /// Bytes of the file and its log.
  public var bytes: Int {
    [path, path + "-wal"].reduce(0) { total, path in
      var status = stat()
      return stat(path, &status) == 0 ? total + Int(status.st_size) : total
    }
  }

  // MARK: Small things kept by name

  /// Keeps bytes under a name: metadata last read, a setting, the time of the last sync.
  public func remember(_ key: String, _ value: [UInt8]) throws(LedgerError) {
    try write { database in
      try database.execute(
        sql: "INSERT INTO known(key, value) VALUES (?, ?) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
        arguments: [key, Blob.data(value)])
    }
  }

  public func recall(_ key: String) throws(LedgerError) -> [UInt8]? {
    try read { try Blob.fetch($0, "SELECT value FROM known WHERE key = ?", [key]) }
  }
}
