import Domain
import Feedback
import Ledger
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  @Test("what is recorded as seen is what was on screen, whatever another program asked the service meanwhile")
  func seenAsShown() async throws {
    try await withWorkspace { workspace, item, _ in
      var other = item
      other.prediction.answer = .value(99)
      let changed = other
      try await workspace.onLedger { ledger throws(LedgerError) in
        _ = try ledger.store([changed], service: "desk", context: "desk")
      }
      #expect(try await workspace.case(item.id)?.prediction.answer == .value(99))
      _ = try await workspace.reveal(Reveal(caseID: item.id, shown: item, timing: JudgementBody.Timing()))
      var commit = commit(.agree, on: item)
      commit.shown = item
      _ = try await workspace.commit(commit)
      let views = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.events(about: item.id, kind: .seen).map { try? $0.decoded().payload }
      }
      #expect(!views.isEmpty)
      for view in views {
        guard case .seen(let seen) = view else { continue }
        #expect(seen.output.answer == item.prediction.answer)
      }
      #expect(try await workspace.case(item.id)?.prediction.answer == item.prediction.answer)
      #expect(
        try await workspace.onLedger { ledger throws(LedgerError) in
          try ledger.store([changed], service: "desk", context: "desk")[0].number
        } == 0)
    }
  }

  @Test("a case is of the version that answered, where versions are told apart")
  func answeringVersion() async throws {
    try await withWorkspace { workspace, item, _ in
      func made(asked: RawText?, answered: RawText?) -> RawText? {
        var prediction = item.prediction
        prediction.model.version = answered
        return workspace.newCase(
          item.record, sourceID: "", prediction, of: ModelID("m", version: asked), at: item.at
        ).model.version
      }
      #expect(made(asked: "1", answered: "7") == "7")
      #expect(made(asked: "1", answered: nil) == "1")
      #expect(made(asked: nil, answered: "7") == nil)
    }
  }
}
