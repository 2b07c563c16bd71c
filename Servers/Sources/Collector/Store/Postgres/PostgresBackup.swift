internal import Glibc

/// Copies of a collector's schema by PostgreSQL's own programs.
enum PostgresBackup {
  /// Writes a dump of what one snapshot sees; the last row of the log in it.
  static func make(of uri: String, to path: String) throws -> Int {
    let connection = try PostgresSession.open(uri)
    try connection.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
    let facts = try connection.query("SELECT pg_export_snapshot() AS snapshot").rows.first
    let last = try Epochs.lastRow(PostgresTransaction(connection: connection))
    let partial = path + ".partial"
    unlink(partial)
    // Made here, so that it is its owner's alone from the beginning.
    let descriptor = open(partial, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CollectorError.file(partial, errno) }
    close(descriptor)
    do {
      try SpawnedProgram.run(
        "pg_dump",
        [
          "--format=custom", "--no-password", "--schema=\(PostgresSchema.name)", "--file=\(partial)",
          "--snapshot=\(try facts?.text("snapshot") ?? "")", "--dbname=\(uri)",
        ])
    } catch {
      unlink(partial)
      throw error
    }
    try connection.execute("COMMIT")
    try CopiedFile.sync(partial)
    try CopiedFile.move(partial, to: path)
    return last
  }

  /// Puts a dump into a database that holds no collector; that it is elsewhere is noticed when it is opened.
  static func restore(_ backup: String, to uri: String) throws {
    let connection = try PostgresSession.open(uri)
    let schema = try connection.query("SELECT to_regnamespace('\(PostgresSchema.name)')::text AS it").rows.first
    guard try schema?.optionalText("it") == nil else { throw CollectorError.holdsTables(uri) }
    try SpawnedProgram.run(
      "pg_restore",
      [
        "--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges", "--no-password",
        "--dbname=\(uri)", backup,
      ])
    try PostgresStore(uri: uri, creating: false).close()
  }
}
