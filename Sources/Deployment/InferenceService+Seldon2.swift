internal import Domain
internal import OpenInference

/// What the Envoy and the pipelines of Seldon Core 2 want beside the protocol.
extension InferenceService {
  /// `seldon-model` is the name that Envoy routes by: a model's, `NAME.pipeline` or `NAME.experiment`. An experiment
  /// gets the route back that it answered by before; anywhere else `x-seldon-route` would match nothing.
  func routing(to model: RawText, keepsRoute: Bool) -> [(name: String, value: String)] {
    guard kind == .seldonCore2 else { return [] }
    var headers = [(name: "seldon-model", value: model.string)]
    if keepsRoute, let route = known[route: model] { headers.append((name: "x-seldon-route", value: route)) }
    return headers
  }

  /// Sends to an experiment and keeps the route of its answer. Envoy answers 404 without doing anything where the
  /// route is of a candidate that is gone: then any may answer.
  func onRoute(
    of model: RawText, _ call: InferenceCall, _ send: () async throws(DeploymentError) -> ServiceAnswer
  ) async throws(DeploymentError) -> ServiceAnswer {
    guard kind == .seldonCore2, call.keepsRoute, Pipelines.isExperiment(model) else { return try await send() }
    var answer: ServiceAnswer
    do {
      answer = try await send()
    } catch {
      guard case .status(404, _) = error.reason, known[route: model] != nil else { throw error }
      known[route: model] = nil
      answer = try await send()
    }
    if !answer.route.isEmpty { known[route: model] = answer.route }
    return answer
  }
}

/// What the pipeline gateway does to tensors on their way.
enum Pipelines {
  static func isPipeline(_ name: RawText) -> Bool { name.bytes.ends(with: ".pipeline") }
  static func isExperiment(_ name: RawText) -> Bool { name.bytes.ends(with: ".experiment") }

  /// The gateway writes BYTES as base64 unless the output says that it is a text or a time.
  static func decoded(_ outputs: [Tensor], of model: RawText) -> [Tensor] {
    guard isPipeline(model) else { return outputs }
    return outputs.map { tensor in
      guard let texts = tensor.texts, !["str", "datetime"].contains(tensor[parameter: "content_type"]?.string) else {
        return tensor
      }
      var decoded: [RawText?] = []
      for text in texts {
        guard let text else {
          decoded.append(nil)
          continue
        }
        guard text.bytes.count % 4 == 0, let bytes = Base64.decoded(text.bytes) else { return tensor }
        decoded.append(RawText(bytes: bytes))
      }
      var tensor = tensor
      tensor.elements = .bytes(decoded)
      return tensor
    }
  }

  /// Numbers of requests to a pipeline pass through a double: what no double holds would arrive as another number.
  static func lossy(_ inputs: [Tensor], to model: RawText) -> (input: RawText, value: String)? {
    guard isPipeline(model) else { return nil }
    for tensor in inputs {
      switch tensor.elements {
      case .signed(let values):
        if let value = values.first(where: { Int64(exactly: Double($0)) != $0 }) { return (tensor.name, "\(value)") }
      case .unsigned(let values):
        if let value = values.first(where: { UInt64(exactly: Double($0)) != $0 }) { return (tensor.name, "\(value)") }
      case .bool, .single, .double, .bytes: continue
      }
    }
    return nil
  }

  /// The step that failed, which the gateway puts before the step's own words.
  static func failedStep(in message: RawText) -> String? {
    guard let mark = message.string.firstRange(of: " : ") else { return nil }
    let step = message.string[..<mark.lowerBound]
    let isName = !step.isEmpty && step.utf8.count <= 100 && !step.contains(where: \.isWhitespace)
    return isName ? String(step) : nil
  }
}

extension [UInt8] {
  fileprivate func ends(with ending: String) -> Bool { suffix(ending.utf8.count).elementsEqual(ending.utf8) }
}
