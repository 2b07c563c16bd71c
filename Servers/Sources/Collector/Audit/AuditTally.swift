internal import Domain
internal import Synchronization

/// What happens too often for an entry each: reads of the log, tokens that are refused, uses of tokens. Counted for a
/// while, then written down.
final class AuditTally: Sendable {
  struct Counts: Sendable {
    var refused = 0
    /// By token: who, and how many pages.
    var readers: [Int64: (actor: String, pages: Int)] = [:]
    var used: [Int64: Timestamp] = [:]
  }

  private struct State {
    var counts = Counts()
    var began = ContinuousClock.now
    /// Tokens whose last use was written down lately.
    var told: Set<Int64> = []
  }

  private static let period = Duration.seconds(3600)
  private let state = Mutex(State())

  func refused() { state.withLock { $0.counts.refused += 1 } }

  /// Whether no page of the token is counted: the first is to be written down before it is given away.
  func isFirst(of token: TokenRecord) -> Bool { state.withLock { $0.counts.readers[token.id] == nil } }

  /// Counts a page.
  func read(by token: TokenRecord) {
    state.withLock { state in
      let pages = (state.counts.readers[token.id]?.pages ?? 0) + 1
      state.counts.readers[token.id] = (token.actor, pages)
    }
  }

  /// Whether the use of the token is news: the first in a while.
  func used(_ token: TokenRecord) -> Bool {
    state.withLock { state in
      state.counts.used[token.id] = .now
      return state.told.insert(token.id).inserted
    }
  }

  /// What was counted, if that is due; counting begins anew.
  func take(now: Bool = false) -> Counts? {
    state.withLock { state in
      guard now || ContinuousClock.now - state.began > AuditTally.period else { return nil }
      let counts = state.counts
      state = State()
      return counts
    }
  }
}

extension AuditTally.Counts {
  /// Writes it down.
  func write(_ db: any Transaction) throws {
    if refused > 0 {
      try AuditBook.add(
        .refuseTokens, "unknown tokens", [JSON.Member("count", .integer(Int64(refused)))], by: "nobody", db)
    }
    for (_, reader) in readers.sorted(by: { $0.key < $1.key }) where reader.pages > 1 {
      try AuditBook.add(
        .readOn, "log", [JSON.Member("pages", .integer(Int64(reader.pages)))], by: reader.actor, db)
    }
    for (token, time) in used { try TokenBook.markUse(of: token, at: time, db) }
  }
}
