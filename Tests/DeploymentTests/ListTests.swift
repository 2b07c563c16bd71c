import Deployment
import Domain
import Synchronization
import Testing
import WireFixtures

@Suite("records with lists", .timeLimit(.minutes(1))) struct ListTests {
  private static let batched = Signature(
    inputs: [TensorSpec(name: "ids", datatype: .int64, shape: [-1, -1])], outputs: [])
  private static let unbatched = Signature(
    inputs: [TensorSpec(name: "ids", datatype: .int64, shape: [-1])], outputs: [],
    parameters: [JSON.Member("max_batch_size", 0)])

  private let call = InferenceCall(requestID: "0190-call")

  /// The shape and the data of each request, and the answers: the sum of each record's ids.
  private func ask(
    _ lists: [[Int64]], _ signature: Signature, rowsPerRequest: Int = 100, inOneRequest: Bool = false
  ) async throws -> (requests: Set<[Int64]>, sums: [Int64]) {
    let requests = Mutex<Set<[Int64]>>([])
    var options = InferenceOptions()
    options.rowsPerRequest = rowsPerRequest
    var sums: [Int64] = []
    try await withService(
      options: options,
      { request in
        let input = (try? JSON(parsing: request.body))?["inputs"]?[0]
        let shape = input?["shape"]?.array?.compactMap(\.integer) ?? []
        let data = input?["data"]?.array?.compactMap(\.integer) ?? []
        _ = requests.withLock { $0.insert(shape + data) }
        let length = Int(shape.last ?? 1)
        let sums = stride(from: 0, to: data.count, by: max(1, length)).map { data[$0..<$0 + length].reduce(0, +) }
        let text = sums.map(String.init).joined(separator: ",")
        return ScriptedServer.response(
          #"{"model_name":"m","outputs":[{"name":"y","datatype":"INT64","shape":[\#(sums.count)],"data":[\#(text)]}]}"#)
      },
      { service, _ in
        let records = try lists.map { try signature.record(of: [.list(.signed($0))]) }
        let predictions = try await service.infer(
          ModelID("m"), records: records, signature: signature, call: call, inOneRequest: inOneRequest)
        sums = predictions.compactMap { prediction in
          guard case .signed(let values) = prediction.outputs[0].elements, values.count == 1 else { return nil }
          return values[0]
        }
      })
    return (requests.withLock { $0 }, sums)
  }

  @Test("are asked about together where they are as long, and answered in their order")
  func grouped() async throws {
    let (requests, sums) = try await ask([[1, 2], [3], [4, 5], [6], [7, 8, 9]], Self.batched)
    #expect(requests == [[2, 2, 1, 2, 4, 5], [2, 1, 3, 6], [1, 3, 7, 8, 9]])
    #expect(sums == [3, 3, 9, 6, 24])
    let few = try await ask([[1], [2], [3]], Self.batched, rowsPerRequest: 2)
    #expect(few.requests == [[2, 1, 1, 2], [1, 1, 3]] && few.sums == [1, 2, 3])
  }

  @Test("are asked about one by one where the model takes no batches, also when they are as long")
  func alone() async throws {
    let (requests, sums) = try await ask([[1, 2], [3, 9_007_199_254_740_993]], Self.unbatched)
    #expect(requests == [[2, 1, 2], [2, 3, 9_007_199_254_740_993]])
    #expect(sums == [3, 9_007_199_254_740_996])
  }

  @Test("are not sent in one request that they do not fit in")
  func together() async throws {
    let tries: [([[Int64]], Signature)] = [([[1], [2, 3]], Self.batched), ([[1], [2]], Self.unbatched)]
    for (lists, signature) in tries {
      let error = await deploymentError { _ = try await ask(lists, signature, inOneRequest: true) }
      #expect(error?.reason == .mixedRecords)
    }
  }

  @Test(
    "lists of different lengths are left out of what a detector is asked, and so is what it does not name",
    arguments: [[], ["x"], ["ids", "x"]] as [[RawText]])
  func detector(names: [RawText]) async throws {
    let model = Signature(
      inputs: [
        TensorSpec(name: "ids", datatype: .int64, shape: [-1, -1]),
        TensorSpec(name: "x", datatype: .fp64, shape: [-1, 1]),
      ], outputs: [])
    var detector = ModelDescription(
      id: ModelID("m-drift"), platform: "alibi-detect", signature: Signature(inputs: [], outputs: []),
      role: .driftDetector(of: "m"))
    detector.signature.inputs = model.inputs.filter { names.contains($0.name) }
    if names.count == 2 { detector.signature.inputs[0].parameters = [JSON.Member("optional", true)] }
    let records = try [[1, 2], [3]].map { try model.record(of: [.list(.signed($0)), .number(0.5)]) }
    try await withService({ _ in
      ScriptedServer.response(
        #"{"model_name":"d","outputs":[{"name":"is_drift","datatype":"INT64","shape":[1,1],"data":[0]}]}"#)
    }) { service, server in
      _ = try? await service.drift(detector, records: records, call: call)
      let inputs = try JSON(parsing: try #require(server.requests.first).body)["inputs"]?.array ?? []
      #expect(inputs.map { $0["name"] } == ["x"] && inputs[0]["shape"] == [2, 1])
    }
  }

  @Test("a model's configuration says whether it takes batches, and its form follows", arguments: [0, 8])
  func configuration(size: Int) async throws {
    try await withService({ request in
      if request.line.contains("/config ") { return ScriptedServer.response(#"{"max_batch_size":\#(size)}"#) }
      if request.line.contains("/v2 ") {
        return ScriptedServer.response(#"{"name":"triton","extensions":["model_configuration"]}"#)
      }
      let shape = size == 0 ? "[-1]" : "[-1,1]"
      return ScriptedServer.response(
        #"{"name":"m","platform":"python","inputs":[{"name":"x","datatype":"INT32","shape":\#(shape)}],"outputs":[]}"#)
    }) { service, _ in
      let signature = try await service.metadata(ModelID("m")).signature
      #expect(signature.isBatched == (size > 0))
      #expect(signature.fields[0].kind == (size > 0 ? .integer(.int32) : .list(.int32)))
    }
  }
}
