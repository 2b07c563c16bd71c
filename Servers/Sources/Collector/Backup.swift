internal import Glibc

/// Copies of the tables. Only what is in a copy is safe: analysts' tools keep everything beyond it.
public enum Backup {
  /// Copies everything into a new file and, once that is durable, marks every stream safe up to what it holds.
  public static func make(of database: CollectorDatabase, to path: String) throws {
    guard access(path, F_OK) != 0 else { throw CollectorError.exists(path) }
    try mark(database, through: try database.store.copy(to: path))
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
    }
  }

  /// Puts a copy in the place of the tables, which no server may have open, and begins a new epoch, so that every
  /// client proves anew what the collector holds.
  public static func restore(_ backup: String, to location: DatabaseLocation) throws {
    guard access(backup, R_OK) == 0 else { throw CollectorError.file(backup, errno) }
    switch location {
    case .file(let path): try SQLiteBackup.restore(backup, to: path)
    case .server(let uri): try PostgresBackup.restore(backup, to: uri)
    }
  }
}
