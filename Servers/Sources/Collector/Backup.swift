internal import Domain
internal import GRDB
internal import Glibc

/// Copies of the database. Only what is in a copy is safe: analysts' tools keep everything beyond it.
public enum Backup {
  /// Copies the database into a new file and, once that is durable, marks every stream safe up to what it holds.
  public static func make(of database: CollectorDatabase, to path: String) throws {
    guard access(path, F_OK) != 0 else { throw CollectorError.exists(path) }
    let partial = path + ".partial"
    unlink(partial)
    let heads = try database.withoutTransaction { db in
      try db.execute(sql: "VACUUM INTO ?", arguments: [partial])
      return try Epochs.lastRow(db)
    }
    try sync(partial, mode: 0o600)
    guard rename(partial, path) == 0 else { throw CollectorError.file(path, errno) }
    try sync(folder(of: path), mode: nil)
    try database.writeNow { db in
      try db.execute(
        sql: """
          UPDATE stream SET (safe_seq, safe_hash) = (SELECT seq, hash FROM log WHERE stream = stream.id AND lsn <= ?1
            ORDER BY seq DESC LIMIT 1)
          WHERE EXISTS (SELECT 1 FROM log WHERE stream = stream.id AND lsn <= ?1 AND seq > stream.safe_seq)
          """, arguments: [heads])
    }
  }

  /// Puts a copy in the place of a database that no server has open, and begins a new epoch, so that every client
  /// proves anew what the collector holds. The old files stay beside it as `.replaced`.
  public static func restore(_ backup: String, to path: String) throws {
    guard access(backup, R_OK) == 0 else { throw CollectorError.file(backup, errno) }
    let lock = try ServerLock(database: path)
    defer { withExtendedLifetime(lock) {} }
    let epoch = try? Watermark(path: path + ".mark").mark?.epoch
    let partial = path + ".partial"
    unlink(partial)
    let source = try DatabaseQueue(path: backup, configuration: readOnly)
    try source.writeWithoutTransaction { db in try db.execute(sql: "VACUUM INTO ?", arguments: [partial]) }
    try sync(partial, mode: 0o600)
    if access(path, F_OK) == 0 {
      // Whatever the old file's WAL holds goes into it first.
      try? CollectorDatabase(path: path).close()
      guard rename(path, path + ".replaced") == 0 else { throw CollectorError.file(path, errno) }
    }
    for suffix in ["-wal", "-shm"] { unlink(path + suffix) }
    guard rename(partial, path) == 0 else { throw CollectorError.file(path, errno) }
    try sync(folder(of: path), mode: nil)
    let database = try CollectorDatabase(path: path)
    try database.writeNow { db in try Epochs.advance(db, beyond: epoch ?? 0) }
    try database.close()
  }

  private static var readOnly: Configuration {
    var configuration = Configuration()
    configuration.readonly = true
    return configuration
  }

  private static func folder(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    return slash == path.startIndex ? "/" : String(path[..<slash])
  }

  private static func sync(_ path: String, mode: mode_t?) throws(CollectorError) {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .file(path, errno) }
    defer { close(descriptor) }
    if let mode { fchmod(descriptor, mode) }
    guard fsync(descriptor) == 0 else { throw .file(path, errno) }
  }
}
