public import Alibi
public import Domain
internal import OpenInference

extension InferenceService {
  /// Why a model answers as it does to this record, as an explainer says it.
  ///
  /// `signature` is the explained model's; `explainer` what its metadata says, for the scale and the class names.
  /// `parameters` are arguments of Alibi's `explain`, for example a threshold.
  public func explain(
    _ explainer: ModelDescription, record: Record, signature: Signature, parameters: [JSON.Member] = [],
    call: InferenceCall
  ) async throws(DeploymentError) -> Explanation {
    let operation = DeploymentError.Operation.explain(explainer.id)
    var request = try request(operation, [record], signature: signature)
    if !parameters.isEmpty { request.parameters.append(JSON.Member("explain_parameters", .object(parameters))) }
    // A text explainer of MLServer reads the request by its own content type.
    if request.inputs.count == 1, request.inputs[0].datatype == .bytes {
      request.parameters.append(JSON.Member("content_type", "str"))
    }
    let (answer, response) = try await post(
      operation, explainer.id, request, call: call, deadline: options.explanationDeadline)
    let model = ExplainedModel(signature: signature, explainerParameters: explainer.signature.parameters)
    do {
      return try Explanation(
        outputs: response.outputs,
        explainer: ModelID(explainer.id.name, version: response.modelVersion ?? explainer.id.version), model: model,
        latency: answer.milliseconds)
    } catch {
      throw answer.failure(.unexpected(error))
    }
  }

  /// What a drift detector says of these records together, in one request. Calling a detector that has state changes
  /// it; see `ModelDescription.isStateless`.
  public func drift(
    _ detector: ModelDescription, records: [Record], call: InferenceCall
  ) async throws(DeploymentError) -> DriftAnswer {
    let operation = DeploymentError.Operation.drift(detector.id)
    let records = RecordBatch.alike(records, for: detector.signature)
    let request = try request(operation, records[...], signature: detector.signature, acceptsCategories: true)
    let (answer, response) = try await post(
      operation, detector.id, request, call: call, deadline: options.inferenceDeadline)
    note(response, of: detector.id)
    do {
      if let drift = try DriftAnswer(outputs: response.outputs, parameters: response.parameters) { return drift }
    } catch {
      throw answer.failure(.unexpected(error))
    }
    throw DeploymentError(operation, .gathering, exchange: answer.exchange)
  }

  private func note(_ response: InferenceResponse, of detector: ModelID) {
    // A detector behind a window of requests answers nothing at first, and counts.
    let isGathering = response.outputs.isEmpty
    if let isOnline = isGathering ? true : response[parameter: "online"]?.bool {
      known[online: detector.name] = isOnline
    }
  }

  /// Whether calls change a detector, as its last answer said; nil where it has not said so.
  public func isOnline(_ detector: ModelID) -> Bool? { known[online: detector.name] }

  /// How far a record lies from what the model was trained on.
  public func outlier(
    _ detector: ModelDescription, record: Record, call: InferenceCall
  ) async throws(DeploymentError) -> Outlier {
    try await outliers(detector, records: [record], call: call)[0]
  }

  /// How far each record lies from what the model was trained on, in one request; as many as records.
  public func outliers(
    _ detector: ModelDescription, records: [Record], call: InferenceCall
  ) async throws(DeploymentError) -> [Outlier] {
    let operation = DeploymentError.Operation.outlier(detector.id)
    let records = RecordBatch.alike(records, for: detector.signature)
    let request = try request(operation, records[...], signature: detector.signature, acceptsCategories: true)
    let (answer, response) = try await post(
      operation, detector.id, request, call: call, deadline: options.inferenceDeadline)
    note(response, of: detector.id)
    let rows: [Outlier]
    do {
      rows = try Outlier.rows(
        outputs: response.outputs, parameters: response.parameters,
        detector: ModelID(detector.id.name, version: response.modelVersion ?? detector.id.version),
        threshold: detector.outlierThreshold)
    } catch {
      throw answer.failure(.unexpected(error))
    }
    if rows.isEmpty { throw DeploymentError(operation, .gathering, exchange: answer.exchange) }
    guard rows.count == records.count else {
      throw answer.failure(.rowCount(rows.count, expected: records.count))
    }
    return rows
  }

  /// What a drift detector compares with; nil where its metadata does not publish it.
  public func reference(_ detector: ModelID) async throws(DeploymentError) -> PublishedReference? {
    let description = try await metadata(detector)
    do {
      return try description.reference()
    } catch {
      throw DeploymentError(.metadata(detector), .unexpected(error))
    }
  }
}
