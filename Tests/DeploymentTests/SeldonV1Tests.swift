import Deployment
import Domain
import Testing
import WireFixtures

@Suite("A graph of Seldon Core 1")
struct SeldonV1Tests {
  private let options = InferenceOptions(kind: .seldonV1)
  private let iris = Signature(
    inputs: [
      TensorSpec(
        name: "data", datatype: .fp64, shape: [-1, 4],
        parameters: [.init("feature_names", ["sepal_l", "sepal_w", "petal_l", "petal_w"])])
    ],
    outputs: [
      TensorSpec(
        name: "data", datatype: .fp64, shape: [-1, 3],
        parameters: [.init("class_names", ["setosa", "versicolor", "virginica"])])
    ])

  private func record(_ values: [Double]) -> Record {
    Record(tensors: [Tensor(name: "data", datatype: .fp64, shape: [1, values.count], elements: .double(values))])
  }

  @Test("is one model with the fields that its metadata names")
  func listing() async throws {
    let metadata = try WireExchange.named("seldon/018-metadata").answer.bytes
    try await withService(options: options, { _ in metadata }) { service, _ in
      let models = try await service.describedModels()
      #expect(models.map(\.id.name) == ["iris"])
      #expect(models[0].platform == "sklearn")
      #expect(models[0].signature?.fields.map(\.name) == ["sepal_l", "sepal_w", "petal_l", "petal_w"])
      #expect(models[0].signature?.classes == ["setosa", "versicolor", "virginica"])
    }
  }

  @Test(
    "is asked with a SeldonMessage and answers with classes by name",
    arguments: ["001-predict-ndarray", "002-predict-tensor"])
  func infer(recording: String) async throws {
    let rows = recording.hasPrefix("001") ? 2 : 1
    let bytes = try WireExchange.named("seldon/\(recording)").answer.bytes
    try await withService(options: options, { _ in bytes }) { service, server in
      let predictions = try await service.infer(
        ModelID("iris"), records: Array(repeating: record([5.1, 3.5, 1.4, 0.2]), count: rows), signature: iris,
        call: Samples.call)
      #expect(predictions.map(\.label).first == "setosa")
      #expect(predictions.count == rows)
      let request = server.requests[0]
      #expect(request.line == "POST /api/v1.0/predictions HTTP/1.1")
      let sent = try JSON(parsing: request.body)
      #expect(sent["meta"]?["puid"] == "0190-call")
      #expect(sent["data"]?["names"]?.texts == ["sepal_l", "sepal_w", "petal_l", "petal_w"])
      #expect(sent["data"]?["tensor"]?["shape"] == .array([.integer(Int64(rows)), 4]))
    }
  }

  @Test("answers a text with a text, and an object with an object")
  func texts() async throws {
    let strings = Signature(inputs: [TensorSpec(name: "strData", datatype: .bytes, shape: [-1, 1])], outputs: [])
    let hello = Record(
      tensors: [Tensor(name: "strData", datatype: .bytes, shape: [1, 1], elements: .bytes(["hello"]))])
    let bytes = try WireExchange.named("seldon/003-predict-str").answer.bytes
    try await withService(options: options, { _ in bytes }) { service, server in
      let answer = try await service.infer(ModelID("m"), record: hello, signature: strings, call: Samples.call)
      #expect(answer.outputs[0].text(at: 0) == "you said hello")
      #expect(try JSON(parsing: server.requests[0].body)["strData"] == "hello")
    }
  }

  @Test(
    "says in its own words why it refused",
    arguments: [
      ("006-err-empty", "Invalid request data type: {}"), ("007-err-notjson", "Can't find JSON in data"),
      ("008-err-shape", "matmul: Input operand 1 has a mismatch"), ("025-404", "404 Not Found"),
      ("005-predict-bin", "could not convert string to float"),
    ])
  func refusals(recording: String, words: String) async throws {
    let bytes = try WireExchange.named("seldon/\(recording)").answer.bytes
    try await withService(options: options, { _ in bytes }) { service, _ in
      let error = await deploymentError {
        _ = try await service.infer(
          ModelID("iris"), record: record([1, 2, 3, 4]), signature: iris, call: Samples.call)
      }
      guard case .status(_, let message) = error?.reason else {
        Issue.record("\(String(describing: error))")
        return
      }
      #expect(message.string.contains(words))
    }
  }
}
