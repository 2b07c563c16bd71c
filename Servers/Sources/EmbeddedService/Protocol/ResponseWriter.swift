internal import Domain

/// Writes an answer as JSON, with outputs that travel as bytes behind it.
enum ResponseWriter {
  /// The body; `headerLength` is nil where all of it is JSON.
  static func body(
    _ answer: InferenceAnswer, model: ModelID, requestID: RawText, request: InferenceRequest
  ) -> (bytes: [UInt8], headerLength: Int?) {
    var binary: [UInt8] = []
    var hasBinary = false
    let outputs = answer.outputs.map { output -> JSON in
      var members: [JSON.Member] = [
        .init("name", .string(output.name)),
        .init("shape", .array(output.shape.map { .integer(Int64($0)) })),
        .init("datatype", .text(output.datatype.rawValue)),
      ]
      if request.isBinary(output.name) {
        hasBinary = true
        let bytes = BinaryElements.write(output)
        binary += bytes
        members.append(.init("parameters", .object(["binary_data_size": .integer(Int64(bytes.count))])))
      } else {
        members.append(.init("parameters", .object(parameters(of: output))))
        members.append(.init("data", .array(elements(of: output))))
      }
      return .object(members)
    }
    var members: [JSON.Member] = [.init("model_name", .string(model.name))]
    if let version = model.version { members.append(.init("model_version", .string(version))) }
    members += [
      .init("id", .string(requestID)), .init("parameters", .object(answer.parameters)),
      .init("outputs", .array(outputs)),
    ]
    let header = JSON.object(members).serialized
    return (header + binary, hasBinary ? header.count : nil)
  }

  private static func parameters(of output: Tensor) -> [JSON.Member] {
    output.parameters.isEmpty
      ? [.init("content_type", output.datatype == .bytes ? "str" : "np")] : output.parameters
  }

  private static func elements(of output: Tensor) -> [JSON] {
    switch output.elements {
    case .bool(let values): values.map(JSON.bool)
    case .signed(let values): values.map(JSON.integer)
    case .unsigned(let values): values.map { Int64(exactly: $0).map(JSON.integer) ?? .unsigned($0) }
    case .single(let values): values.map { .number(Double($0)) }
    case .double(let values): values.map(JSON.number)
    case .bytes(let values): values.map { $0.map(JSON.string) ?? .null }
    }
  }
}
