public import Domain

/// What a model answered.
public struct InferenceResponse: Hashable, Sendable {
  public var modelName: RawText
  /// Nil where the service has no versions.
  public var modelVersion: RawText?
  public var id: RawText?
  public var parameters: [JSON.Member]
  /// Empty is a real answer: a detector that gathers a batch first.
  public var outputs: [Tensor]

  public init(
    modelName: RawText, modelVersion: RawText? = nil, id: RawText? = nil, parameters: [JSON.Member] = [],
    outputs: [Tensor]
  ) {
    self.modelName = modelName
    self.modelVersion = modelVersion
    self.id = id
    self.parameters = parameters
    self.outputs = outputs
  }

  /// The version of the model that answered, as far as the answer names it; the version that was asked for where it does
  /// not. An answer under another name, as Seldon makes one of a model and its number, tells that one's version.
  public func version(answering model: ModelID) -> RawText? {
    modelName.isEmpty || modelName == model.name ? modelVersion ?? model.version : model.version
  }

  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }

  /// The output of this name: services send them in any order.
  public subscript(output name: RawText) -> Tensor? { outputs.first { $0.name == name } }
}

extension InferenceResponse {
  /// Reads a response, as a client.
  ///
  /// `headerLength` is the value of `Inference-Header-Content-Length`, nil without that header: then all is JSON.
  /// A missing `model_name` is empty and missing `outputs` are none, as Seldon's pipelines answer.
  public init(
    decoding body: [UInt8], headerLength: Int? = nil, limits: ScanLimits = .standard
  ) throws(OpenInferenceError) {
    let message = try WireMessage(
      decoding: body, headerLength: headerLength, limits: limits,
      texts: ["model_name", "model_version", "id", "error"],
      tensors: "outputs", requested: nil)
    if let error = message.text["error"], message.tensors == nil { throw OpenInferenceError(.failed(error)) }
    guard message.tensors != nil || message.text["model_name"] != nil else {
      throw OpenInferenceError(.missing, at: "outputs")
    }
    self.init(
      modelName: message.text["model_name"] ?? "", modelVersion: message.text["model_version"],
      id: message.text["id"], parameters: message.parameters ?? [], outputs: message.tensors ?? [])
  }

  /// Writes the response, as a server: each output in the form that the request asks for.
  ///
  /// As JSON, NaN is null and infinities are bare, as Triton writes them.
  public func encoded(for request: InferenceRequest) throws(OpenInferenceError) -> EncodedMessage {
    var writer = WireWriter()
    writer.member("model_name", .string(modelName))
    if let modelVersion { writer.member("model_version", .string(modelVersion)) }
    if let id { writer.member("id", .string(id)) }
    writer.member("parameters", .object(parameters))
    try writer.tensors("outputs", outputs, infinities: .bare) { request.wantsBinary($0) ? .binary : .json }
    return writer.finish()
  }
}
