import Domain
import Feedback
import Foundation
import Ledger
import Synchronization
import Testing
import WireFixtures
import Workbench

@testable import Operations

@Suite("Taking a queue")
struct TakingTests {
  private static let records = 12

  /// A workspace whose inbox has a queue of records, on a service that answers as a closure does.
  private func withQueue(
    _ given: [String]? = nil, answering answer: @escaping ScriptedServer.Answer,
    _ body: (Workspace) async throws -> Void
  ) async throws {
    let server = try ScriptedServer(answer)
    let folder = FileManager.default.temporaryDirectory.appending(path: "mds-taking-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let ledgerPath = folder + "/ledger.sqlite"
    let lines =
      given
      ?? (1...Self.records).map { number in
        #"{"id":"r\#(number)","inputs":[{"name":"x","datatype":"FP64","shape":[1,2],"data":[\#(number),0.5]}]}"#
      }
    let content = Array(lines.joined(separator: "\n").utf8)
    let queue = PublishedQueue(
      title: "week", model: ModelID("m"), count: lines.count, population: 90, content: Hash.of(content),
      bytes: content.count)
    let at = Timestamp(microseconds: 1_795_435_445_000_000)
    let ledger = try Ledger(path: ledgerPath)
    try ledger.putBlob(content)
    try ledger.putInbox(
      [
        InboxItem(
          id: "q", kind: InboxKind.queue.text, name: "week48", body: try queue.canonicalBytes(), publishedAt: at,
          receivedAt: at)
      ], context: "desk")
    try ledger.close()
    let workspace = try Workspace(
      Context(name: "desk", service: server.base, analyst: "ana", ledgerPath: ledgerPath))
    defer {
      workspace.close()
      server.close()
      try? FileManager.default.removeItem(atPath: folder)
    }
    try await body(workspace)
  }

  @Test("has four cases explained at a time: an explainer is asked once for each")
  func together() async throws {
    let service = ExplainedService()
    try await withQueue(answering: service.answer) { workspace in
      let tally = try await workspace.take("q")
      #expect(tally.cases == Self.records && tally.unexplained == 0 && tally.setAside.isEmpty, "\(tally)")
    }
    #expect(service.asked == Self.records && service.mostTogether == 4)
  }

  @Test("asks no more for explanations once the service is gone, and says how many cases have none")
  func gone() async throws {
    let service = ExplainedService(isGoneForExplanations: true)
    try await withQueue(answering: service.answer) { workspace in
      let tally = try await workspace.take("q")
      #expect(tally.cases == Self.records && tally.unexplained == Self.records, "\(tally)")
      #expect(tally.why?.kind == .unreachable, "\(String(describing: tally.why))")
    }
    #expect(service.asked < Self.records)
  }

  @Test("where the service is not there for values by name says that once, blames no record, and is done another time")
  func notThere() async throws {
    let isThere = Mutex(false)
    let service = ExplainedService(isGoneForExplanations: true)
    let lines = (1...3).map { #"{"id":"r\#($0)","inputs":{"x[0]":\#($0),"x[1]":0.5}}"# }
    try await withQueue(lines, answering: { isThere.withLock(\.self) ? service.answer($0) : nil }) { workspace in
      do throws(Problem) {
        _ = try await workspace.take("q")
        Issue.record("it was taken without the service")
      } catch {
        #expect(error.kind == .unreachable, "\(error)")
      }
      isThere.withLock { $0 = true }
      let tally = try await workspace.take("q")
      #expect(tally.cases == 3 && tally.setAside.isEmpty, "\(tally)")
    }
  }

  @Test("two lines with the same record are one case, in what is told and in what waits") func twice() async throws {
    let service = ExplainedService(isGoneForExplanations: true)
    let lines = [1, 2, 1].map { #"{"inputs":[{"name":"x","datatype":"FP64","shape":[1,2],"data":[\#($0),0.5]}]}"# }
    try await withQueue(lines, answering: service.answer) { workspace in
      let tally = try await workspace.take("q")
      #expect(tally.cases == 2 && tally.setAside.isEmpty, "\(tally)")
      let queue = try await workspace.queue(QueueOrder(taken: tally.queue))
      #expect(queue.items.count == 2 && queue.more == 0, "\(queue.items.map(\.id))")
    }
  }
}

/// What a service answers that has a model `m` of two numbers and an explainer of it, which does not answer before four
/// have asked it.
private final class ExplainedService: Sendable {
  private let isGoneForExplanations: Bool
  private let state = Mutex((asked: 0, open: 0, mostTogether: 0))
  private let arrivals = NSCondition()

  init(isGoneForExplanations: Bool = false) { self.isGoneForExplanations = isGoneForExplanations }

  var asked: Int { state.withLock { $0.asked } }
  var mostTogether: Int { state.withLock { $0.mostTogether } }

  var answer: ScriptedServer.Answer { { [self] in reply(to: $0) } }

  private func reply(to request: ReceivedRequest) -> [UInt8]? {
    let isExplainer = request.line.contains("m-shap")
    if request.line.contains("/infer") {
      return isExplainer ? explanation() : predictions(of: request.body)
    }
    if request.line.contains("/repository/index") {
      return ScriptedServer.response(#"[{"name":"m","state":"READY"},{"name":"m-shap","state":"READY"}]"#)
    }
    let name = isExplainer ? #""name":"m-shap","platform":"alibi-explain""# : #""name":"m","platform":"p""#
    return ScriptedServer.response(
      #"{\#(name),"inputs":[{"name":"x","datatype":"FP64","shape":[-1,2]}],"#
        + #""outputs":[{"name":"y","datatype":"FP64","shape":[-1,1]}]}"#)
  }

  private func predictions(of body: [UInt8]) -> [UInt8] {
    let rows = ((try? JSON(parsing: body))?["inputs"]?[0]?["data"]?.numbers?.count ?? 0) / 2
    let values = repeatElement("1", count: rows).joined(separator: ",")
    return ScriptedServer.response(
      #"{"model_name":"m","outputs":[{"name":"y","datatype":"FP64","shape":[\#(rows),1],"data":[\#(values)]}]}"#)
  }

  private func explanation() -> [UInt8]? {
    arrivals.lock()
    state.withLock { state in
      state.asked += 1
      state.open += 1
      state.mostTogether = max(state.mostTogether, state.open)
    }
    arrivals.broadcast()
    let deadline = Date(timeIntervalSinceNow: 20)
    while !isGoneForExplanations, mostTogether < 4, arrivals.wait(until: deadline) {}
    state.withLock { $0.open -= 1 }
    arrivals.unlock()
    if isGoneForExplanations { return nil }
    return ScriptedServer.response(
      #"{"model_name":"m-shap","outputs":[{"name":"explanation","datatype":"BYTES","shape":[1,1],"data":["#
        + #""{\"meta\":{\"name\":\"TreeShap\"},\"data\":{\"shap_values\":[[[0.25,-0.5]]],\"expected_value\":[1.25],"#
        + #"\"feature_names\":[\"x[0]\",\"x[1]\"],\"raw\":{\"raw_prediction\":[1.0],\"instances\":[[1.0,0.5]]}}}"]}]}"#)
  }
}
