internal import Domain
internal import Feedback
internal import SyncProtocol
internal import Testing

@testable import Collector

@Suite("What is published") struct PublicationTests {
  @Test(
    "is later than all that was published before it, also where the clock went back or another machine's is behind",
    arguments: Kept.allCases)
  func clocks(_ kept: Kept) async throws {
    let bench = try Bench(kept)
    let bodies: [[UInt8]] = [[1], [2], [3], []]
    for (seconds, body) in zip([500.0, 100, 500, 0], bodies) {
      let book = PublicationBook(
        bench.database, now: { Timestamp(microseconds: 0).advanced(bySeconds: seconds) })
      try book.publish(.guideline, name: "g", body: body, recipients: ["ana", "brent"])
    }
    let book = PublicationBook(bench.database)
    let times = try book.list().map(\.publishedAt)
    #expect(times.count == 8 && zip(times, times.dropFirst()).allSatisfy { $0 < $1 }, "\(times)")
    #expect(times.first == Timestamp(microseconds: 500_000_000).description)
    // An analyst's tool, which goes by the time, has them in the order in which they were published.
    let page = try await book.page(after: .start, for: "brent")
    #expect(page.items.sorted { $0.publishedAt < $1.publishedAt }.map(\.body) == bodies)
    try book.publish(.guideline, name: "g", body: [4])
    let last = try #require(try book.list().last.flatMap { Timestamp($0.publishedAt) })
    #expect(last.seconds(since: .now) < 60 && last.seconds(since: .now) > -600)
  }
}
