/// A signature made of layers, and where each of its facts came from: metadata is often empty or wrong in the field.
public struct LayeredSignature: Hashable, Sendable {
  /// A tensor, and the layer of each thing that is said of it, by name: `datatype`, `shape`, a parameter's.
  public struct LayeredTensor: Hashable, Sendable {
    public var spec: TensorSpec
    public var origins: [RawText: SignatureLayer]
  }

  public private(set) var inputs: [LayeredTensor]
  public private(set) var outputs: [LayeredTensor]
  public private(set) var parameters: [JSON.Member]

  /// The layers, the service's first. A later layer's fact stands over an earlier one's; one that it does not mention
  /// stays.
  public init(service: Signature, supplements: [SignatureSupplement]) {
    inputs = service.inputs.map { LayeredTensor($0, layer: .service) }
    outputs = service.outputs.map { LayeredTensor($0, layer: .service) }
    parameters = service.parameters
    for supplement in supplements {
      LayeredSignature.take(supplement.inputs, supplement.layer, into: &inputs)
      LayeredSignature.take(supplement.outputs, supplement.layer, into: &outputs)
      for member in supplement.parameters where member.key != "class_names" || nameClasses(member, supplement) {
        parameters.set(member)
      }
    }
  }

  /// The model's classes stand over what an earlier layer called an output's; false for a list that is not as long as
  /// theirs, which cannot be of the same classes.
  private mutating func nameClasses(_ names: JSON.Member, _ supplement: SignatureSupplement) -> Bool {
    let earlier = outputs.indices.filter { index in
      guard let origin = outputs[index].origins["class_names"] else { return false }
      return origin < supplement.layer
    }
    let count = names.value.texts?.count
    let same = earlier.filter { outputs[$0].spec[parameter: "class_names"]?.texts?.count == count }
    for index in same {
      outputs[index].spec.parameters.set(names)
      outputs[index].origins["class_names"] = supplement.layer
    }
    return earlier.isEmpty || !same.isEmpty
  }

  private static func take(
    _ supplements: [TensorSupplement], _ layer: SignatureLayer, into tensors: inout [LayeredTensor]
  ) {
    for supplement in supplements {
      if let index = tensors.firstIndex(where: { $0.spec.name == supplement.name }) {
        tensors[index].take(supplement, layer)
      } else if let datatype = supplement.datatype {
        var tensor = LayeredTensor(
          TensorSpec(name: supplement.name, datatype: datatype, shape: supplement.shape ?? [-1, 1]), layer: layer)
        tensor.take(supplement, layer)
        tensors.append(tensor)
      }
    }
  }

  /// The signature that the layers make together.
  public var signature: Signature {
    let specs = inputs.map(\.spec)
    var fields = Field.fields(of: specs, isBatched: Signature.isBatched(parameters))
    for index in fields.indices { fields[index].layer = layer(of: fields[index]) }
    let classes = parameters.first { $0.key == "class_names" }?.value.texts
    return Signature(
      inputs: specs, outputs: outputs.map(\.spec), parameters: parameters, fields: fields, classes: classes)
  }

  /// Where a field's limits came from; where it has none, the field itself.
  private func layer(of field: Field) -> SignatureLayer {
    guard inputs.indices.contains(field.place.tensor) else { return .service }
    let origins = inputs[field.place.tensor].origins
    let limits: [RawText] = ["ranges", "value_range", "categories"]
    return limits.compactMap { origins[$0] }.max() ?? origins["name"] ?? .service
  }

  /// Where a field's name, type, unit and limits came from, each where it is known at all.
  public func origins(of field: Field) -> [(fact: String, layer: SignatureLayer)] {
    guard inputs.indices.contains(field.place.tensor) else { return [] }
    let tensor = inputs[field.place.tensor]
    let facts: [(String, [RawText])] = [
      ("name", field.name == tensor.spec.name ? ["name"] : ["feature_names", "name"]), ("type", ["datatype"]),
      ("shape", ["shape"]), ("unit", field.unit.isEmpty ? [] : ["units"]),
      ("range", field.range == nil ? [] : ["ranges", "value_range"]), ("categories", ["categories"]),
      ("optional", ["optional"]),
    ]
    return facts.compactMap { fact, keys in
      keys.compactMap { tensor.origins[$0] }.first.map { (fact, $0) }
    }
  }
}

extension LayeredSignature.LayeredTensor {
  init(_ spec: TensorSpec, layer: SignatureLayer) {
    self.spec = spec
    origins = ["name": layer, "datatype": layer, "shape": layer]
    for member in spec.parameters { origins[member.key] = layer }
  }

  mutating func take(_ supplement: TensorSupplement, _ layer: SignatureLayer) {
    if let datatype = supplement.datatype {
      spec.datatype = datatype
      origins["datatype"] = layer
    }
    if let shape = supplement.shape {
      spec.shape = shape
      origins["shape"] = layer
    }
    for member in supplement.parameters {
      spec.parameters.set(member)
      origins[member.key] = layer
    }
  }
}

extension [JSON.Member] {
  /// Puts a member in the place of the one of its name, or at the end.
  mutating func set(_ member: JSON.Member) {
    if let index = firstIndex(where: { $0.key == member.key }) { self[index] = member } else { append(member) }
  }
}
