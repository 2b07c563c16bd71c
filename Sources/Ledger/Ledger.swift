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
  private let state: Mutex<State>

  private enum State {
    case open(Connections)
    /// The disk refused to open them anew after it had refused something else: the next call tries again.
    case lost
    case closed
  }

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
      state = Mutex(.open(opened))
      self.obstacle = obstacle
    } catch {
      throw LedgerError(error)
    }
  }

  deinit { try? close() }

  /// Ends all work with the file. The last connection writes what is left of the log into it, so under the lock.
  public func close() throws(LedgerError) {
    let former = state.withLock { state in
      defer { state = .closed }
      return state
    }
    guard case .open(let closing) = former else { return }
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
        guard let writer = try locked().writer else { throw LedgerError.readOnly }
        var written: (result: Result, event: Int)?
        do {
          return try writer.write { db in
            let before = try Ledger.lastEvent(db)
            let result = try body(db)
            let event = try Ledger.lastEvent(db)
            if event > before { written = (result, event) }
            return result
          }
        } catch let error as DatabaseError where error.resultCode == .SQLITE_IOERR {
          // After a failed fsync the kernel may have dropped the pages and SQLite would carry on as if nothing had
          // happened: what is in memory is not to be trusted, only what is read again from the file.
          do { try reopen() } catch let damage as LedgerError { throw damage } catch { throw error }
          // The commit may stand in the log all the same, where the disk refused more than once. Said to have failed, it
          // would be saved a second time.
          if let written, try locked().reader.read(Ledger.lastEvent) == written.event { return written.result }
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
      return try unlocked().reader.read(body)
    } catch {
      throw LedgerError(reading: error)
    }
  }

  /// As `write`, for what cannot run inside a transaction.
  func maintain<Result>(_ body: (Database) throws -> Result) throws(LedgerError) -> Result {
    if let obstacle { throw obstacle }
    do {
      return try lock.hold {
        guard let writer = try locked().writer else { throw LedgerError.readOnly }
        return try writer.writeWithoutTransaction(body)
      }
    } catch {
      throw LedgerError(error)
    }
  }

  /// The connections, for whoever does not hold the lock.
  private func unlocked() throws -> Connections {
    if case .open(let connections) = state.withLock({ $0 }) { return connections }
    return try lock.hold { try locked() }
  }

  /// The connections, for whoever holds the lock: without it none may be opened.
  private func locked() throws -> Connections {
    switch state.withLock({ $0 }) {
    case .open(let connections): return connections
    case .lost: return try connect()
    case .closed: throw LedgerError.closed
    }
  }

  /// The place of the newest event in the file; 0 without one.
  private static func lastEvent(_ db: Database) throws -> Int {
    try Int.fetchOne(db.cachedStatement(sql: "SELECT max(id) FROM event")) ?? 0
  }

  private func reopen() throws {
    let old = try locked()
    try? old.reader.close()
    try? old.writer?.close()
    state.withLock { $0 = .lost }
    _ = try connect()
  }

  private func connect() throws -> Connections {
    let (opened, _) = try Ledger.open(path)
    do {
      // A log whose sync failed may have a hole on the disk that nobody sees until the power goes, and what is saved behind
      // it would be lost with it: all that can be read of it is written into the file, and the next log is a new one.
      _ = try opened.writer?.writeWithoutTransaction { db in try db.checkpoint(.truncate) }
    } catch {
      try? opened.reader.close()
      try? opened.writer?.close()
      throw error
    }
    let isWanted = state.withLock { state in
      if case .closed = state { return false }
      state = .open(opened)
      return true
    }
    guard isWanted else {
      try opened.reader.close()
      try opened.writer?.close()
      throw LedgerError.closed
    }
    try opened.reader.read { db in
      if let bad = try Ledger.firstBadLink(db, last: 100) { throw LedgerError.damaged(bad.text) }
    }
    return opened
  }

  private static func open(_ path: String) throws -> (Connections, LedgerError?) {
    try PrivateFile.prepare(path)
    let writer = try LedgerError.unlessNoDatabase(path) { try DatabaseQueue(path: path, configuration: writing) }
    let found = try writer.read { db in try Schema.version(of: db) }
    if found > Schema.version {
      try writer.close()
      return (
        Connections(writer: nil, reader: try DatabaseQueue(path: path, configuration: reading)), .newer(version: found)
      )
    }
    if found == 0, try writer.read({ db in try Int.fetchOne(db, sql: "SELECT count(*) FROM sqlite_master") }) ?? 0 > 0 {
      throw LedgerError.notALedger(path: path)
    }
    if found < Schema.version {
      if found > 0 { try keepCopy(of: writer, path: path, version: found) }
      try writer.write { db in try Schema.migrate(db) }
    }
    try writer.read { db in try Schema.check(db) }
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
          PRAGMA secure_delete = ON;
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
