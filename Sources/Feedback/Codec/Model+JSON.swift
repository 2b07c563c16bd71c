public import Domain

extension Model: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let target = try json.optionalRaw("serves")
    let role: ModelRole
    switch try json.choice("role", Role.self) ?? .predictor {
    case .predictor: role = .predictor
    case .explainer: role = .explainer(of: target)
    case .driftDetector: role = .driftDetector(of: target)
    case .outlierDetector: role = .outlierDetector(of: target)
    }
    self.init(
      id: ModelID(try json.requiredRaw("name"), version: try json.optionalRaw("version")),
      state: try json.choice("state") ?? .unknown, reason: try json.raw("reason"),
      platform: try json.raw("platform"), role: role, signature: try json.value("signature"),
      kind: try ModelKind(json: json), deployed: try json.value("deployed"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(id.name))
    object.put("version", id.version)
    object.put("state", RawText(state.rawValue))
    object.putUnlessEmpty("reason", reason)
    object.putUnlessEmpty("platform", platform)
    let word: Role
    switch role {
    case .predictor: word = .predictor
    case .explainer: word = .explainer
    case .driftDetector: word = .driftDetector
    case .outlierDetector: word = .outlierDetector
    }
    object.put("role", RawText(word.rawValue))
    object.put("serves", role.target)
    object.put("signature", signature)
    switch kind {
    case .model: break
    case .pipeline(let pipeline): object.put("pipeline", pipeline)
    case .experiment(let experiment): object.put("experiment", experiment)
    }
    object.put("deployed", deployed)
    return object.json
  }

  private enum Role: String {
    case predictor, explainer
    case driftDetector = "drift_detector"
    case outlierDetector = "outlier_detector"
  }
}

extension ModelKind {
  /// The kind of a model's object.
  fileprivate init(json: JSON) throws(EventBodyError) {
    if let pipeline = try json.value("pipeline", Pipeline.self) {
      self = .pipeline(pipeline)
    } else if let experiment = try json.value("experiment", Experiment.self) {
      self = .experiment(experiment)
    } else {
      self = .model
    }
  }
}

extension Signature: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      inputs: try json.values("inputs"), outputs: try json.values("outputs"),
      parameters: try JSON.members(of: json["parameters"]), fields: try json.values("fields"),
      classes: try json.raws("classes"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("inputs", inputs)
    object.put("outputs", outputs)
    if !parameters.isEmpty { object.put("parameters", JSON.keeping(parameters)) }
    object.put("fields", fields)
    object.put("classes", JSON.array(classes.map(JSON.raw)))
    return object.json
  }
}

extension TensorSpec: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let datatype = try json.choice("datatype", Datatype.self) else {
      throw EventBodyError("a tensor has no datatype")
    }
    self.init(
      name: try json.raw("name"), datatype: datatype, shape: try json.ints("shape"),
      parameters: try JSON.members(of: json["parameters"]))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("datatype", RawText(datatype.rawValue))
    object.put("shape", JSON.array(shape.map { .integer(Int64($0)) }))
    if !parameters.isEmpty { object.put("parameters", JSON.keeping(parameters)) }
    return object.json
  }
}
