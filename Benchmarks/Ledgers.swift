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
      let (searches, saves) = try await whileSaving(path)
      let exported = try export(path, folder)
      return [
        Entry("ledger of 1,000,000 events, open (p50 of 15)", milliseconds: opening.median, atMost: 15),
        Entry("ledger of 1,000,000 events, newest 50", milliseconds: newest.median, atMost: 5),
        Entry("ledger of 1,000,000 events, search, frequent", milliseconds: common.median, atMost: 20),
        Entry("ledger of 1,000,000 events, search, rare", milliseconds: rare.median, atMost: 20),
        Entry(
          "ledger of 1,000,000 events, search while judgements are saved (p50)", milliseconds: searches.median,
          atMost: 20),
        Entry(
          "ledger of 1,000,000 events, save while searching (p50, worst)",
          "\(saves.median.short) ms, \(saves.worst.short) ms"),
        Entry("ledger, events written in batches of 5,000", "\((Double(count) / seconds).short) events/s"),
        Entry("export of 1,000,000 events as they are", "\((Double(count) / exported).short) events/s"),
      ]
    }
  }

  /// Searches on one thread while another saves judgements one after the other, as an analyst who pages through results
  /// while a colleague's session saves.
  private static func whileSaving(_ path: String) async throws -> (searches: Times, saves: Times) {
    let ledger = try Ledger(path: path)
    let stream = try ledger.stream(for: "bench", stamp: Saving.stamp(0))
    let saving = Task.detached {
      var saves = Times()
      for number in 1...200 {
        let submission = Submission(
          caseID: Saving.identity(number), statements: [.judgement(JudgementBody(Judgement(verdict: .agree)))])
        _ = try saves.measure { try ledger.save(submission, to: stream.id, stamp: Saving.stamp(count + number)) }
      }
      return saves
    }
    let reader = try Ledger(path: path)
    var searches = Times()
    for number in 0..<60 {
      let words = number % 2 == 0 ? "seal broken" : "needle\(number * 16_000)"
      _ = try searches.measure { try reader.searchEvents(words, limit: 50) }
    }
    let saves = try await saving.value
    try reader.close()
    try ledger.close()
    return (searches, saves)
  }

  /// Seconds that it takes to write all events into a file.
  private static func export(_ path: String, _ folder: String) throws -> Double {
    let start = ContinuousClock.now
    try Programs.run([
      Programs.mds, "feedback", "export", "--format", "events", "--output", folder + "/events.jsonl", "--context",
      "bench",
      "--ledger", path, "--service", "http://127.0.0.1:9",
    ])
    return (ContinuousClock.now - start) / .seconds(1)
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
