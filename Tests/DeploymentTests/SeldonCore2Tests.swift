import Deployment
import Domain
import Synchronization
import Testing
import WireFixtures

@Suite("Seldon Core 2 behind its Envoy")
struct SeldonCore2Tests {
  private let options = InferenceOptions(kind: .seldonCore2)
  private static let answer =
    #"{"model_name":"iris_1","model_version":"1","outputs":[{"name":"y","shape":[1,1],"datatype":"INT64","data":[1]}]}"#

  private func infer(_ service: InferenceService, _ name: RawText, keepsRoute: Bool = true) async throws -> Prediction {
    var call = Samples.call
    call.keepsRoute = keepsRoute
    return try await service.infer(
      ModelID(name), record: Samples.wineRecord(), signature: Signature(inputs: [], outputs: []), call: call)
  }

  @Test("is routed by name, and a model that is no experiment never gets a route back")
  func routing() async throws {
    let routed = ["content-type": "application/json", "x-seldon-route": ":iris_1:"]
    try await withService(options: options, { _ in ScriptedServer.response(Self.answer, headers: routed) }) {
      service, server in
      for _ in 0..<2 {
        let route = try await infer(service, "iris").route
        #expect(route == ":iris_1:")
      }
      #expect(server.requests.map { $0.headers["seldon-model"] } == ["iris", "iris"])
      #expect(server.requests.allSatisfy { $0.headers["x-seldon-route"] == nil })
    }
  }

  @Test("an experiment stays with the candidate that answered first, but for a batch")
  func sticky() async throws {
    let routed = ["content-type": "application/json", "x-seldon-route": ":add10_1:"]
    try await withService(options: options, { _ in ScriptedServer.response(Self.answer, headers: routed) }) {
      service, server in
      for _ in 0..<2 { _ = try await infer(service, "ab.experiment") }
      _ = try await infer(service, "ab.experiment", keepsRoute: false)
      #expect(server.requests.map { $0.headers["x-seldon-route"] } == [nil, ":add10_1:", nil])
    }
  }

  @Test("a route whose candidate is gone is dropped, and the record is sent once more without it")
  func lostRoute() async throws {
    let gone = Mutex(false)
    try await withService(
      options: options,
      { request in
        if request.headers["x-seldon-route"] != nil {
          return ScriptedServer.response("", status: 404, headers: ["server": "envoy"])
        }
        let route = gone.withLock { $0 } ? ":mul10_1:" : ":add10_1:"
        return ScriptedServer.response(
          Self.answer, headers: ["content-type": "application/json", "x-seldon-route": route])
      }
    ) { service, server in
      let first = try await infer(service, "ab.experiment").route
      #expect(first == ":add10_1:")
      gone.withLock { $0 = true }
      let second = try await infer(service, "ab.experiment").route
      #expect(second == ":mul10_1:")
      #expect(server.requests.count == 3)
    }
  }

  @Test("metadata that Core 2.10 refuses leaves a model without a signature, and the catalogue gives it one")
  func noMetadata() async throws {
    let refusal = ScriptedServer.response(
      "Failed to get path termination for request: no valid marker found in path", status: 400,
      headers: ["content-type": "text/plain"])
    try await withService(options: options, { _ in refusal }) { service, _ in
      let description = try await service.metadata(ModelID("iris"))
      #expect(description.signature.inputs.isEmpty)
    }
    var options = options
    options.catalogue = Catalogue(entries: [
      Catalogue.Entry(
        name: "iris",
        supplement: SignatureSupplement(
          layer: .catalogue, inputs: [TensorSupplement(name: "x", datatype: .fp32, shape: [-1, 4])]))
    ])
    try await withService(options: options, { _ in refusal }) { service, _ in
      let description = try await service.metadata(ModelID("iris"))
      #expect(description.signature.fields.count == 4)
      #expect(description.signature.fields[0].layer == .catalogue)
      let names = try await service.models().map(\.id.name)
      #expect(names == ["iris"])
    }
  }

  @Test("a pipeline's failure names the step, its texts are unpacked, and a number that it would change is not sent")
  func pipelines() async throws {
    let failure = "tfsimple1 : rpc error: code = InvalidArgument desc = unexpected shape for input 'INPUT0'"
    try await withService(
      options: options,
      { _ in
        ScriptedServer.response(failure, status: 400, headers: ["content-type": "text/plain; charset=utf-8"])
      }
    ) { service, _ in
      let error = await deploymentError { _ = try await infer(service, "tfsimples.pipeline") }
      #expect(error?.problem.summary == "Step tfsimple1 of tfsimples.pipeline could not use the input: 400.")
      #expect(error?.problem.detail.contains("INPUT0") == true)
    }
    let packed =
      #"{"model_name":"","outputs":[{"name":"label","shape":[1,1],"datatype":"BYTES","data":["c2V0b3Nh"]},{"name":"t","shape":[1,1],"datatype":"BYTES","parameters":{"content_type":"str"},"data":["abcd"]}]}"#
    try await withService(options: options, { _ in ScriptedServer.response(packed) }) { service, server in
      let answer = try await infer(service, "p.pipeline")
      #expect(answer.outputs.map { $0.text(at: 0) } == ["setosa", "abcd"])
      let large = Record(
        tensors: [Tensor(name: "id", datatype: .int64, shape: [1, 1], elements: .signed([9_007_199_254_740_993]))])
      let error = await deploymentError {
        _ = try await service.infer(
          ModelID("p.pipeline"), record: large, signature: Signature(inputs: [], outputs: []), call: Samples.call)
      }
      #expect(error?.reason == .lossy(input: "id", value: "9007199254740993"))
      #expect(server.requests.count == 1)
    }
  }
}

@Suite("Outputs that are asked for")
struct RequestedOutputsTests {
  @Test("are all that are published, and none where the model refuses to be asked so")
  func outputs() async throws {
    let answer = #"{"model_name":"wine","outputs":[{"name":"predict","shape":[1,1],"datatype":"INT64","data":[1]}]}"#
    try await withService({ request in
      String(decoding: request.body, as: UTF8.self).contains("\"outputs\"")
        ? ScriptedServer.response(#"{"error":"unexpected inference output"}"#, status: 400)
        : ScriptedServer.response(answer)
    }) { service, server in
      for _ in 0..<2 {
        let prediction = try await service.infer(
          ModelID("wine"), record: Samples.wineRecord(), signature: Samples.wine, call: Samples.call)
        #expect(prediction.label == "class_1")
      }
      let bodies = server.requests.map { String(decoding: $0.body, as: UTF8.self) }
      #expect(bodies.map { $0.contains("predict_proba") } == [true, false, false])
    }
  }
}
