import Domain
import Testing

@testable import Feedback

@Suite("Statements in threads")
struct StatementThreadsTests {
  @Test(
    "of a mind that was changed again and again are read in one pass, not in one for each change",
    .timeLimit(.minutes(1)))
  func manyChanges() throws {
    var log = Log()
    let first = try log.add(.judgement(JudgementBody(Judgement(verdict: .agree))))
    let link = StatementLink(try #require(Fold.Entry(first)))
    var links = [link]
    for number in 1..<12_000 {
      var next = link
      next.eventID = EventID(at: first.at, random: UInt64(number))
      next.seq = link.seq + number
      next.parents = [links[number - 1].eventID]
      links.append(next)
    }
    let threads = StatementThreads(links)
    #expect(threads.standing.map(\.eventID) == links.suffix(1).map(\.eventID))
    #expect(threads.standing.first?.alternatives.isEmpty == true)
    #expect(threads.state(of: first.eventID, analyst: first.analyst) == .superseded)
  }
}
