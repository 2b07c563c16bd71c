import Dispatch
import Synchronization
import Testing
import Workbench

@testable import Operations

@Suite("While neither the disk nor the service answers", .timeLimit(.minutes(1)))
struct StuckTests {
  @Test("every key is answered at once, and what it asked for comes when the disk does")
  func keys() async throws {
    let answers = DispatchSemaphore(value: 0)
    try await StubService.withBench { _, _ in
      true
    } _: { bench, _ in
      let isStuck = Mutex(false)
      let post: @Sendable (Action) -> Void = { _ in }
      bench.workspace.ledgerWork(post) { _ in
        isStuck.withLock { $0 = true }
        answers.wait()
      }
      while !isStuck.withLock({ $0 }) { await Task.yield() }
      // Where one of these waited for the ledger or the service, the test would not go on.
      bench.type("x")
      #expect(bench.state.infer?.answer.isLoading == true)
      let places: [(keys: String, place: Place)] = [
        ("gr", .review), ("gi", .inbox), ("gf", .feedback), ("gm", .models), ("gl", .log), ("go", .outbox),
      ]
      for (keys, place) in places {
        bench.type(keys)
        #expect(bench.state.place == place)
        #expect(bench.screen.contains("desk"))
      }
      bench.type("z")
      bench.type("S")
      bench.take()
      #expect(bench.state.outbox.content.isLoading && bench.state.inbox.items.isLoading)
      answers.signal()
      await bench.wait { !$0.state.outbox.content.isLoading && !$0.state.inbox.items.isLoading }
      #expect(bench.state.outbox.content.problem == nil)
    }
  }
}
