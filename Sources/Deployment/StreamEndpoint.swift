internal import Domain
internal import OpenInference

/// The ways to ask for an answer in pieces, each with the form of its request.
enum StreamEndpoint: Sendable {
  /// MLServer's: a V2 request, each event a V2 response.
  case inferStream
  /// Triton's: plain members both ways. MLServer has a path of that name too, which takes V2.
  case generateStream
  /// No pieces: the answer comes whole.
  case infer

  var path: String {
    switch self {
    case .inferStream: "/infer_stream"
    case .generateStream: "/generate_stream"
    case .infer: "/infer"
    }
  }

  /// What is tried, in this order, until the service knows one: Triton has no `infer_stream`, and what is not known to
  /// be Triton may still be it, behind a proxy that hides its name.
  static func order(for kind: ServiceKind) -> [StreamEndpoint] {
    switch kind {
    case .triton: [.generateStream, .infer]
    case .mlserver, .kserve, .seldonCore2, .embedded, .seldonV1: [.inferStream, .infer]
    case .openInference: [.inferStream, .generateStream, .infer]
    }
  }

  /// The answers that say a path is not there, or not for this model; the model has not run then.
  static func isMissing(_ status: Int) -> Bool { [404, 405, 501].contains(status) }

  func encoded(_ request: InferenceRequest, signature: Signature) throws(OpenInferenceError) -> EncodedMessage {
    guard self == .generateStream else { return try request.encoded() }
    var request = request
    // Models of the vLLM and TensorRT-LLM backends answer in pieces only when this input says so.
    let takesStream = signature.inputs.contains { $0.name == "stream" && $0.datatype == .bool }
    if takesStream, request[parameter: "stream"] == nil, !request.inputs.contains(where: { $0.name == "stream" }) {
      request.parameters.append(JSON.Member("stream", true))
    }
    return try GenerateMessage.encoded(request)
  }
}
