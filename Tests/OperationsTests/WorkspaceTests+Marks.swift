import Domain
import Feedback
import Ledger
import Testing
import Workbench

@testable import Operations

extension WorkspaceTests {
  private static let words: [RawText] = ["the", "parcel", "and", "the", "fee"]

  private static func mark(_ kind: MarkKind, _ index: Int) -> Mark {
    let part = ExplanationParts(words).part(at: index) ?? Explanation.Part("")
    return Mark(kind: kind, target: part.name, occurrence: part.occurrence, explainer: ModelID("shap"))
  }

  private func save(
    _ marks: [Mark], knowing known: [Mark], on item: Case, in workspace: Workspace
  ) async throws -> [Mark] {
    var order = commit(.agree, on: item, marks: marks)
    order.knownMarks = known
    _ = try await workspace.commit(order)
    return try await workspace.content(of: item.id).ownMarks
  }

  private func events(of kind: EventKind, on item: Case, in workspace: Workspace) async throws -> [Event] {
    try await workspace.onLedger { ledger throws(LedgerError) in try ledger.events(about: item.id, kind: kind) }
  }

  @Test(
    "marks on words that a text has twice are kept apart, by name or by number, and come back where they were set",
    arguments: [SeenRecord.Retention.full, .hash])
  func marksOnOneName(kept: SeenRecord.Retention) async throws {
    try await withWorkspace(keeping: kept) { workspace, _, _ in
      let item = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.store([Self.aText(Self.words)], service: "desk", context: "desk")[0]
      }
      let both = [Self.mark(.spurious, 0), Self.mark(.agrees, 3)]
      #expect(Set(try await save(both, knowing: [], on: item, in: workspace)) == Set(both))
      let targets = try await events(of: .mark, on: item, in: workspace).map { event -> RawText? in
        guard case .mark(let body) = try event.decoded().payload else { return nil }
        return body.mark.target
      }
      #expect(Set(targets) == (kept == .full ? ["the"] : ["#1", "#4"]) && targets.count == 2)
      #expect(try await save([both[1]], knowing: both, on: item, in: workspace) == [both[1]])
    }
  }

  @Test(
    "where inputs are not kept, marks made by name elsewhere are not said again, and a changed one amends its own"
  )
  func marksByNameAndNumber() async throws {
    try await withWorkspace { workspace, _, path in
      let item = try await workspace.onLedger { ledger throws(LedgerError) in
        try ledger.store([Self.aText(Self.words)], service: "desk", context: "desk")[0]
      }
      let first = [0, 1, 3, 4].map { Self.mark(.spurious, $0) }
      _ = try await save(first, knowing: [], on: item, in: workspace)
      var context = Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path)
      context.retention = .hash
      let other = try Workspace(context)
      defer { other.close() }
      let changed = Array(first.dropFirst()) + [Self.mark(.agrees, 0)]
      #expect(Set(try await save(changed, knowing: first, on: item, in: other)) == Set(changed))
      #expect(try await events(of: .mark, on: item, in: other).count == 4)
      let amended = try await events(of: .amend, on: item, in: other).compactMap { event -> RawText? in
        guard case .amend(let amendment) = try event.decoded().payload, case .mark(let body) = amendment.statement
        else {
          return nil
        }
        return body.mark.target
      }
      #expect(amended == ["#1"])
      // What is taken off there is gone, whatever it was called when it was set.
      #expect(
        Set(try await save(Array(changed.dropFirst()), knowing: changed, on: item, in: other))
          == Set(changed.dropFirst()))
      #expect(try await save([], knowing: Array(changed.dropFirst()), on: item, in: other) == [])
      #expect(try await workspace.content(of: item.id).ownMarks == [])
    }
  }

  @Test("a mark by a number whose explanation is not here stays as it is")
  func markWithoutExplanation() {
    let hash = RawText("sha256 " + Hash.of([1]).hex)
    for target in ["#2", hash] as [RawText] {
      let mark = Mark(kind: .agrees, target: target)
      #expect(MarkPlace.kept(mark, on: nil, fields: [], keeping: .hash) == mark)
    }
    #expect(MarkPlace.kept(Mark(kind: .agrees, target: "fee"), on: nil, fields: [], keeping: .hash).target != "fee")
  }
}
