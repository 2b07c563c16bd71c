import Deployment
import Domain
import OpenInference
import Testing
import Transport
import WireFixtures

@Suite("inference", .timeLimit(.minutes(1))) struct InferenceTests {
  let call = Samples.call

  @Test("a record goes out with its ids and comes back as a prediction")
  func one() async throws {
    try await withRecording("mlserver/036-infer-wine-1") { service, server in
      let prediction = try await service.infer(
        ModelID("wine", version: "2"), record: Samples.wineRecord(), signature: Samples.wine, call: call)
      #expect(prediction.model == ModelID("wine", version: "2"))
      #expect(prediction.label == "class_1" && prediction.requestID == "0190-call")
      #expect(prediction.traceID == RawText(call.traceID) && prediction.latency != nil)

      let sent = try #require(server.requests.first)
      #expect(sent.line == "POST /v2/models/wine/versions/2/infer HTTP/1.1")
      #expect(sent.headers["x-request-id"] == "0190-call")
      #expect(sent.headers["traceparent"] == "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
      #expect(sent.headers["content-type"] == "application/json")
      let request = try InferenceRequest(decoding: sent.body)
      #expect(request.id == "0190-call" && request.inputs[0][parameter: "content_type"] == "np")
      #expect(request.inputs[0].elements == Samples.wineRecord().tensors[0].elements)
      #expect(server.requests.count == 1)
    }
  }

  @Test("several records travel in one request and come back one by one")
  func three() async throws {
    try await withRecording("mlserver/038-infer-wine-proba-id") { service, server in
      let records = [1.0, 2, 3].map(Samples.wineRecord)
      let predictions = try await service.infer(
        ModelID("wine"), records: records, signature: Samples.wine, call: call)
      #expect(predictions.map(\.label) == ["class_1", "class_1", "class_2"])
      #expect(predictions[2].outputs.map(\.shape) == [[1, 1], [1, 3]])
      #expect(predictions[0].classes.count == 3 && predictions[0].model.version == "2")
      #expect(try InferenceRequest(decoding: server.requests[0].body).inputs[0].shape == [3, 13])
    }
  }

  /// Answers each request with the first element of each of its rows.
  static let echo: ScriptedServer.Answer = { request in
    let length = request.headers["inference-header-content-length"].flatMap { Int($0) }
    guard request.line.hasPrefix("POST") else {
      return ScriptedServer.response(#"{"name":"x","version":"1","extensions":["binary_tensor_data"]}"#)
    }
    guard let decoded = try? InferenceRequest(decoding: request.body, headerLength: length),
      let values = decoded.inputs[0].numbers
    else { return ScriptedServer.response("unreadable", status: 400) }
    let firsts = stride(from: 0, to: values.count, by: 13).map { values[$0] }
    let output = Tensor(name: "y", datatype: .fp64, shape: [firsts.count, 1], elements: .double(firsts))
    let response = InferenceResponse(modelName: "wine", outputs: [output])
    guard let message = try? response.encoded(for: decoded) else { return nil }
    var headers = ["content-type": message.contentType, "x-seldon-route": ":wine_1:"]
    if let length = message.headerLength { headers["Inference-Header-Content-Length"] = "\(length)" }
    return ScriptedServer.response(message.body, status: 200, headers: headers)
  }

  @Test("a batch goes in chunks, some at a time, and comes back in order")
  func batch() async throws {
    var options = InferenceOptions()
    options.rowsPerRequest = 7
    options.requestsInFlight = 3
    try await withService(options: options, Self.echo) { service, server in
      let records = (0..<100).map { Samples.wineRecord(Double($0)) }
      let predictions = try await service.infer(
        ModelID("wine"), records: records, signature: Samples.wine, call: call)
      #expect(predictions.map(\.label) == (0..<100).map { RawText("\($0)") })
      #expect(predictions[0].route == ":wine_1:")
      #expect(predictions[6].requestID == "0190-call" && predictions[7].requestID == "0190-call-2")
      let ids = Set(server.requests.compactMap { $0.headers["x-request-id"] })
      #expect(ids.count == 15 && server.requests.count == 15)
    }
  }

  @Test("large tensors travel as binary data where the service takes it, which is asked once")
  func binary() async throws {
    try await withService(Self.echo) { service, server in
      let records = (0..<50).map { Samples.wineRecord(Double($0)) }
      for _ in 0..<2 {
        let predictions = try await service.infer(
          ModelID("wine"), records: records, signature: Samples.wine, call: call)
        #expect(predictions.count == 50)
      }
      #expect(server.requests.count(where: { $0.line.hasPrefix("GET /v2 ") }) == 1)
      let posts = server.requests.filter { $0.line.hasPrefix("POST") }
      #expect(posts.allSatisfy { $0.headers["content-type"] == "application/octet-stream" })
    }
  }

  @Test("an input that does not fit is not sent")
  func invalid() async throws {
    try await withService(Self.echo) { service, server in
      var record = Samples.wineRecord()
      record.tensors[0].name = "features"
      let error = await deploymentError {
        _ = try await service.infer(
          ModelID("wine"), records: [Samples.wineRecord(), record], signature: Samples.wine, call: call)
      }
      #expect(error?.reason == .invalid([.unknownInput("features", known: ["input"]), .missingInput("input")]))
      let single = await deploymentError {
        _ = try await service.infer(ModelID("wine"), record: record, signature: Samples.wine, call: call)
      }
      #expect(
        single?.reason == .invalid([.unknownInput("features", known: ["input"]), .missingInput("input")]))
      #expect(single?.problem.summary.hasSuffix("and 1 more. Nothing was sent.") == true)
      #expect(server.requests.isEmpty)
    }
  }

  @Test("an answer without an output is none where the model publishes one")
  func mute() async throws {
    try await withService({ _ in ScriptedServer.response(#"{"model_name":"wine","outputs":[]}"#) }) { service, _ in
      let error = await deploymentError {
        _ = try await service.infer(ModelID("wine"), record: Samples.wineRecord(), signature: Samples.wine, call: call)
      }
      #expect(error?.problem.summary == "wine answered without an output.")
    }
  }

  @Test("an unknown category is sent when the caller insists")
  func category() async throws {
    let signature = Signature(
      inputs: [
        TensorSpec(name: "port", datatype: .bytes, shape: [-1, 1], parameters: [JSON.Member("categories", ["a"])])
      ], outputs: [])
    let record = Record(tensors: [Tensor(name: "port", datatype: .bytes, shape: [1, 1], elements: .bytes(["b"]))])
    try await withService({ _ in
      ScriptedServer.response(#"{"model_name":"m","outputs":[]}"#)
    }) { service, server in
      let error = await deploymentError {
        _ = try await service.infer(ModelID("m"), record: record, signature: signature, call: call)
      }
      #expect(error?.reason == .invalid([.category(input: "port", row: 0, "b", known: ["a"])]))
      let prediction = try await service.infer(
        ModelID("m"), record: record, signature: signature, call: call, acceptsUnknownCategories: true)
      #expect(prediction.answer == .opaque)
    }
  }

  @Test(
    "an answer that is no success is an error with the service's words, never sent twice",
    arguments: [
      ("mlserver/060-err-unknown-model", 404, "Model nosuch not found"),
      (
        "mlserver/062-err-shape-data-mismatch", 500,
        "builtins.ValueError: cannot reshape array of size 13 into shape (1,12)"
      ),
      ("mlserver/073-err-no-shape", 422, "inputs[0].shape: Field required"),
      ("mlserver/087-binary-tensor", 500, "Internal Server Error"),
      ("triton/108-queue-full-4", 503, "Exceeds maximum queue size"),
      (
        "triton/128-err-infer-decoupled", 501, "HTTP end point doesn't support models with decoupled transaction policy"
      ),
    ])
  func refused(name: String, status: Int, message: String) async throws {
    try await withRecording(name) { service, server in
      let error = await deploymentError {
        _ = try await service.infer(
          ModelID("wine"), record: Samples.wineRecord(), signature: Samples.wine, call: call)
      }
      guard case .status(let got, let words) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(got == status && words.string.contains(message))
      #expect(error?.problem.summary.contains("\(status)") == true)
      #expect(server.requests.count == 1)
    }
  }

  @Test("the problem of a 500 says that it was not retried, why, and what the service said")
  func problem() async throws {
    try await withRecording("mlserver/062-err-shape-data-mismatch") { service, _ in
      let error = try #require(
        await deploymentError {
          _ = try await service.infer(
            ModelID("wine", version: "3"), record: Samples.wineRecord(), signature: Samples.wine, call: call)
        })
      let problem = error.problem
      #expect(problem.summary == "The service could not use the input: 500, not retried.")
      #expect(problem.advice == "Servers answer 500 to many input mistakes; the same request would fail again.")
      let lines = problem.detail.split(separator: "\n")
      #expect(lines[0].hasPrefix("POST …/v2/models/wine/versions/3/infer, ") && lines[0].hasSuffix(" ms"))
      #expect(lines[1] == "HTTP 500 application/json, 82 bytes, request 0190-call")
      #expect(lines[2] == #"{"error":"builtins.ValueError: cannot reshape array of size 13 into shape (1,12)"}"#)
    }
  }

  @Test("what cannot be read, or has other rows, is refused")
  func unreadable() async throws {
    for (body, reason) in [
      ("<html>", DeploymentError.Reason.unreadable(OpenInferenceError(.expected("an object")))),
      (
        #"{"model_name":"m","outputs":[{"name":"y","datatype":"FP64","shape":[3],"data":[1,2,3]}]}"#,
        .rowCount(3, expected: 2)
      ),
    ] {
      try await withService({ _ in ScriptedServer.response(body) }) { service, _ in
        let error = await deploymentError {
          _ = try await service.infer(
            ModelID("m"), records: [Samples.wineRecord(), Samples.wineRecord()], signature: Samples.wine, call: call)
        }
        #expect(error?.reason == reason)
        #expect(error?.problem.detail.contains(body) == true)
      }
    }
  }

  @Test(
    "gzip answers and both at once read like plain ones",
    arguments: [
      "mlserver/089-gzip-response", "mlserver/091-identity-large",
    ])
  func gzip(name: String) async throws {
    let recorded = try WireExchange.named("mlserver/091-identity-large")
    let request = try InferenceRequest(decoding: recorded.request.body)
    let rows = try #require(request.inputs[0].shape.first)
    let records = (0..<rows).compactMap { request.inputs[0].row($0) }.map { Record(tensors: [$0]) }
    let bytes = try WireExchange.named(name).answer.bytes
    var options = InferenceOptions()
    options.rowsPerRequest = rows
    let description = Array(#"{"name":"mds-peer","version":"1.7.1","extensions":[]}"#.utf8)
    try await withService(
      options: options,
      { $0.line.hasPrefix("GET") ? ScriptedServer.response(description, status: 200, headers: [:]) : bytes }
    ) { service, server in
      let predictions = try await service.infer(
        ModelID("wine"), records: records, signature: Signature(inputs: [], outputs: Samples.wine.outputs),
        call: call)
      #expect(predictions.count == 1000 && predictions[0].label == "class_1")
      #expect(server.requests.last?.headers["content-type"] == "application/json")
    }
  }

  @Test("a service that is not there is unreachable, and so it says")
  func unreachable() async throws {
    let server = try ScriptedServer { _ in nil }
    let base = server.base
    server.close()
    let service = try InferenceService(base: base, transport: Transport())
    let error = try #require(await deploymentError { _ = try await service.models() }, "nothing listens there")
    #expect(error.isUnreachable && error.problem.summary.contains("refused the connection"))
    #expect(throws: DeploymentError.self) { _ = try InferenceService(base: "ftp://x", transport: Transport()) }
  }

  @Test("a cancelled call ends at once, as a cancellation")
  func cancelled() async throws {
    let got = AsyncStream<Void>.makeStream()
    try await withService({ _ in
      got.continuation.yield()
      return []
    }) { service, _ in
      let task = Task {
        await deploymentError {
          _ = try await service.infer(
            ModelID("wine"), record: Samples.wineRecord(), signature: Samples.wine, call: Samples.call)
        }
      }
      for await _ in got.stream { break }
      task.cancel()
      #expect(await task.value?.isCancellation == true)
    }
  }
}
