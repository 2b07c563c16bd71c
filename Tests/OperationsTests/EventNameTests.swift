import Domain
import Feedback
import Foundation
import Ledger
import Testing
import Workbench

@testable import Operations

@Suite("An event of a ledger")
struct EventNameTests {
  private static let item: Case = {
    let record = Record(tensors: [Tensor(name: "x", datatype: .fp64, shape: [1], elements: .double([1]))])
    let model = ModelID("wine", version: "1")
    let recordID = RecordIdentity.of(record, sourceID: "")
    return Case(
      id: CaseIdentity.of(record: recordID, service: "desk", model: model), recordID: recordID, number: 0,
      at: Timestamp(microseconds: 1_795_435_445_000_000), sourceID: "", model: model, record: record,
      prediction: Prediction(
        model: model, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []))
  }()

  /// A workspace whose service is gone, with one case in its ledger.
  private func withWorkspace(_ body: (Workspace, String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-names-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appending(path: "ledger.sqlite").path
    let workspace = try Workspace(
      Context(name: "desk", service: "http://127.0.0.1:9", analyst: "ana", ledgerPath: path))
    _ = try await workspace.onLedger { ledger throws(LedgerError) in
      try ledger.store([Self.item], service: "desk", context: "desk")
    }
    try await body(workspace, path)
    workspace.close()
  }

  private func commit(_ note: RawText) -> Commit {
    Commit(caseID: Self.item.id, judgement: Judgement(verdict: .agree, note: note), timing: JudgementBody.Timing())
  }

  private func problem(_ body: () async throws -> Void) async -> Problem? {
    do {
      try await body()
      return nil
    } catch {
      return error as? Problem
    }
  }

  @Test("is named by its number, and by its stream as well where several have that number: none is taken for another")
  func names() async throws {
    try await withWorkspace { workspace, _ in
      _ = try await workspace.commit(commit("Mary"))
      #expect(try await workspace.eventLines().map { $0.prefix { $0 != " " } } == ["1", "2", "3"])
      #expect(try await workspace.event(named: "3").json["kind"] == "judgement")
      _ = try await workspace.endStream(reason: "given back", isConfirmed: true)
      _ = try await workspace.commit(commit("Ford"))

      let lines = try await workspace.eventLines()
      #expect(lines.filter { $0.hasPrefix("stream ") }.count == 2, "\(lines)")
      let first = try #require(lines.first { $0.contains("judgement") }?.prefix { $0 != " " })
      #expect(first.hasSuffix(":3"))
      for name in ["3", "2"] {
        let refusal = await problem { _ = try await workspace.redact(named: name, reason: "a name") }
        #expect(
          refusal?.summary.hasPrefix("Several streams have a #\(name): ") == true, "\(String(describing: refusal))")
      }
      let shown = await problem { _ = try await workspace.event(named: "3") }
      #expect(shown?.summary.contains(String(first)) == true)
      // One that only one of them has needs no more than its number.
      #expect(try await workspace.event(named: "4").json["kind"] == "stream.end")
      let redacted = try await workspace.redact(named: String(first), reason: "a name")
      let exported = try await workspace.eventLines()
      // Both have a #3 now: what went and what says so are named as the list names them.
      let says = try #require(exported.first { $0.contains(" redact") }?.prefix { $0 != " " })
      #expect(says.contains(":"))
      #expect(redacted.lines == ["removed what #\(first) said; #\(says) says so"])
      #expect(exported.count == lines.count + 1)
      let left = try await workspace.onLedger { ledger throws(LedgerError) in
        (try ledger.searchEvents("mary").count, try ledger.searchEvents("ford").count)
      }
      #expect(left == (0, 1))
      let nobody = await problem { _ = try await workspace.event(named: "ffff:3") }
      #expect(nobody?.summary == "No event is named ffff:3")
    }
  }

  @Test("has at most 32 KB of words: what a collector would not take is refused when it is saved, and the draft stays")
  func words() async throws {
    try await withWorkspace { workspace, _ in
      let long = RawText(String(repeating: "a line of a log\n", count: 2100))
      let refusal = await problem { _ = try await workspace.commit(commit(long)) }
      #expect(refusal?.summary == "The note is too long to be sent: 34 KB of 32.", "\(String(describing: refusal))")
      let waiting = try await workspace.waitingCount()
      #expect(waiting == 1)
      let fitting = RawText(String(repeating: "a line of a log\n", count: 1900))
      let saved = try await workspace.commit(commit(fitting))
      #expect(saved > 1)
      let decision = DecisionOrder(caseID: Self.item.id, decision: DecisionBody(label: "a", note: long))
      let undecided = await problem { _ = try await workspace.decide(decision) }
      #expect(undecided?.summary.hasPrefix("The reason is too long") == true)
      let unanswered = await problem { _ = try await workspace.answer("q", long) }
      #expect(unanswered?.summary.hasPrefix("The answer is too long") == true)
    }
  }
}
