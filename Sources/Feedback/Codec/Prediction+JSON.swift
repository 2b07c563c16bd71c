public import Domain

extension ClassScore: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      label: try json.raw("label"), probability: try json.optionalDouble("p"),
      margin: try json.optionalDouble("margin"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("label", JSON.raw(label))
    object.put("p", probability)
    object.put("margin", margin)
    return object.json
  }
}

extension Prediction.Answer: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    if json["classes"] != nil {
      self = .classes(try json.values("classes"), chosen: try json.requiredInt("chosen"))
    } else if let value = try json.optionalDouble("value") {
      self = .value(value)
    } else {
      self = .opaque
    }
  }

  public var json: JSON {
    var object = ObjectBuilder()
    write(to: &object)
    return object.json
  }

  func write(to object: inout ObjectBuilder) {
    switch self {
    case .classes(let classes, let chosen):
      object.put("classes", classes)
      object.put("chosen", chosen)
      if classes.indices.contains(chosen) { object.put("label", JSON.raw(classes[chosen].label)) }
    case .value(let value): object.put("value", value)
    case .opaque: break
    }
  }
}

extension Prediction: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      model: ModelID(try json.requiredRaw("model"), version: try json.optionalRaw("version")),
      answer: try Answer(json: json["answer"] ?? .null), outputs: try json.values("outputs"),
      requestID: try json.raw("request_id"), route: try json.raw("route"), traceID: try json.raw("trace_id"),
      latency: try json.optionalDouble("latency_ms"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("model", JSON.raw(model.name))
    object.put("version", model.version)
    object.put("answer", answer)
    object.put("outputs", outputs)
    object.putUnlessEmpty("request_id", requestID)
    object.putUnlessEmpty("route", route)
    object.putUnlessEmpty("trace_id", traceID)
    object.put("latency_ms", latency)
    return object.json
  }
}

extension Outlier: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      detector: ModelID(try json.raw("detector"), version: try json.optionalRaw("detector_version")),
      method: try json.raw("method"), score: try json.requiredDouble("score"),
      threshold: try json.optionalDouble("threshold"), isOutlier: try json.optionalBool("is_outlier") ?? false)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("detector", JSON.raw(detector.name))
    object.put("detector_version", detector.version)
    object.put("method", JSON.raw(method))
    object.put("score", score)
    object.put("threshold", threshold)
    object.put("is_outlier", isOutlier)
    return object.json
  }
}
