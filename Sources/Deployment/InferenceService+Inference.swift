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

  /// The answers to many records, in their order, sent in chunks of `rowsPerRequest`, some at a time, or together.
  /// Records with lists of different lengths go in different chunks, and one by one where the model takes no more.
  ///
  /// The first chunk that fails fails the whole; the latency of a prediction is its chunk's.
  public func infer(
    _ model: ModelID, records: [Record], signature: Signature, call: InferenceCall,
    acceptsUnknownCategories: Bool = false, inOneRequest: Bool = false
  ) async throws(DeploymentError) -> [Prediction] {
    guard !records.isEmpty else { return [] }
    let batches =
      inOneRequest
      ? [Array(records.indices)]
      : RecordBatch.batches(of: records, size: max(1, options.rowsPerRequest), isBatched: signature.isBatched)
    // All are checked before the first leaves: a mistake in the last row is found in time.
    var chunks: [Chunk] = []
    for places in batches {
      let request = try request(
        .infer(model), places.map { records[$0] }[...], signature: signature,
        acceptsCategories: acceptsUnknownCategories)
      chunks.append(Chunk(request: request, count: places.count, call: call.chunk(chunks.count)))
    }
    if chunks.count == 1 { return try await infer(model, chunks[0], signature: signature) }
    let answers = await concurrently(chunks, limit: options.requestsInFlight) { chunk in
      await result { () async throws(DeploymentError) in
        try await self.infer(model, chunk, signature: signature)
      }
    }
    var predictions: [(place: Int, prediction: Prediction)] = []
    predictions.reserveCapacity(records.count)
    for (places, answer) in zip(batches, answers) {
      for (place, prediction) in zip(places, try answer.get()) { predictions.append((place, prediction)) }
    }
    return predictions.sorted { $0.place < $1.place }.map(\.prediction)
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
    let (answer, response) = try await askForAll(model, chunk, signature: signature)
    let isMute = response.outputs.isEmpty && !signature.outputs.isEmpty
    guard !isMute, let rows = RecordBatch.rows(of: response.outputs, count: chunk.count) else {
      throw answer.failure(.rowCount(response.outputs.first?.shape.first ?? 0, expected: chunk.count))
    }
    let signature = await signature.naming(classNames(of: model, signature, like: chunk.request, call: call))
    // The name that was asked for: Seldon answers with a name of its own making, pipelines with none.
    let answered = ModelID(model.name, version: response.version(answering: model))
    let route = RawText(answer.route)
    return rows.map { outputs in
      Prediction(
        model: answered, answer: Prediction.answer(of: outputs, signature: signature), outputs: outputs,
        requestID: RawText(call.requestID), route: route,
        traceID: RawText(call.traceparent == nil ? "" : call.traceID), latency: answer.milliseconds)
    }
  }

  /// Asks for every output that is published: the scikit-learn and XGBoost runtimes of MLServer give the first one
  /// only, unless more are named. A model that refuses that, with 400, has done nothing and is asked plainly.
  private func askForAll(
    _ model: ModelID, _ chunk: Chunk, signature: Signature
  ) async throws(DeploymentError) -> (ServiceAnswer, InferenceResponse) {
    let operation = DeploymentError.Operation.infer(model)
    var request = chunk.request
    // Halves are answered as binary data only, also to a request that JSON can carry.
    if signature.outputs.contains(where: \.datatype.needsBinary), try await takesBinary() {
      request.parameters.append(JSON.Member("binary_data_output", true))
    }
    let namesOutputs = signature.outputs.count > 1 && !known.refusesOutputs(model)
    if namesOutputs {
      request.outputs = signature.outputs.map { RequestedOutput($0.name) }
      do {
        return try await post(operation, model, request, call: chunk.call, deadline: options.inferenceDeadline)
      } catch {
        guard case .status(400, _) = error.reason else { throw error }
      }
      request.outputs = []
    }
    let answer = try await post(operation, model, request, call: chunk.call, deadline: options.inferenceDeadline)
    if namesOutputs { known.noteRefusedOutputs(model) }
    return answer
  }

  /// The request that carries these records, checked against the signature.
  func request(
    _ operation: DeploymentError.Operation, _ records: ArraySlice<Record>, signature: Signature,
    acceptsCategories: Bool = false, acceptsMissing: Bool = false
  ) throws(DeploymentError) -> InferenceRequest {
    guard !records.isEmpty else { throw DeploymentError(operation, .noRecords) }
    guard signature.isBatched || records.count == 1, var tensors = RecordBatch.tensors(of: records) else {
      throw DeploymentError(operation, .mixedRecords)
    }
    for index in tensors.indices where tensors[index][parameter: "content_type"] == nil {
      // MLServer reads a tensor by its content type; what it published is what it wants.
      let spec = signature.inputs.first { $0.name == tensors[index].name }
      if let type = spec?[parameter: "content_type"] {
        tensors[index].parameters.append(JSON.Member("content_type", type))
      }
    }
    if kind == .seldonV1 {
      for index in tensors.indices {
        // The columns' names travel with the rows.
        let spec = signature.inputs.first { $0.name == tensors[index].name }
        if let names = spec?[parameter: "feature_names"] {
          tensors[index].parameters.append(JSON.Member("feature_names", names))
        }
      }
    }
    let request = InferenceRequest(inputs: tensors)
    if kind == .seldonCore2, case .infer(let model) = operation,
      let lossy = Pipelines.lossy(tensors, to: model.name)
    {
      throw DeploymentError(operation, .lossy(input: lossy.input, value: lossy.value))
    }
    let problems = signature.problems(in: request).filter { problem in
      switch problem {
      case .category: return !acceptsCategories
      case .missingInput: return !acceptsMissing
      default: return true
      }
    }
    guard problems.isEmpty else { throw DeploymentError(operation, .invalid(problems)) }
    return request
  }

  /// Sends a request to a model and reads the answer.
  func post(
    _ operation: DeploymentError.Operation, _ model: ModelID, _ request: InferenceRequest, call: InferenceCall,
    deadline: Duration
  ) async throws(DeploymentError) -> (ServiceAnswer, InferenceResponse) {
    if kind == .seldonV1 { return try await postToSeldon(operation, request, call: call, deadline: deadline) }
    var request = request
    request.id = RawText(call.requestID)
    let message = try await encoded(request, operation)
    let answer = try await onRoute(of: model.name, call) { () async throws(DeploymentError) in
      try await exchange(
        operation, "POST", InferenceService.path(model, "/infer"), body: message, call: call, routedTo: model.name,
        deadline: deadline)
    }
    var response = try answer.inference(limits: options.limits)
    if kind == .seldonCore2 { response.outputs = Pipelines.decoded(response.outputs, of: model.name) }
    return (answer, response)
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
