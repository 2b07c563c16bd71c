import Domain
import Feedback
import Ledger
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

  @Test("two answers of one case that two devices gave are told apart, and what is the same on both is no choice")
  func answersOfTwoDevices() async throws {
    try await withWorkspace { workspace, item, path in
      func answers(of name: String, _ said: [(JudgementStage, Judgement)]) throws -> [Event] {
        let device = try Ledger(path: path + name)
        let stamp = Stamp(at: Self.now, analyst: "ana")
        let stream = try device.stream(for: "desk", stamp: stamp)
        let bodies = said.map { stage, judgement in
          EventBody(stamp: stamp, caseID: item.id, payload: .judgement(JudgementBody(judgement, stage: stage)))
        }
        defer { try? device.close() }
        return try device.append(bodies, to: stream.id)
      }
      func bring(_ events: [Event]) async throws {
        _ = try await workspace.onLedger { ledger throws(LedgerError) in
          try ledger.importEvents(events, context: "desk")
        }
      }
      _ = try await workspace.commit(commit(.agree, on: item))
      try await bring(
        answers(of: ".laptop", [(.initial, Judgement(label: "low")), (.final, Judgement(verdict: .agree))]))
      #expect(try await workspace.outbox().conflicts.isEmpty)
      try await bring(
        answers(of: ".phone", [(.initial, Judgement(label: "high")), (.final, Judgement(verdict: .agree, note: "x"))]))
      let conflicts = try await workspace.outbox().conflicts
      #expect(Set(conflicts.map(\.answer)) == ["first answer", "final answer"])
      #expect(conflicts.allSatisfy { Set($0.versions.map(\.what)).count == 2 && $0.versions.count == 2 })
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

  @Test("undo and redo where there is nothing to undo write nothing: neither a session nor a new stream")
  func nothingToUndo() async throws {
    try await withWorkspace { workspace, item, path in
      func kinds() async throws -> [[EventKind]] {
        try await workspace.onLedger { ledger throws(LedgerError) in
          var kinds: [[EventKind]] = []
          for stream in try ledger.streams() {
            kinds.append(try ledger.events(of: stream.id, limit: 100).map(\.kind))
          }
          return kinds
        }
      }
      func press() async throws {
        workspace.noteSession()
        #expect(try await workspace.undo(isWanted: false) == nil)
        #expect(try await workspace.redo(isWanted: true) == nil)
        let decision = DecisionOrder(caseID: item.id, decision: DecisionBody(label: "low"))
        await #expect(throws: Problem.self) { try await workspace.decide(decision) }
        try await workspace.endSession()
      }
      try await press()
      #expect(try await kinds() == [[.streamStart]])
      _ = try await workspace.commit(commit(.agree, on: item))
      _ = try await workspace.endStream(reason: "bye", isConfirmed: true)
      let ended = try await kinds()
      try await press()
      #expect(try await kinds() == ended)
    }
  }

  @Test("what an earlier session saved is told without a word in the ledger")
  func offeredWithoutEvent() async throws {
    try await withWorkspace { workspace, item, path in
      _ = try await workspace.commit(commit(.agree, on: item))
      let later = try Workspace(workspace.context)
      defer { later.close() }
      later.noteSession()
      guard case .offered = try await later.undo(isWanted: false) else {
        Issue.record("what an earlier session saved was undone at once")
        return
      }
      try await later.endSession()
      let kinds = try await later.onLedger { ledger throws(LedgerError) in
        try ledger.newestEvents(limit: 9).map(\.kind)
      }
      #expect(!kinds.contains(.sessionStart) && !kinds.contains(.sessionEnd))
    }
  }

  @Test("a mark that is taken off without a verdict is listed as that, and undo says what it brings back")
  func takenOff() async throws {
    try await withWorkspace { workspace, item, path in
      let mark = Mark(kind: .spurious, target: "x", explainer: ModelID("shap"))
      func save(_ marks: [Mark], known: [Mark]) async throws -> Int {
        try await workspace.commit(
          Commit(
            caseID: item.id, judgement: Judgement(), marks: marks, knownMarks: known, timing: JudgementBody.Timing()))
      }
      #expect(try await save([mark], known: []) > 0)
      #expect(try await save([mark], known: [mark]) == 0)
      #expect(try await workspace.content(of: item.id).ownMarks.map(\.target) == ["x"])
      let number = try await save([], known: [mark])
      #expect(try await workspace.content(of: item.id).ownMarks.isEmpty)
      #expect(try await workspace.eventLines().last?.hasSuffix("marks taken off") == true)
      #expect(Self.undone(try await workspace.undo())?.hasPrefix("undone #\(number) marks taken off") == true)
      #expect(try await workspace.content(of: item.id).ownMarks.map(\.target) == ["x"])
    }
  }
}
