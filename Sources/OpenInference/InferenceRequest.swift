public import Domain

/// What is sent to a model: its input tensors and what is wanted back.
public struct InferenceRequest: Hashable, Sendable {
  /// Echoed by the service; nil lets it choose one.
  public var id: RawText?
  public var parameters: [JSON.Member]
  public var inputs: [Tensor]
  /// The outputs that are wanted; none means all.
  public var outputs: [RequestedOutput]

  public init(
    id: RawText? = nil, parameters: [JSON.Member] = [], inputs: [Tensor], outputs: [RequestedOutput] = []
  ) {
    self.id = id
    self.parameters = parameters
    self.inputs = inputs
    self.outputs = outputs
  }

  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }

  /// Whether this output is to be answered as binary data: its own word first, else the request's, else no.
  public func wantsBinary(_ output: RawText) -> Bool {
    outputs.first { $0.name == output }?.binaryData ?? self[parameter: "binary_data_output"]?.bool ?? false
  }
}

extension InferenceRequest {
  /// Reads a request, as a server.
  ///
  /// `headerLength` is the value of `Inference-Header-Content-Length`, nil without that header: then all is JSON.
  /// FP16 and BF16 in JSON are refused, as Triton refuses them.
  public init(
    decoding body: [UInt8], headerLength: Int? = nil, limits: ScanLimits = .standard
  ) throws(OpenInferenceError) {
    let message = try WireMessage(
      decoding: body, headerLength: headerLength, limits: limits, texts: ["id"], tensors: "inputs",
      requested: "outputs", refusesHalfInJSON: true)
    guard let inputs = message.tensors else { throw OpenInferenceError(.missing, at: "inputs") }
    self.init(
      id: message.text["id"].flatMap { $0.isEmpty ? nil : $0 }, parameters: message.parameters ?? [], inputs: inputs,
      outputs: message.requested ?? [])
  }

  /// Reads a raw binary request: no JSON, the body is the one input's elements, one row of them.
  public init(rawBinary body: [UInt8], signature: Signature) throws(OpenInferenceError) {
    guard signature.inputs.count == 1, let input = signature.inputs.first else {
      throw OpenInferenceError(.expected("a model with one input"), at: "inputs")
    }
    var shape = input.shape
    if shape.first.map({ $0 < 0 }) == true { shape[0] = 1 }
    // One open extent takes what the bytes hold; text is one element.
    if let open = shape.firstIndex(where: { $0 < 0 }) {
      let others = shape.filter { $0 > 0 }.reduce(1, *)
      shape[open] = input.datatype.width.map { body.count / max(1, $0 * others) } ?? 1
    }
    guard let count = Tensor.product(shape) else { throw OpenInferenceError(.expected("a fixed shape"), at: "inputs") }
    let elements: Tensor.Elements =
      input.datatype == .bytes && count == 1
      ? .bytes([RawText(bytes: body)])
      : try BinaryElements.decode(body[...], input.datatype, count: count, at: "inputs[0]")
    self.init(
      parameters: [JSON.Member("binary_data_output", true)],
      inputs: [Tensor(name: input.name, datatype: input.datatype, shape: shape, elements: elements)])
  }

  /// Writes the request, as a client.
  ///
  /// In the binary form every input is binary data and, unless the request says otherwise, so are the outputs.
  /// As JSON, NaN is null, which MLServer reads as NaN.
  public func encoded(as form: WireForm = .json) throws(OpenInferenceError) -> EncodedMessage {
    var writer = WireWriter()
    if let id { writer.member("id", .string(id)) }
    var parameters = parameters
    if form == .binary, self[parameter: "binary_data_output"] == nil {
      parameters.append(JSON.Member("binary_data_output", true))
    }
    if !parameters.isEmpty { writer.member("parameters", .object(parameters)) }
    try writer.tensors("inputs", inputs, infinities: .refused) { _ in form }
    if !outputs.isEmpty { writer.member("outputs", .array(outputs.map(\.json))) }
    return writer.finish()
  }
}
