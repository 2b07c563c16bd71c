internal import Domain
internal import Glibc
public import SyncProtocol

/// Copies of the tables. Only what is in a copy is safe: analysts' tools keep everything beyond it.
public enum Backup {
  /// Copies everything into a new file and, once that is durable, marks every stream safe up to what it holds.
  public static func make(of database: CollectorDatabase, to path: String) throws {
    guard access(path, F_OK) != 0 else { throw CollectorError.exists(path) }
    // A copy that cannot be counted is no backup: analysts' tools would keep everything all the same.
    try database.requireWritable()
    let row = try database.store.copy(to: path)
    try mark(database, through: row)
    try AuditBook(database).note(.backup, path, [JSON.Member("rows", .integer(Int64(row)))])
  }

  /// Where the log stands: a copy that is made by other means from now on holds it up to here.
  public static func place(in database: CollectorDatabase) throws -> LogCursor {
    try database.readNow { db in LogCursor(epoch: try Epochs.current(db), number: try Epochs.lastRow(db)) }
  }

  /// Marks every stream safe up to a place: a copy that was made by other means holds the log up to there.
  public static func wasMade(of database: CollectorDatabase, upTo place: LogCursor) throws {
    let last = try Backup.place(in: database)
    guard place.epoch == last.epoch, place.number <= last.number else { throw CollectorError.noSuchPlace(place.text) }
    try mark(database, through: place.number)
    try AuditBook(database).note(.backup, "made by other means", [JSON.Member("rows", .integer(Int64(place.number)))])
  }

  /// Marks every stream safe up to this row of the log.
  static func mark(_ database: CollectorDatabase, through row: Int) throws {
    try database.writeNow { db in
      _ = try db.run(
        """
        UPDATE stream SET (safe_seq, safe_hash) = (SELECT seq, hash FROM log WHERE stream = stream.id AND lsn <= ?
          ORDER BY seq DESC LIMIT 1)
        WHERE EXISTS (SELECT 1 FROM log WHERE stream = stream.id AND lsn <= ? AND seq > stream.safe_seq)
        """, [SQLValue(row), SQLValue(row)])
      try db.run("DELETE FROM meta WHERE key = 'backup_at'")
      try db.run("INSERT INTO meta(key, value) VALUES ('backup_at', ?)", [.text(Timestamp.now.description)])
    }
  }

  /// When the last copy was made; nil where none was.
  static func lastTime(_ db: any Transaction) throws -> Timestamp? {
    try db.text("SELECT value FROM meta WHERE key = 'backup_at'").flatMap { Timestamp($0) }
  }

  /// What became of what was there before a restore.
  public struct Restored: Hashable, Sendable {
    /// The name that the old tables have now; nil where nothing was there.
    public var replaced: String?
    /// How many tokens and keys were revoked since the backup and are so in it now; nil where the old tables could not say, and
    /// who was revoked since is in force again.
    public var revoked: Int?
  }

  /// Puts a copy in the place of the tables, which no server may have open, and begins a new epoch, so that every
  /// client proves anew what the collector holds.
  @discardableResult
  public static func restore(_ backup: String, to location: DatabaseLocation) throws -> Restored {
    guard access(backup, R_OK) == 0 else { throw CollectorError.file(backup, errno) }
    var restored = Restored()
    switch location {
    case .file(let path): restored = try SQLiteBackup.restore(backup, to: path)
    case .server(let uri): try PostgresBackup.restore(backup, to: uri)
    }
    try noteRestore(backup, at: location)
    return restored
  }

  /// Begins a new epoch where a copy was put in place by other means.
  public static func wasRestored(at location: DatabaseLocation) throws {
    switch location {
    case .file(let path): try SQLiteBackup.beginEpoch(at: path)
    case .server(let uri): try PostgresInstance.beginEpoch(at: uri)
    }
    try noteRestore("done by other means", at: location)
  }

  private static func noteRestore(_ object: String, at location: DatabaseLocation) throws {
    let database = try CollectorDatabase(at: location, creating: false)
    let (epoch, row) = try database.readNow { db in (try Epochs.current(db), try Epochs.lastRow(db)) }
    try AuditBook(database).note(
      .restore, object, [JSON.Member("epoch", .integer(Int64(epoch))), JSON.Member("rows", .integer(Int64(row)))])
    try database.close()
  }
}
