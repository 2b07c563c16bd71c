public import Domain
internal import OpenInference
internal import Transport

extension InferenceService {
  /// One record's answer.
  ///
  /// The record is checked against the signature first, where the signature says anything; `acceptsUnknownCategories`
  /// sends it even so when a category is all that is wrong.
  public func infer(
    _ model: ModelID, record: Record, signature: Signature, call: InferenceCall, acceptsUnknownCategories: Bool = false
  ) async throws(DeploymentError) -> Prediction {
    let predictions = try await infer(
      model, records: [record], signature: signature, call: call,
      acceptsUnknownCategories: acceptsUnknownCategories)
    guard let prediction = predictions.first else {
      throw DeploymentError(.infer(model), .rowCount(0, expected: 1))
    }
    return prediction
  }

  /// The answers to many records, in their order, sent in chunks of `rowsPerRequest`, some at a time.
  ///
  /// The first chunk that fails fails the whole; the latency of a prediction is its chunk's.
  public func infer(
    _ model: ModelID, records: [Record], signature: Signature, call: InferenceCall,
    acceptsUnknownCategories: Bool = false
  ) async throws(DeploymentError) -> [Prediction] {
    guard !records.isEmpty else { return [] }
    let size = max(1, options.rowsPerRequest)
    // All are checked before the first leaves: a mistake in the last row is found in time.
    var chunks: [Chunk] = []
    for start in stride(from: 0, to: records.count, by: size) {
      let rows = records[start..<min(start + size, records.count)]
      let request = try request(
        .infer(model), rows, signature: signature, acceptsCategories: acceptsUnknownCategories)
      chunks.append(Chunk(request: request, count: rows.count, call: call.chunk(chunks.count)))
    }
    if chunks.count == 1 { return try await infer(model, chunks[0], signature: signature) }
    let answers = await concurrently(chunks, limit: options.requestsInFlight) { chunk in
      await result { () async throws(DeploymentError) in
        try await self.infer(model, chunk, signature: signature)
      }
    }
    var predictions: [Prediction] = []
    predictions.reserveCapacity(records.count)
    for answer in answers { predictions += try answer.get() }
    return predictions
  }

  /// One request of a batch.
  private struct Chunk {
    var request: InferenceRequest
    var count: Int
    var call: InferenceCall
  }

  private func infer(
    _ model: ModelID, _ chunk: Chunk, signature: Signature
  ) async throws(DeploymentError) -> [Prediction] {
    let call = chunk.call
    let (answer, response) = try await post(
      .infer(model), model, chunk.request, call: call, deadline: options.inferenceDeadline)
    guard let rows = RecordBatch.rows(of: response.outputs, count: chunk.count) else {
      throw answer.failure(.rowCount(response.outputs.first?.shape.first ?? 0, expected: chunk.count))
    }
    // The name that was asked for: Seldon answers with a name of its own making, pipelines with none.
    let answered = ModelID(model.name, version: response.modelVersion ?? model.version)
    let route = answer.response.headers["x-seldon-route"] ?? ""
    return rows.map { outputs in
      Prediction(
        model: answered, answer: Prediction.answer(of: outputs, signature: signature), outputs: outputs,
        requestID: RawText(call.requestID), route: RawText(route),
        traceID: RawText(call.traceparent == nil ? "" : call.traceID), latency: answer.milliseconds)
    }
  }

  /// The request that carries these records, checked against the signature.
  func request(
    _ operation: DeploymentError.Operation, _ records: ArraySlice<Record>, signature: Signature,
    acceptsCategories: Bool = false
  ) throws(DeploymentError) -> InferenceRequest {
    guard !records.isEmpty else { throw DeploymentError(operation, .noRecords) }
    guard var tensors = RecordBatch.tensors(of: records) else { throw DeploymentError(operation, .mixedRecords) }
    for index in tensors.indices where tensors[index][parameter: "content_type"] == nil {
      // MLServer reads a tensor by its content type; what it published is what it wants.
      let spec = signature.inputs.first { $0.name == tensors[index].name }
      if let type = spec?[parameter: "content_type"] {
        tensors[index].parameters.append(JSON.Member("content_type", type))
      }
    }
    let request = InferenceRequest(inputs: tensors)
    let problems = signature.problems(in: request).filter { problem in
      if case .category = problem { return !acceptsCategories }
      return true
    }
    guard problems.isEmpty else { throw DeploymentError(operation, .invalid(problems)) }
    return request
  }

  /// Sends a request to a model and reads the answer.
  func post(
    _ operation: DeploymentError.Operation, _ model: ModelID, _ request: InferenceRequest, call: InferenceCall,
    deadline: Duration
  ) async throws(DeploymentError) -> (ServiceAnswer, InferenceResponse) {
    var request = request
    request.id = RawText(call.requestID)
    let message = try await encoded(request, operation)
    let answer = try await exchange(
      operation, "POST", InferenceService.path(model, "/infer"), body: message, call: call, deadline: deadline)
    return (answer, try answer.inference(limits: options.limits))
  }

  /// JSON, or binary for large tensors and for what JSON cannot carry, where the service takes it.
  private func encoded(
    _ request: InferenceRequest, _ operation: DeploymentError.Operation
  ) async throws(DeploymentError) -> EncodedMessage {
    let isLarge = request.inputs.reduce(0) { $0 + $1.count } >= options.binaryFrom
    let isLargeBinary = isLarge ? try await takesBinary() : false
    do {
      return try request.encoded(as: isLargeBinary ? .binary : .json)
    } catch {
      guard case .needsBinary = error.reason, try await takesBinary() else {
        throw DeploymentError(operation, .unsendable(error))
      }
    }
    do {
      return try request.encoded(as: .binary)
    } catch {
      throw DeploymentError(operation, .unsendable(error))
    }
  }
}
