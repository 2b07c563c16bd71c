internal import Domain

/// A model as the service offers it: what it says of itself, and its answers.
protocol ServedModel: Sendable {
  var id: ModelID { get }
  var metadata: ModelMetadata { get }
  func answer(_ request: InferenceRequest) async throws(Refusal) -> InferenceAnswer
}

/// What `GET /v2/models/{name}` says.
struct ModelMetadata: Sendable {
  var name: RawText
  var versions: [RawText] = []
  var platform: RawText
  var inputs: [TensorSpec]
  var outputs: [TensorSpec]
  var parameters: [JSON.Member]

  var json: JSON {
    .object([
      "name": .string(name), "versions": .array(versions.map(JSON.string)), "platform": .string(platform),
      "inputs": .array(inputs.map(ModelMetadata.json)), "outputs": .array(outputs.map(ModelMetadata.json)),
      "parameters": .object(parameters),
    ])
  }

  private static func json(_ spec: TensorSpec) -> JSON {
    var members: [JSON.Member] = [
      .init("name", .string(spec.name)), .init("datatype", .text(spec.datatype.rawValue)),
      .init("shape", .array(spec.shape.map { .integer(Int64($0)) })),
    ]
    if !spec.parameters.isEmpty { members.append(.init("parameters", .object(spec.parameters))) }
    return .object(members)
  }
}

extension InferenceRequest {
  /// The outputs that were asked for, in their order; a refusal names the first that the model does not have.
  func selected(from outputs: [Tensor], model: RawText) throws(Refusal) -> [Tensor] {
    guard let wanted = self.outputs else { return outputs }
    var selected: [Tensor] = []
    for one in wanted {
      guard let output = outputs.first(where: { $0.name == one.name }) else {
        let names = outputs.map { "'\($0.name)'" }.joined(separator: ", ")
        throw .invalid("unexpected output '\(one.name)' for model '\(model)': its outputs are \(names)")
      }
      selected.append(output)
    }
    return selected
  }
}
