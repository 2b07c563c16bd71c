internal import Domain
internal import Feedback
internal import Foundation
internal import GRDB
internal import Synchronization

/// One SQLite file: one connection that writes, under a lock that other processes see, and one that only reads.
///
/// Calls block, on a lock, a disk or another process: never from a task. Any thread may call. What a call says it
/// saved is on the disk when it returns.
public final class Ledger: Sendable {
  public let path: String
  /// Why nothing can be written; nil where it can.
  public let obstacle: LedgerError?
  private let lock: FileLock
  private let connections: Mutex<Connections?>

  struct Connections {
    var writer: DatabaseQueue?
    var reader: DatabaseQueue
  }

  /// Opens the ledger at this path; makes it, and its folder, where there is none.
  public init(path: String) throws(LedgerError) {
    self.path = path
    try PrivateFile.makeFolder(PrivateFile.parent(of: path))
    lock = try FileLock(path: path + ".lock")
    do {
      let (opened, obstacle) = try lock.hold { try Ledger.open(path) }
      connections = Mutex(opened)
      self.obstacle = obstacle
    } catch {
      throw LedgerError(error)
    }
  }

  deinit { try? close() }

  /// Ends all work with the file. The last connection writes what is left of the log into it, so under the lock.
  public func close() throws(LedgerError) {
    let closing = connections.withLock { connections in
      defer { connections = nil }
      return connections
    }
    guard let closing else { return }
    do {
      try lock.hold {
        try closing.reader.close()
        try closing.writer?.close()
      }
    } catch {
      throw LedgerError(error)
    }
  }

  /// One transaction, on the disk when this returns.
  func write<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    if let obstacle { throw obstacle }
    do {
      return try lock.hold {
        guard let writer = try current().writer else { throw LedgerError.readOnly }
        do {
          return try writer.write(body)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
          // After a failed fsync the kernel may have dropped the pages and SQLite would carry on as if nothing had
          // happened: what is in memory is not to be trusted, only what is read again from the file.
          try reopen()
          throw error
        }
      }
    } catch {
      throw LedgerError(error)
    }
  }

  /// One consistent view, which no write disturbs.
  func read<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    do {
      return try current().reader.read(body)
    } catch {
      throw LedgerError(error)
    }
  }

  /// As `write`, for what cannot run inside a transaction.
  func maintain<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    if let obstacle { throw obstacle }
    do {
      return try lock.hold {
        guard let writer = try current().writer else { throw LedgerError.readOnly }
        return try writer.writeWithoutTransaction(body)
      }
    } catch {
      throw LedgerError(error)
    }
  }

  private func current() throws(LedgerError) -> Connections {
    guard let connections = connections.withLock({ $0 }) else { throw .closed }
    return connections
  }

  private func reopen() throws {
    let old = try current()
    try? old.reader.close()
    try? old.writer?.close()
    connections.withLock { $0 = nil }
    let (opened, _) = try Ledger.open(path)
    connections.withLock { $0 = opened }
    try opened.reader.read { db in
      if let bad = try Ledger.firstBadLink(db, last: 100) { throw LedgerError.damaged(bad.text) }
    }
  }

  private static func open(_ path: String) throws -> (Connections, LedgerError?) {
    try PrivateFile.prepare(path)
    let writer = try DatabaseQueue(path: path, configuration: writing)
    let found = try writer.read { db in try Schema.version(of: db) }
    if found > Schema.version {
      try writer.close()
      return (
        Connections(writer: nil, reader: try DatabaseQueue(path: path, configuration: reading)), .newer(version: found)
      )
    }
    if found == 0, try writer.read({ db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }) ?? 0 > 0 {
      throw LedgerError.damaged("the file is another program's database")
    }
    if found < Schema.version {
      if found > 0 { try keepCopy(of: writer, path: path, version: found) }
      try writer.write { db in try Schema.migrate(db) }
    }
    return (Connections(writer: writer, reader: try DatabaseQueue(path: path, configuration: reading)), nil)
  }

  /// The file as it was, beside it, before a migration.
  private static func keepCopy(of writer: DatabaseQueue, path: String, version: Int) throws {
    let copy = "\(path)-v\(version).bak"
    try? FileManager.default.removeItem(atPath: copy)
    try PrivateFile.prepare(copy)
    try writer.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [copy]) }
  }

  private static var writing: Configuration {
    var configuration = Configuration()
    // `.wal` would set synchronous back to NORMAL, which can lose what was shown as saved.
    configuration.journalMode = .default
    configuration.busyMode = .timeout(5)
    configuration.label = "mds.ledger.writer"
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA journal_mode = WAL;
          PRAGMA synchronous = FULL;
          PRAGMA recursive_triggers = 1;
          PRAGMA foreign_keys = ON;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          PRAGMA mmap_size = 0;
          PRAGMA wal_autocheckpoint = 1000;
          PRAGMA journal_size_limit = 67108864;
          PRAGMA secure_delete = FAST;
          """)
    }
    return configuration
  }

  static var reading: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    configuration.busyMode = .timeout(5)
    configuration.label = "mds.ledger.reader"
    configuration.prepareDatabase { db in
      try db.execute(
        sql: """
          PRAGMA query_only = 1;
          PRAGMA trusted_schema = OFF;
          PRAGMA cell_size_check = ON;
          PRAGMA mmap_size = 0;
          PRAGMA wal_autocheckpoint = 0;
          """)
    }
    return configuration
  }
}
