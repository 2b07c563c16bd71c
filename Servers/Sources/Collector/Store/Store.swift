/// What keeps a collector's tables. One transaction writes at a time, whoever writes: a row of the log with a higher
/// number is never seen before one with a lower.
protocol Store: Sendable {
  /// Made once with the tables.
  var id: String { get }

  /// One transaction that writes; it is durable when this returns. Nobody's thread waits for it.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result

  /// As above, for programs that have nothing else to do.
  func writeNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result

  /// One view of the tables, the same for every question of the body.
  func read<Result: Sendable>(
    _ body: @escaping @Sendable (any Transaction) throws -> Result
  ) async throws -> Result

  func readNow<Result>(_ body: (any Transaction) throws -> Result) throws -> Result

  /// Copies everything into a new file and returns, once it is durable, the last row of the log that is in it.
  func copy(to path: String) throws -> Int

  /// What remembers outside the store how far it had come; nil for a store that notices by itself that it is a copy.
  func watermark() throws -> Watermark?

  /// What a server holds for as long as it runs; nil for a store that may have several.
  func serve() throws -> ServerLock?

  /// Whether words were taken out of the tables and `scrub` is still to be done.
  var debt: ScrubDebt { get }

  /// Leaves nothing in the store's files of what its tables do not hold any more, as far as it can; false where a reader is
  /// in the way, and it is to be done later. Nobody waits for it for long.
  func scrub() throws -> Bool

  /// False after the disk has failed: nothing is to be written before a new start.
  var isHealthy: Bool { get }

  /// What the store itself finds wrong with how its tables are kept.
  func check() throws -> [String]

  /// What the tables take of the disk; nil for a store that cannot tell.
  func bytes() async throws -> Int?

  func close() throws
}

extension Store {
  /// For one that looks after its own disk.
  var isHealthy: Bool { true }

  func check() throws -> [String] { [] }

  func bytes() async throws -> Int? { nil }
}
