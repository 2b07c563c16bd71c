import Domain
import Feedback
import Foundation
import Ledger
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("Drift while the service is silent", .timeLimit(.minutes(1)))
struct KnownDriftTests {
  private static let model = ModelID("wine", version: "1")

  private static func aCase(_ index: Int, at moment: Timestamp) -> Case {
    let record = Record(tensors: [
      Tensor(name: "x", datatype: .fp64, shape: [1, 1], elements: .double([Double(index)]))
    ])
    let recordID = RecordIdentity.of(record, sourceID: "")
    return Case(
      id: CaseIdentity.of(record: recordID, service: "desk", model: model), recordID: recordID, number: index,
      at: moment, sourceID: "", model: model, record: record,
      prediction: Prediction(
        model: model, answer: .classes([ClassScore(label: "a", probability: 0.9)], chosen: 0), outputs: []))
  }

  /// A workspace whose service takes requests and answers none, with a window of cases that was compared.
  private func withWindow(
    script: @escaping ScriptedServer.Script = { _, _ in true },
    _ body: (Workspace, Window, ScriptedServer) async throws -> Void
  ) async throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-drift-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let server = try ScriptedServer(script: script)
    defer { server.close() }
    let workspace = try Workspace(
      Context(name: "desk", service: server.base, analyst: "ana", ledgerPath: folder.appending(path: "l.sqlite").path))
    defer { workspace.close() }
    let from = Machine.now.aligned(toSeconds: WindowWidth.sixHours.seconds).advanced(bySeconds: -21_600)
    var window = Window(model: Self.model, from: from, to: from.advanced(bySeconds: 21_600), count: 40)
    window.result = Window.Result(
      source: .detector, detector: ModelID("wine-drift"), method: "TabularDrift", correction: "Bonferroni",
      threshold: 0.05, referenceCount: 100, isDrift: true, features: [])
    let compared = window
    try await workspace.onLedger { ledger throws(LedgerError) in
      let cases = (1...40).map { Self.aCase($0, at: from.advanced(bySeconds: Double($0))) }
      _ = try ledger.store(cases, service: "desk", context: "desk")
      try ledger.put([compared], context: "desk")
    }
    try await body(workspace, compared, server)
  }

  @Test("the windows that were compared are there at once, before anything is asked")
  func known() async throws {
    try await withWindow { workspace, window, server in
      let (news, heard) = AsyncStream<DriftNews>.makeStream()
      let asking = Task { try? await workspace.drift(of: Self.model, width: .sixHours) { heard.yield($0) } }
      var iterator = news.makeAsyncIterator()
      guard case .known(let content) = await iterator.next() else {
        Issue.record("nothing was known")
        return
      }
      let known = try #require(content.windows.first { $0.from == window.from })
      #expect(known.result == window.result && known.count == 40)
      #expect(content.answers.reduce(0) { $0 + ($1["a"] ?? 0) } == 40)
      asking.cancel()
      _ = await asking.value
    }
  }

  @Test("a detector that has failed is told with the reason that the service's list gives") func failedDetector()
    async throws
  {
    let index = """
      [{"name":"wine","version":"1","state":"READY","reason":""},
       {"name":"wine-drift","version":"1","state":"UNAVAILABLE","reason":"reference.json has no alcohol"}]
      """
    let wine = #"{"name":"wine","versions":["1"],"platform":"p","inputs":[],"outputs":[]}"#
    try await withWindow(script: { request, send in
      if request.line.contains("/repository/index") { return send(ScriptedServer.response(index)) }
      return request.line.contains("wine-drift") ? false : send(ScriptedServer.response(wine))
    }) { workspace, window, _ in
      let (content, problem) = try await workspace.drift(of: Self.model, width: .sixHours)
      #expect(content.windows.contains { $0.result == window.result })
      #expect(problem?.summary.hasPrefix("wine-drift is") == true, "\(String(describing: problem))")
      #expect(problem?.summary.hasSuffix(": reference.json has no alcohol") == true, "\(String(describing: problem))")
    }
  }

  @Test("the cases of a window are found without asking anybody")
  func cases() async throws {
    try await withWindow { workspace, window, server in
      let ids = try await workspace.windowCases(of: Self.model, from: window.from, to: window.to, feature: "x")
      #expect(ids.count == 40)
      #expect(server.requests.isEmpty)
    }
  }
}
