internal import Domain

/// A schema in a PostgreSQL database: a connection that writes and one that reads. Whoever writes holds one lock to the
/// end of its commit, so the numbers of the log become visible in their order.
final class PostgresStore: Store {
  let id: String
  let uri: String
  let debt = ScrubDebt()
  private let writer: PostgresLine
  private let reader: PostgresLine

  /// READ COMMITTED: what is read under the lock is what the one who held it before has committed.
  private static let writing = """
    BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(\(PostgresSchema.lock), 'log'::regclass::oid::int)
    """

  init(uri: String, creating: Bool) throws {
    self.uri = uri
    writer = PostgresLine("writer", begin: PostgresStore.writing, debt: debt) { try PostgresStore.connect(uri) }
    reader = PostgresLine("reader", begin: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY") {
      try PostgresStore.connect(uri)
    }
    try PostgresSchema.prepare(try PostgresSession.open(uri), creating: creating, uri: uri)
    let known = try reader.transaction { db in try db.text("SELECT value FROM meta WHERE key = 'collector_id'") }
    guard let known else { throw CollectorError.foreignDatabase(uri) }
    id = known
  }

  private static func connect(_ uri: String) throws -> PostgresConnection {
    let connection = try PostgresSession.open(uri)
    try PostgresInstance.notice(on: connection, writing: writing)
    return connection
  }

  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await writer.transaction(body)
  }

  func writeNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result { try writer.transaction(body) }

  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await reader.transaction(body)
  }

  func readNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result { try reader.transaction(body) }

  func copy(to path: String) throws -> Int { try PostgresBackup.make(of: uri, to: path) }

  func watermark() throws -> Watermark? { nil }

  func serve() throws -> ServerLock? { nil }

  /// What was said before stands in dead rows until they are taken away. On a connection of its own: readers and writers
  /// go on meanwhile.
  func scrub() throws -> Bool {
    try debt.pay {
      let session = try PostgresSession.open(uri)
      try session.execute("VACUUM log, blob_part, blob_staged, blob_staged_part")
      // It ends well also where a view of before, such as a dump's, still holds the dead rows.
      return try session.query(
        """
        SELECT 1 FROM pg_stat_activity
        WHERE backend_xmin IS NOT NULL AND pid <> pg_backend_pid() AND datname = current_database() LIMIT 1
        """
      ).rows.isEmpty
    }
  }

  func close() throws {
    writer.close()
    reader.close()
  }
}
