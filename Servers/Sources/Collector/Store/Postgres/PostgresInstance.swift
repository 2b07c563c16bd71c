/// Where the tables lie: in which cluster, on which timeline, in which database, and which table the log is. Each way of
/// putting an older copy in place, a dump, a base backup or a replica that takes over, changes one of them.
enum PostgresInstance {
  private static let question = """
    SELECT CASE WHEN pg_is_in_recovery() THEN NULL ELSE (SELECT system_identifier FROM pg_control_system())::text
      || ' ' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
      || ' ' || (SELECT oid FROM pg_database WHERE datname = current_database())::text
      || ' ' || 'log'::regclass::oid::text END AS here,
      (SELECT value FROM meta WHERE key = 'instance') AS known
    """

  /// Begins a new epoch where the tables have been put somewhere else than they were. A standby is only read.
  static func notice(on connection: PostgresConnection, writing: String) throws {
    guard try isElsewhere(connection) != nil else { return }
    let isReadOnly = try connection.query("SELECT current_setting('transaction_read_only') AS it").rows.first?.text(
      "it")
    guard isReadOnly == "off" else { return }
    try connection.execute(writing)
    do {
      // Somebody else may have been faster.
      if let here = try isElsewhere(connection) {
        let db = PostgresTransaction(connection: connection)
        try Epochs.advance(db)
        try db.run("UPDATE meta SET value = ? WHERE key = 'instance'", [.text(here)])
      }
      try connection.execute("COMMIT")
    } catch {
      _ = try? connection.execute("ROLLBACK")
      throw error
    }
  }

  /// For a copy that was put in place in a way that leaves no trace, such as a snapshot of the server's disk.
  static func beginEpoch(at uri: String) throws {
    let store = try PostgresStore(uri: uri, creating: false)
    try store.writeNow { db in try Epochs.advance(db) }
    try store.close()
  }

  /// What is remembered when the tables are made.
  static func here(_ connection: PostgresConnection) throws -> String {
    try connection.query(question).rows.first?.optionalText("here") ?? ""
  }

  /// Where the tables are, if that is not where they were.
  private static func isElsewhere(_ connection: PostgresConnection) throws -> String? {
    let row = try connection.query(question).rows.first
    guard let here = try row?.optionalText("here"), try row?.optionalText("known") != here else { return nil }
    return here
  }
}
