import Domain
import Feedback
import Foundation
import Ledger
import Synchronization
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("Explaining a case", .timeLimit(.minutes(1)))
struct ExplainingTests {
  private static let model = ModelID("wine", version: "1")

  private static func explanation(_ name: RawText, _ number: Int64) -> Explanation {
    Explanation(explainer: ModelID(name), method: name, content: .other(.object([.init("n", .integer(number))])))
  }

  @Test("again: what one explainer said before stays where it fails now, beside what the others say anew")
  func again() async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-explain-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ScriptedServer { request in
      guard request.line.contains("wine-shap") else { return ScriptedServer.response("{}", status: 400) }
      let text = #"{\"meta\":{\"name\":\"Foreign\"},\"n\":2}"#
      return ScriptedServer.response(
        #"{"model_name":"wine-shap","outputs":[{"name":"explanation","datatype":"BYTES","shape":[1,1],"data":[""# + text
          + #""]}]}"#)
    }
    defer { server.close() }
    let workspace = try Workspace(
      Context(name: "desk", service: server.base, analyst: "ana", ledgerPath: folder.appending(path: "l.sqlite").path))
    defer { workspace.close() }
    let signature = Signature(inputs: [TensorSpec(name: "x", datatype: .fp64, shape: [-1, 1])], outputs: [])
    let none = Signature(inputs: [], outputs: [])
    workspace.knownModels.withLock { known in
      known.list(
        [
          Model(id: Self.model, state: .ready, signature: signature),
          Model(id: ModelID("wine-shap"), state: .ready, role: .explainer(of: "wine"), signature: none),
          Model(id: ModelID("wine-anchor"), state: .ready, role: .explainer(of: "wine"), signature: none),
        ], at: Machine.now)
    }
    let record = Record(tensors: [Tensor(name: "x", datatype: .fp64, shape: [1, 1], elements: .double([1]))])
    let recordID = RecordIdentity.of(record, sourceID: "")
    let before = Case(
      id: CaseIdentity.of(record: recordID, service: "desk", model: Self.model), recordID: recordID, number: 1,
      at: Machine.now, model: Self.model, record: record,
      prediction: Prediction(
        model: Self.model, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []),
      explanations: [Self.explanation("wine-shap", 1), Self.explanation("wine-anchor", 1)])
    let stored = try await workspace.onLedger { ledger throws(LedgerError) in
      try ledger.store([before], service: "desk", context: "desk")
    }
    let (explained, problems) = try await workspace.explain(try #require(stored.first).id)
    #expect(problems.count == 1)
    #expect(explained.explanations.map { $0.explainer.name } == ["wine-shap", "wine-anchor"])
    #expect(explained.explanations.last == before.explanations.last)
    #expect(explained.explanations.first?.content != before.explanations.first?.content)
    #expect(try await workspace.case(explained.id)?.explanations == explained.explanations)
  }
}
