import Alibi
import Deployment
import Domain
import OpenInference
import Testing
import Transport
import WireFixtures

@Suite("explainers and detectors of a service", .timeLimit(.minutes(1))) struct ExplainersAndDetectorsTests {
  let call = Samples.call

  @Test("an explanation comes back with the model's labels and its latency")
  func explain() async throws {
    try await withRecording("mlserver/110-explain-kernelshap") { service, server in
      let explanation = try await service.explain(
        Samples.description("wine-kernelshap"), record: Samples.wineRecord(), signature: Samples.wine,
        parameters: [JSON.Member("nsamples", 100)], call: call)
      guard case .attributions(let attributions) = explanation.content else {
        Issue.record("no attributions")
        return
      }
      #expect(attributions.classes.map(\.label) == ["class_0", "class_1", "class_2"])
      #expect(explanation.explainer == ModelID("wine-kernelshap", version: "1") && explanation.latency != nil)
      let request = try InferenceRequest(decoding: server.requests[0].body)
      #expect(request[parameter: "explain_parameters"]?["nsamples"] == 100)
    }
  }

  @Test("a text explainer is told that it gets text")
  func explainText() async throws {
    let record = Record(tensors: [
      Tensor(name: "text", datatype: .bytes, shape: [1, 1], elements: .bytes(["I cannot log in to my account"]))
    ])
    try await withRecording("mlserver/112-explain-intent-anchor") { service, server in
      let explanation = try await service.explain(
        Samples.description("intent-anchor"), record: record, signature: Signature(inputs: [], outputs: []),
        call: call)
      guard case .anchor(let anchor) = explanation.content else {
        Issue.record("no anchor")
        return
      }
      #expect(anchor.predicates == ["in"])
      #expect(try InferenceRequest(decoding: server.requests[0].body)[parameter: "content_type"] == "str")
    }
  }

  @Test("an explainer whose model fails passes on its words")
  func explainerFails() async throws {
    try await withRecording("mlserver/115-explain-bad-shape") { service, _ in
      let error = await deploymentError {
        _ = try await service.explain(
          Samples.description("wine-anchor"), record: Samples.wineRecord(), signature: Samples.wine, call: call)
      }
      #expect(error?.problem.detail.contains("Remote inference call failed with 500") == true)
    }
  }

  @Test("drift is one answer for all records")
  func drift() async throws {
    try await withRecording("mlserver/118-detect-wine-drift-wine-drifted-40") { service, server in
      let answer = try await service.drift(
        Samples.description("wine-drift"), records: (0..<40).map { Samples.wineRecord(Double($0)) }, call: call)
      #expect(answer.isDrift && answer.pValues.count == 13)
      #expect(server.requests.count(where: { $0.line.hasPrefix("POST") }) == 1)
    }
  }

  @Test("a detector that gathers a batch says so")
  func gathering() async throws {
    try await withRecording("mlserver/130-detect-batched-0") { service, _ in
      let error = await deploymentError {
        _ = try await service.drift(
          Samples.description("wine-drift-batched"), records: [Samples.wineRecord()], call: call)
      }
      #expect(error?.reason == .gathering)
    }
  }

  @Test("outliers come one a record, with the published threshold")
  func outliers() async throws {
    try await withRecording("mlserver/123-detect-wine-outlier-wine-outliers-6") { service, _ in
      let detector = Samples.description("wine-outlier", [JSON.Member("threshold", 0.02)])
      let rows = try await service.outliers(
        detector, records: (0..<6).map { Samples.wineRecord(Double($0)) }, call: call)
      #expect(rows.map(\.isOutlier) == [true, false, false, false, false, false] && rows[0].threshold == 0.02)
      let error = await deploymentError {
        _ = try await service.outlier(detector, record: Samples.wineRecord(), call: call)
      }
      #expect(error?.reason == .rowCount(6, expected: 1))
    }
  }

  @Test("a predictor asked for drift is not what was asked for")
  func wrongModel() async throws {
    try await withRecording("mlserver/036-infer-wine-1") { service, _ in
      let error = await deploymentError {
        _ = try await service.drift(Samples.description("wine"), records: [Samples.wineRecord()], call: call)
      }
      #expect(error?.reason == .unexpected(.missingOutput("is_drift")))
    }
  }
}
