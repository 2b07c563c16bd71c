internal import Domain

/// What a model's `settings.json` declares: who it is, its signature and how its inputs become features.
struct ModelSettings: Sendable {
  var name: RawText
  var version: RawText
  var platform: RawText
  var inputs: [TensorSpec]
  var outputs: [TensorSpec]
  var parameters: [JSON.Member]
  var encoding: Encoding
  /// What the drift detector watches; empty where it watches the fields themselves.
  var watched: [WatchedFeature]

  init(_ json: JSON) throws(ModelRefusal) {
    guard let name = json["name"]?.text, let version = json["version"]?.text else {
      throw ModelRefusal("settings.json has no name or version")
    }
    self.name = name
    self.version = version
    platform = json["platform"]?.text ?? ""
    inputs = try ModelSettings.specs(json["inputs"], part: "inputs")
    outputs = try ModelSettings.specs(json["outputs"], part: "outputs")
    parameters = json["parameters"]?.members ?? []
    guard let encoding = json["encoding"] else { throw ModelRefusal("settings.json has no encoding") }
    self.encoding = try Encoding(encoding, inputs: inputs)
    watched = []
    for feature in encoding["drift"]?.array ?? [] { watched.append(try WatchedFeature(feature)) }
  }

  var id: ModelID { ModelID(name, version: version) }

  /// The class labels, in the order of the probabilities.
  var classes: [RawText] { Signature(inputs: inputs, outputs: outputs).classes }

  private static func specs(_ json: JSON?, part: String) throws(ModelRefusal) -> [TensorSpec] {
    guard let array = json?.array else { throw ModelRefusal("settings.json has no \(part)") }
    var specs: [TensorSpec] = []
    for element in array {
      guard let name = element["name"]?.text, let datatype = element["datatype"]?.string.flatMap(Datatype.init),
        let shape = element["shape"]?.array?.compactMap({ $0.integer.map(Int.init) }), !shape.isEmpty
      else { throw ModelRefusal("settings.json has a tensor in \(part) without name, datatype or shape") }
      specs.append(
        TensorSpec(name: name, datatype: datatype, shape: shape, parameters: element["parameters"]?.members ?? []))
    }
    return specs
  }
}

/// Why a model is not served, in one line for the repository index.
struct ModelRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  var reason: String

  init(_ reason: String) { self.reason = reason }

  var description: String { reason }
}
