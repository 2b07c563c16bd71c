import Domain
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  /// What undo or redo says that it did.
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
      #expect(Self.undone(try await later.redo(isWanted: false))?.hasSuffix("agree, case \(name)") == true)
    }
  }

  @Test("redo brings back at once what this session took back; of an earlier session it tells first")
  func redoTells() async throws {
    try await withWorkspace { workspace, item, path in
      let saved = try await workspace.commit(commit(.agree, on: item))
      let name = try #require(try await workspace.case(item.id)?.number)
      _ = try await workspace.undo()
      guard case .done = try await workspace.redo(isWanted: false) else {
        Issue.record("what this session took back was not brought back")
        return
      }
      _ = try await workspace.undo()
      let later = try Workspace(workspace.context)
      defer { later.close() }
      guard case .offered(let words) = try await later.redo(isWanted: false) else {
        Issue.record("what an earlier session took back was brought back at once")
        return
      }
      #expect(words.hasSuffix(" agree, case \(name)") && words != "#\(saved) agree, case \(name)")
      #expect(try await later.case(item.id)?.judgements.isEmpty == true)
      #expect(Self.undone(try await later.redo(isWanted: true))?.hasSuffix("agree, case \(name)") == true)
      #expect(try await later.redo(isWanted: false) == nil)
    }
  }
}
