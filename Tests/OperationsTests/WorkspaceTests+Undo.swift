import Domain
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  /// What undo says that it did.
  static func undone(_ undoing: Undoing?) -> String? {
    if case .done(let step) = undoing { step.what.text } else { nil }
  }

  @Test("undo says which case and what is next; what an earlier session saved it tells before it takes it back")
  func undoTells() async throws {
    try await withWorkspace { workspace, item, path in
      _ = try await workspace.commit(commit(.agree, on: item))
      let second = try await workspace.commit(commit(.disagree, on: item))
      let name = try #require(try await workspace.case(item.id)?.number)
      guard case .done(let step) = try await workspace.undo(isWanted: false) else {
        Issue.record("what this session saved was not undone")
        return
      }
      #expect(step.what.text == "undone #\(second) disagree, case \(name)")
      #expect(step.next?.hasSuffix("agree, case \(name)") == true)
      let later = try Workspace(workspace.context)
      defer { later.close() }
      guard case .offered(let words) = try await later.undo(isWanted: false) else {
        Issue.record("what an earlier session saved was undone at once")
        return
      }
      #expect(words == step.next)
      #expect(Self.undone(try await later.undo(isWanted: true)) == "undone \(words)")
      #expect(try await later.undo(isWanted: false) == nil)
      #expect(try await later.redo()?.what.text.hasSuffix("agree, case \(name)") == true)
    }
  }
}
