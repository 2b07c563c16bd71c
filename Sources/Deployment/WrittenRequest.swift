public import Domain
internal import OpenInference
internal import Transport

/// A request of the Open Inference Protocol as somebody else wrote it: it is sent byte for byte.
public struct WrittenRequest: Sendable {
  public let body: [UInt8]
  public let id: RawText?
  public let inputs: [Tensor]

  /// Why a text is no request.
  public struct Fault: Error, Hashable, Sendable {
    public var reason: String
  }

  public init(reading text: [UInt8]) throws(Fault) {
    let request: InferenceRequest
    do {
      request = try InferenceRequest(decoding: text)
    } catch {
      throw Fault(reason: "it is no request: \(error)")
    }
    guard !request.inputs.isEmpty else { throw Fault(reason: "it is no request: inputs is empty") }
    body = text
    id = request.id
    inputs = request.inputs
  }

  /// The record that it holds for a model of this signature; nil where it holds several.
  public func record(for signature: Signature) -> Record? {
    !signature.isBatched || inputs.allSatisfy { ($0.shape.first ?? 1) == 1 } ? Record(tensors: inputs) : nil
  }
}

extension InferenceService {
  /// The answer to a request, which is sent as it is; `signature` helps to read it, and may be empty. The answer to
  /// several records is opaque, its outputs hold them all.
  public func infer(
    _ model: ModelID, _ request: WrittenRequest, signature: Signature, call: InferenceCall
  ) async throws(DeploymentError) -> Prediction {
    let answer = try await exchange(
      .infer(model), "POST", InferenceService.path(model, "/infer"), body: EncodedMessage(body: request.body),
      call: call, deadline: options.inferenceDeadline)
    let response = try answer.inference(limits: options.limits)
    let isOne = request.record(for: signature) != nil
    return Prediction(
      model: ModelID(model.name, version: response.version(answering: model)),
      answer: isOne ? Prediction.answer(of: response.outputs, signature: signature) : .opaque,
      outputs: response.outputs, requestID: RawText(call.requestID),
      route: RawText(answer.response.headers["x-seldon-route"] ?? ""),
      traceID: RawText(call.traceparent == nil ? "" : call.traceID), latency: answer.milliseconds)
  }
}
