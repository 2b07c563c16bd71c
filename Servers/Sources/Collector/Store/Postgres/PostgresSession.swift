/// A connection with the settings that the collector's promises rest on.
enum PostgresSession {
  /// Connects; refuses a server that would lose what it has confirmed.
  static func open(_ uri: String) throws -> PostgresConnection {
    let connection = try PostgresConnection(uri)
    // A setting that waits for more than this server, such as remote_apply, stays.
    try connection.execute(
      """
      SET search_path = \(PostgresSchema.name), pg_temp;
      SET lock_timeout = '20s';
      SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') IN ('off', 'local')
      """)
    let facts = try connection.query(
      "SELECT current_setting('fsync') AS fsync, current_setting('server_encoding') AS encoding"
    ).rows.first
    guard try facts?.text("fsync") == "on" else { throw CollectorError.notDurable(uri) }
    guard try facts?.text("encoding") == "UTF8" else { throw CollectorError.notUTF8(uri) }
    return connection
  }
}
