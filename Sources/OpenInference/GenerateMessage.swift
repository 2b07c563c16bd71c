public import Domain

/// Triton's generate extension: the tensors of a message are plain members of one JSON object.
///
/// https://github.com/triton-inference-server/server/blob/main/docs/protocol/extension_generate.md
public enum GenerateMessage {
  /// Members of an answer that are no outputs.
  private static let others: Set<RawText> = ["sequence_id", "sequence_start", "sequence_end"]

  /// Writes a request: `{"id": …, "text_input": "…", "parameters": {…}}`. A tensor of one element is that element.
  public static func encoded(_ request: InferenceRequest) throws(OpenInferenceError) -> EncodedMessage {
    var members: [JSON.Member] = []
    if let id = request.id { members.append(JSON.Member("id", .string(id))) }
    for (index, tensor) in request.inputs.enumerated() {
      let values = try elements(of: tensor, at: "inputs[\(index)]")
      members.append(JSON.Member(tensor.name, values.count == 1 ? values[0] : .array(values)))
    }
    if !request.parameters.isEmpty { members.append(JSON.Member("parameters", .object(request.parameters))) }
    return EncodedMessage(body: JSON.object(members).serialized)
  }

  private static func elements(of tensor: Tensor, at place: String) throws(OpenInferenceError) -> [JSON] {
    switch tensor.elements {
    case .bool(let values): return values.map(JSON.bool)
    case .signed(let values): return values.map(JSON.integer)
    case .unsigned(let values): return values.map(JSON.unsigned)
    case .single(let values): return try numbers(values.map(Double.init), at: place)
    case .double(let values): return try numbers(values, at: place)
    case .bytes(let values):
      guard values.allSatisfy({ $0?.isUTF8 != false }) else {
        throw OpenInferenceError(.needsBinary("text that is no UTF-8"), at: place)
      }
      return values.map { $0.map(JSON.string) ?? .null }
    }
  }

  private static func numbers(_ values: [Double], at place: String) throws(OpenInferenceError) -> [JSON] {
    guard values.allSatisfy(\.isFinite) else { throw OpenInferenceError(.needsBinary("an infinity or NaN"), at: place) }
    return values.map(JSON.number)
  }

  /// Reads an answer; `outputs` are the model's, where its metadata says them.
  public static func response(
    decoding body: [UInt8], outputs: [TensorSpec] = [], limits: ScanLimits = .standard
  ) throws(OpenInferenceError) -> InferenceResponse {
    var response = InferenceResponse(modelName: "", outputs: [])
    var failure: RawText?
    var isAnswer = false
    var scanner = JSONScanner(bytes: body, limits: limits)
    try scanner.object(at: "") { (scanner, key) throws(OpenInferenceError) in
      if let spec = outputs.first(where: { $0.name == key }) {
        let elements = try scanner.elements(spec.datatype, at: key.string)
        response.outputs.append(
          Tensor(name: key, datatype: spec.datatype, shape: [elements.count], elements: elements))
        return
      }
      switch key {
      case "model_name":
        isAnswer = true
        response.modelName = try scanner.optionalText(at: "model_name") ?? ""
      case "model_version": response.modelVersion = try scanner.optionalText(at: "model_version")
      case "id": response.id = try scanner.value().text
      case "error" where outputs.isEmpty || !isAnswer: failure = ErrorBody(json: try scanner.value()).message
      case "parameters": response.parameters = try scanner.members(at: "parameters")
      case _ where others.contains(key): response.parameters.append(JSON.Member(key, try scanner.value()))
      default:
        if let tensor = Tensor(name: key, plain: try scanner.value()) { response.outputs.append(tensor) }
      }
    }
    try scanner.finish()
    if let failure, response.outputs.isEmpty { throw OpenInferenceError(.failed(failure)) }
    guard isAnswer || !response.outputs.isEmpty else { throw OpenInferenceError(.missing, at: "outputs") }
    return response
  }
}

extension InferenceResponse {
  /// Reads one message of a stream: a whole response, as MLServer sends it, or plain members, as Triton does.
  ///
  /// `plainOutputs` are the model's outputs, where its metadata says them.
  public init(
    decodingPiece body: [UInt8], plainOutputs: [TensorSpec] = [], limits: ScanLimits = .standard
  ) throws(OpenInferenceError) {
    var hasOutputs = false
    var scanner = JSONScanner(bytes: body, limits: limits)
    try scanner.object(at: "") { (scanner, key) throws(OpenInferenceError) in
      if key == "outputs" { hasOutputs = true }
      try scanner.skipValue()
    }
    if hasOutputs, !plainOutputs.contains(where: { $0.name == "outputs" }) {
      try self.init(decoding: body, limits: limits)
    } else {
      self = try GenerateMessage.response(decoding: body, outputs: plainOutputs, limits: limits)
    }
  }
}

extension Tensor {
  /// A value of no declared type, or a list of such; nil where it is neither text, number nor flag.
  fileprivate init?(name: RawText, plain value: JSON) {
    let values = value.array ?? [value]
    let elements: (Datatype, Elements)
    switch values.first {
    case .string:
      let texts = values.compactMap { $0.text }
      elements = (.bytes, .bytes(texts))
    case .bool: elements = (.bool, .bool(values.compactMap(\.bool)))
    case .integer where values.allSatisfy({ $0.integer != nil }):
      elements = (.int64, .signed(values.compactMap(\.integer)))
    case .integer, .unsigned, .number: elements = (.fp64, .double(values.compactMap(\.number)))
    case .null, .array, .object, nil: return nil
    }
    guard elements.1.count == values.count else { return nil }
    self.init(name: name, datatype: elements.0, shape: [values.count], elements: elements.1)
  }
}
