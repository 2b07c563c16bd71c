import Domain
import Frames
import Ledger
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("Searching at the workbench", .timeLimit(.minutes(1)))
struct SearchingTests {
  @Test("what was typed is answered from the ledger, and the log tells what happened on the way")
  func search() async throws {
    try await StubService.withBench { _, send in
      send(StubService.answer)
    } _: { bench, _ in
      bench.type("X")
      await bench.wait { $0.state.case?.content.value != nil }
      bench.type("an")
      bench.type("sealed twice")
      bench.press(.enter)
      bench.type("s")
      await bench.wait { $0.state.log.log.entries.contains { $0.kind == .save } }
      bench.type("gstwi")
      await bench.wait { $0.state.search.hits.first?.match?.place == .note && $0.state.search.found.value != nil }
      #expect(bench.screen.contains("1 of 1 case"), "\(bench.screen)")
      bench.type("x")
      await bench.wait { $0.state.search.results.value?.hits.isEmpty == true }
      #expect(bench.screen.contains("No case is found."), "\(bench.screen)")
      bench.press(.control("U"))
      bench.type("fine one")
      await bench.wait { $0.state.search.hits.first?.match?.place == .answer }
      bench.press(.enter)
      #expect(bench.state.place.scope == .case)
      bench.type("gl")
      let kinds = bench.state.log.log.entries.map(\.kind)
      #expect(kinds.contains(.request) && kinds.contains(.reload) && kinds.contains(.save))
    }
  }

  @Test("an event of the outbox is shown in full; without a stream's event it says so")
  func event() async throws {
    try await StubService.withBench { _, send in
      send(StubService.answer)
    } _: { bench, _ in
      bench.type("X")
      await bench.wait { $0.state.case?.content.value != nil }
      bench.type("as")
      await bench.wait { $0.state.log.log.entries.contains { $0.kind == .save } }
      bench.type("go")
      await bench.wait { ($0.state.outbox.content.value?.rows.count ?? 0) > 1 }
      bench.press(.enter)
      await bench.wait { $0.state.overlay != nil }
      guard case .outline(let event, _) = bench.state.overlay else { return }
      #expect(event.text.contains("verdict  agree") && event.text.contains("prev"), "\(event.text)")
      await #expect(throws: Problem.self) { try await bench.workspace.eventDetail(999) }
    }
  }
}
