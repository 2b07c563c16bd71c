import Domain
import Feedback
import Foundation
import Ledger
import Testing
import Workbench

@testable import Operations

@Suite("What is imported")
struct ImportTests {
  private func line(_ id: String, _ value: Double, _ label: String) -> String {
    #"{"model":"toy","version":"1","at":"2026-11-29T12:04:05Z","source_id":"\#(id)","label":"\#(label)","#
      + #""inputs":[{"name":"v","datatype":"FP64","shape":[1,1],"data":[\#(value)]}]}"# + "\n"
  }

  @Test("does not take the place of a case that was judged with another record: the line is set aside, and says why")
  func otherRecord() async throws {
    let desk = try LoneDesk()
    defer { desk.close() }
    let (folder, workspace) = (desk.folder, desk.workspace)
    func imported(_ text: String) async throws -> (ImportTally, [BatchRow]) {
      let path = folder.appending(path: "lines.jsonl").path
      try Data(text.utf8).write(to: URL(fileURLWithPath: path))
      var refused: [BatchRow] = []
      let tally = try await workspace.importCases(
        from: path, reject: { (rows) throws(Problem) in refused += rows }, progress: { _ in })
      return (tally, refused)
    }
    #expect(try await imported(line("P-1", 3, "hi") + line("P-2", 4, "hi")).0 == ImportTally(new: 2))
    let first = try await workspace.case(named: "1")
    _ = try await workspace.commit(
      Commit(caseID: first.id, judgement: Judgement(verdict: .agree), timing: JudgementBody.Timing()))

    let (tally, refused) = try await imported(
      line("P-1", 999, "lo") + line("P-2", 5, "lo") + line("P-1", 3, "hi") + line("P-3", 6, "lo"))
    #expect(tally == ImportTally(new: 1, known: 2, rejected: 1))
    #expect(refused.map(\.row) == [1])
    guard case .rejected(_, let reason, let text) = refused.first else { return }
    #expect(reason.hasPrefix("its id is that of a case which you judged with another record"))
    #expect(text.string.contains("999"))
    let (others, otherAnswers) = try await imported(line("P-1", 3, "lo"))
    #expect(others == ImportTally(rejected: 1))
    guard case .rejected(_, let answered, _) = otherAnswers.first else { return }
    #expect(answered == "you judged its case with another answer, or began to: the case stays as you judged it")
    #expect(try await workspace.case(named: "1").record == first.record)
    #expect(try await workspace.case(named: "1").prediction.label == "hi")
    #expect(try await workspace.case(named: "2").prediction.label == "lo")
  }
}
