/// The collector's tables, wherever they are kept.
public final class CollectorDatabase: Sendable {
  let store: any Store
  /// Takes from the store's files what a redaction took out of the tables, behind what goes on.
  let scrubber: Scrubber

  /// Made once with the tables.
  public var id: String { store.id }

  /// Opens the tables at a place; makes them where there are none and they may be made.
  public init(at location: DatabaseLocation, creating: Bool = true) throws {
    switch location {
    case .file(let path): store = try SQLiteStore(path: path, creating: creating)
    case .server(let uri): store = try PostgresStore(uri: uri, creating: creating)
    }
    scrubber = Scrubber(store)
  }

  /// One transaction that writes; it is durable when this returns.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    let result = try await store.write(body)
    if isScrubOwed { await scrubber.begin() }
    return result
  }

  /// As above, for programs that have nothing else to do.
  func writeNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result {
    let result = try store.writeNow(body)
    // It is done whether the files can be cleaned or not.
    var attempts = 20
    while isScrubOwed, attempts > 0, (try? store.scrub()) != nil { attempts -= 1 }
    return result
  }

  /// Throws where nobody may write, before anything is done that would have to be written down.
  func requireWritable() throws {
    do {
      _ = try store.writeNow { db in try db.run("DELETE FROM meta WHERE key = ''") }
    } catch let error as StoreError where error.kind == .readOnly {
      throw CollectorError.readOnly
    }
  }

  /// Whether words that were redacted may still stand in the store's files.
  public var isScrubOwed: Bool { store.debt.isOwed }

  /// Cleans the store's files of what was redacted before this start: a server that was killed may have owed it.
  public func cleanUp() async {
    store.debt.add()
    await scrubber.begin()
  }

  /// One view of the tables.
  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result {
    try await store.read(body)
  }

  func readNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result { try store.readNow(body) }

  /// What a server holds for as long as it runs; thrown where there may be one only, and it runs.
  public func serve() throws -> ServerLock? { try store.serve() }

  public func close() throws {
    if isScrubOwed { _ = try? store.scrub() }
    // Nobody is to go on with what is closed.
    store.debt.forgive()
    try store.close()
  }
}
