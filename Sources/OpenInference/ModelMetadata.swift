public import Domain

/// What a service says of a model.
public struct ModelMetadata: Hashable, Sendable {
  public var name: RawText
  /// Versions, as the service means them: MLServer lists those of its libraries.
  public var versions: [RawText]
  public var platform: RawText
  public var inputs: [TensorSpec]
  public var outputs: [TensorSpec]
  public var parameters: [JSON.Member]

  public init(
    name: RawText, versions: [RawText] = [], platform: RawText, inputs: [TensorSpec], outputs: [TensorSpec],
    parameters: [JSON.Member] = []
  ) {
    self.name = name
    self.versions = versions
    self.platform = platform
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
  }

  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }

  /// The typed fields of the model; empty where nobody wrote them.
  public var signature: Signature { Signature(inputs: inputs, outputs: outputs, parameters: parameters) }

  /// Reads the answer to `GET /v2/models/{name}`.
  public init(decoding body: [UInt8]) throws(OpenInferenceError) {
    let json = try JSON.object(decoding: body)
    guard let name = json["name"]?.text else { throw OpenInferenceError(.missing, at: "name") }
    self.init(
      name: name, versions: json["versions"]?.texts ?? [], platform: json["platform"]?.text ?? "",
      inputs: try ModelMetadata.specs(json["inputs"], at: "inputs"),
      outputs: try ModelMetadata.specs(json["outputs"], at: "outputs"), parameters: json["parameters"]?.members ?? [])
  }

  private static func specs(_ value: JSON?, at place: String) throws(OpenInferenceError) -> [TensorSpec] {
    guard let value, value != .null else { return [] }
    guard let list = value.array else { throw OpenInferenceError(.expected("a list"), at: place) }
    var specs: [TensorSpec] = []
    for (index, element) in list.enumerated() {
      let place = "\(place)[\(index)]"
      guard let name = element["name"]?.text else { throw OpenInferenceError(.missing, at: place + ".name") }
      guard let text = element["datatype"]?.text else { throw OpenInferenceError(.missing, at: place + ".datatype") }
      guard let datatype = Datatype(rawValue: text.string) else {
        throw OpenInferenceError(.unknownDatatype(text), at: place + ".datatype")
      }
      let shape = try WireTensor.extents(element["shape"] ?? .array([]), lowest: -1, at: place + ".shape")
      specs.append(
        TensorSpec(name: name, datatype: datatype, shape: shape, parameters: element["parameters"]?.members ?? []))
    }
    return specs
  }

  /// Writes the answer to `GET /v2/models/{name}`, as MLServer lays it out.
  public var encoded: [UInt8] {
    JSON.object([
      "name": .string(name), "versions": .array(versions.map(JSON.string)), "platform": .string(platform),
      "inputs": .array(inputs.map(\.json)), "outputs": .array(outputs.map(\.json)), "parameters": .object(parameters),
    ]).serialized
  }
}

extension TensorSpec {
  var json: JSON {
    var members = [
      JSON.Member("name", .string(name)), JSON.Member("datatype", .text(datatype.rawValue)),
      JSON.Member("shape", .array(shape.map { .integer(Int64($0)) })),
    ]
    if !parameters.isEmpty { members.append(JSON.Member("parameters", .object(parameters))) }
    return .object(members)
  }
}
