import Domain
import Feedback
import Ledger

/// A ledger of a million events: what an analyst of many years has.
enum Ledgers {
  static let count = 1_000_000

  static func rows() async throws -> [Entry] {
    try await Programs.withFolder { folder in
      let path = folder + "/ledger.sqlite"
      let seconds = try fill(path)
      var (opening, newest, common, rare) = (Times(), Times(), Times(), Times())
      for _ in 0..<15 {
        let ledger = try opening.measure { try Ledger(path: path) }
        // The first read of a connection warms it; what an analyst waits for is the newest page.
        let page = try newest.measure { try ledger.newestEvents(limit: 50) }
        let found = try common.measure { try ledger.searchEvents("seal broken", limit: 50) }
        let one = try rare.measure { try ledger.searchEvents("needle777777", limit: 50) }
        guard page.count == 50, found.count == 50, one.count == 1 else {
          throw Programs.Failure(description: "the ledger does not hold what was put in")
        }
        try ledger.close()
      }
      return [
        Entry("ledger of 1,000,000 events, open (p50 of 15)", milliseconds: opening.median, atMost: 15),
        Entry("ledger of 1,000,000 events, newest 50", milliseconds: newest.median, atMost: 5),
        Entry("ledger of 1,000,000 events, search, frequent", milliseconds: common.median, atMost: 20),
        Entry("ledger of 1,000,000 events, search, rare", milliseconds: rare.median, atMost: 20),
        Entry("ledger, events written in batches of 5,000", "\((Double(count) / seconds).short) events/s"),
      ]
    }
  }

  /// Notes of a few words each; how many seconds that took.
  private static func fill(_ path: String) throws -> Double {
    let ledger = try Ledger(path: path)
    let stream = try ledger.stream(for: "bench", stamp: Saving.stamp(0))
    let start = ContinuousClock.now
    for first in stride(from: 0, to: count, by: 5000) {
      try ledger.append((first..<first + 5000).map(body), to: stream.id)
    }
    let time = ContinuousClock.now - start
    try ledger.close()
    return time / .seconds(1)
  }

  static func body(_ number: Int) -> EventBody {
    let words = ["seal broken", "papers late", "value too low", "route unusual", "as declared"]
    return EventBody(
      stamp: Saving.stamp(number),
      payload: .note(RawText("\(words[number % words.count]) needle\(number)")))
  }
}
