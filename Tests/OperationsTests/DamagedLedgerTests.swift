import Domain
import Feedback
import Foundation
import Ledger
import Testing
import Workbench

@testable import Operations

/// A bit of the ledger's file is another one by now, in what it keeps beside the events.
@Suite("A ledger with a damaged cache")
struct DamagedLedgerTests {
  /// Flips the lowest bit of the byte at which the only occurrence of these bytes begins.
  private func damage(_ path: String, at words: String) throws {
    var bytes = try Data(contentsOf: URL(fileURLWithPath: path))
    let place = try #require(bytes.range(of: Data(words.utf8)))
    #expect(bytes.range(of: Data(words.utf8), in: place.upperBound..<bytes.endIndex) == nil)
    bytes[place.lowerBound] ^= 1
    let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
    try file.write(contentsOf: bytes)
    try file.close()
  }

  private func withLedger(
    _ words: String, _ body: (Workspace, Case) async throws -> Void
  ) async throws {
    try await WorkspaceTests().withWorkspace { workspace, item, path in
      _ = try await workspace.commit(WorkspaceTests().commit(.agree, on: item))
      try await workspace.onLedger { ledger throws(LedgerError) in
        let spec = TensorSpec(name: "cached", datatype: .fp32, shape: [-1, 2])
        let model = Model(
          id: ModelID("wine", version: "1"), state: .ready, signature: Signature(inputs: [spec], outputs: []))
        try ledger.rememberModels([model], context: "desk", at: WorkspaceTests.now)
        let account = JSON.object(["address": "http://127.0.0.1:9", "analyst": "ana", "device": "kept"])
        try ledger.set(account, for: CollectorAccount.key(for: "desk"))
        try ledger.put(
          JudgementDraft(caseID: item.id, judgement: Judgement(note: "begun"), savedAt: WorkspaceTests.now))
        try ledger.checkpoint()
      }
      workspace.close()
      try damage(path, at: words)
      let again = try Workspace(workspace.context)
      defer { again.close() }
      try await body(again, item)
    }
  }

  /// What was judged is there, and more can be.
  private func expectUsable(_ workspace: Workspace, _ item: Case) async throws {
    #expect(try await workspace.eventLines().contains { $0.contains("agree") })
    #expect(try await workspace.verification().verified >= 3)
    #expect(try await workspace.content(of: item.id).own?.judgement.verdict == .agree)
    _ = try await workspace.commit(WorkspaceTests().commit(.unsure, on: item))
    #expect(try await workspace.content(of: item.id).own?.judgement.verdict == .unsure)
  }

  @Test("opens without what the service said of its models") func models() async throws {
    try await withLedger("\"name\":\"cached\"") { workspace, item in
      #expect(workspace.rememberedModels() == nil)
      #expect(try await workspace.verification().fault == nil)
      #expect(try await workspace.verification().unreadable.count == 1)
      try await expectUsable(workspace, item)
    }
  }

  @Test("opens without an enrolment that cannot be read, and says so where it would send") func account() async throws {
    try await withLedger("\"device\":\"kept\"") { workspace, item in
      #expect(!workspace.hasCollector)
      let problem = await #expect(throws: Problem.self) { try await workspace.sync() }
      #expect(problem?.summary == "what this ledger keeps of its enrolment cannot be read: what you save stays in it")
      try await expectUsable(workspace, item)
    }
  }

  @Test("names the case of a draft that cannot be read") func draft() async throws {
    try await withLedger("\"note\":\"begun\"") { workspace, item in
      #expect(try await workspace.draftedCases() == [])
      #expect(
        try await workspace.damagedDrafts()?.summary
          == "what was begun on case \(item.number) \(item.id.short) cannot be read")
      #expect(try await workspace.content(of: item.id).draft == nil)
      try await expectUsable(workspace, item)
      #expect(try await workspace.damagedDrafts() == nil)
    }
  }
}
