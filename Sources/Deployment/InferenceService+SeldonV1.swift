internal import Domain
internal import OpenInference

/// The prediction API of Seldon Core 1 (`prediction.proto`): one graph, asked under one address.
extension InferenceService {
  /// The graph as the one model of the service.
  func seldonModels() async throws(DeploymentError) -> [Model] {
    let metadata = try await seldonMetadata()
    let id = ModelID(metadata.name, version: metadata.versions.first)
    var model = Model(id: id, state: .ready, platform: metadata.platform)
    do {
      _ = try await exchange(.ready(model.id), "GET", "/health/status", deadline: options.listingDeadline)
    } catch {
      guard !error.isUnreachable, case .status(_, let message) = error.reason else { throw error }
      model.state = .failed
      model.reason = message
    }
    return [model]
  }

  /// What the graph says of itself; a name only where it was given no metadata.
  func seldonMetadata() async throws(DeploymentError) -> ModelMetadata {
    let answer: ServiceAnswer
    do {
      answer = try await exchange(.serverMetadata, "GET", "/metadata", deadline: options.listingDeadline)
    } catch {
      // Without metadata it says 404, or 500 with 404 in its words.
      guard case .status = error.reason else { throw error }
      return ModelMetadata(name: "model", platform: "", inputs: [], outputs: [])
    }
    return try answer.read { (body) throws(OpenInferenceError) in try SeldonMessage.metadata(decoding: body) }
  }

  /// Sends records as a SeldonMessage and reads its answer as outputs.
  func postToSeldon(
    _ operation: DeploymentError.Operation, _ request: InferenceRequest, call: InferenceCall, deadline: Duration
  ) async throws(DeploymentError) -> (ServiceAnswer, InferenceResponse) {
    let body = EncodedMessage(body: SeldonMessage.encoded(request.inputs, id: call.requestID).serialized)
    let answer = try await exchange(
      operation, "POST", "/api/v1.0/predictions", body: body, call: call, deadline: deadline)
    let response = try answer.read { (body) throws(OpenInferenceError) in try SeldonMessage.response(decoding: body) }
    return (answer, response)
  }
}
