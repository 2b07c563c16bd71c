internal import Domain
internal import SyncProtocol

/// How far the log was sent on to a place, kept beside the log: a copy of it that is put in place sends on from there.
struct SinkCursor: Sendable {
  let database: CollectorDatabase
  /// What it was sent on to.
  let name: String

  /// The last row that was sent on; the start where none was.
  func place() async throws -> LogCursor {
    try await database.read { [name] db in
      let number = try db.integer("SELECT lsn FROM sink WHERE name = ?", [.text(name)]) ?? 0
      return LogCursor(epoch: try Epochs.current(db), number: number)
    }
  }

  /// Moves on. Where somebody else has moved it meanwhile, it stays, and where an epoch has begun since: rows behind it may
  /// count that did not.
  func move(from old: LogCursor, to new: Int) async throws {
    try await database.write { [name] db in
      guard try Epochs.current(db) == old.epoch else { return }
      _ = try db.run(
        """
        INSERT INTO sink(name, lsn, at) VALUES (?, ?, ?)
        ON CONFLICT(name) DO UPDATE SET lsn = excluded.lsn, at = excluded.at WHERE sink.lsn = ?
        """, [.text(name), SQLValue(new), .text(Timestamp.now.description), SQLValue(old.number)])
    }
  }
}
