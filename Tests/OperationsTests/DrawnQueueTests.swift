import Dispatch
import Domain
import Feedback
import Foundation
import Glibc
import Ledger
import Testing
import Workbench
@testable import Operations

@Suite("A queue that was drawn")
struct DrawnQueueTests {
  @Test("a queue that was drawn comes again as it was, with what is done in it, as long as one of its cases waits")
  func drawnAgain() async throws {
    try await StubService.withBench { _, send in
      send(StubService.answer)
    } _: { bench, _ in
      let workspace = bench.workspace
      let signature = try #require(bench.state.infer?.signature.value)
      for word in ["one", "two", "three"] {
        let record = try signature.record(of: [.text(RawText(word))])
        _ = try await workspace.score([record], model: ModelID("words"), at: [Machine.now], sourceIDs: [""])
      }
      let first = try await workspace.queue(QueueOrder())
      var again = QueueOrder()
      again.drawn = first.id
      for (place, item) in first.items.enumerated() {
        #expect(try await workspace.queue(again).items.map(\.id) == first.items.map(\.id))
        _ = try await workspace.commit(
          Commit(
            caseID: item.id, judgement: Judgement(verdict: .agree), marks: [], assistance: .prediction,
            timing: JudgementBody.Timing(), queue: item.stamp))
        guard place < 2 else { continue }
        let left = try await workspace.queue(again)
        #expect(left.id == first.id && left.items[place].content.own?.stage == .final)
        #expect(left.items.map(\.stamp) == first.items.map(\.stamp))
      }
      #expect(try await workspace.queue(again).id != first.id)
      // What showed its answers is none that is answered blind.
      var blind = again
      blind.isBlind = true
      #expect(try await workspace.queue(blind).id != first.id)
    }
  }
}
