import Domain
import Foundation
import Ledger
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  @Test("a ledger that a backup takes the place of says how much it has alone")
  func restored() async throws {
    try await withWorkspace { workspace, item, path in
      _ = try await workspace.commit(commit(.agree, on: item))
      let copy = path + ".copy"
      try await workspace.backUpLedger(to: copy)
      #expect(try LedgerFiles.restore(copy, for: context(of: workspace, beside: path)).left == 0)
      _ = try await workspace.commit(commit(.disagree, on: item))
      let waiting = try await workspace.waitingCount()
      let other = context(of: workspace, beside: path)
      try FileManager.default.removeItem(atPath: other.ledgerPath)
      try await workspace.backUpLedger(to: other.ledgerPath)
      let restored = try LedgerFiles.restore(copy, for: other)
      #expect(restored.left > 0 && restored.left < waiting)
    }
  }

  /// The same context with its ledger at another place, which no program has open.
  private func context(of workspace: Workspace, beside path: String) -> Context {
    var context = workspace.context
    context.ledgerPath = path + ".other"
    return context
  }
}
