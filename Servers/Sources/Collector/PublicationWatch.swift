internal import SyncProtocol

/// Says whether something may have been published, to all who wait for it: the database is looked at once for all of
/// them, and no more than a few times a second. What is published comes from another process.
actor PublicationWatch {
  /// How long a request may wait.
  static let longest = 30
  /// How old an answer may be.
  private static let age = Duration.milliseconds(250)

  private let database: CollectorDatabase
  private var newest: (number: Int64, at: ContinuousClock.Instant)?
  private var reading: Task<Int64, any Error>?
  /// How many wait now.
  private(set) var waiting = 0
  /// Whether the server ends: then nobody waits any longer.
  private var isOver = false

  init(_ database: CollectorDatabase) { self.database = database }

  /// Lets everybody go who waits.
  func end() { isOver = true }

  /// Pages until one has something, the time is over, or the server ends.
  func page(
    until end: ContinuousClock.Instant, _ read: @Sendable () async throws -> InboxPage
  ) async throws -> InboxPage {
    waiting += 1
    defer { waiting -= 1 }
    while true {
      let seen = try await number()
      let page = try await read()
      if !page.items.isEmpty { return page }
      repeat {
        guard !isOver, ContinuousClock.now < end else { return page }
        do { try await Task.sleep(for: PublicationWatch.age) } catch { return page }
      } while try await number() == seen
    }
  }

  /// The number of the newest publication.
  private func number() async throws -> Int64 {
    if let newest, newest.at.duration(to: .now) < PublicationWatch.age { return newest.number }
    if let reading { return try await reading.value }
    let reading = Task { [database] in try await database.read(PublicationBook.newest) }
    self.reading = reading
    defer { self.reading = nil }
    let number = try await reading.value
    newest = (number, .now)
    return number
  }
}
