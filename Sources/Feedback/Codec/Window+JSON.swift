public import Domain

extension Window: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      model: ModelID(try json.requiredRaw("model"), version: try json.optionalRaw("version")),
      from: try json.requiredTime("from"), to: try json.requiredTime("to"), count: try json.requiredInt("n"),
      result: try json.value("result"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("model", JSON.raw(model.name))
    object.put("version", model.version)
    object.put("from", from)
    object.put("to", to)
    object.put("n", count)
    object.put("result", result)
    return object.json
  }
}

extension Window.Result: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let source = try json.choice("source", Window.Source.self) else { throw EventBodyError("source is missing") }
    self.init(
      source: source,
      detector: ModelID(try json.raw("detector"), version: try json.optionalRaw("detector_version")),
      method: try json.raw("method"), correction: try json.raw("correction"),
      threshold: try json.requiredDouble("threshold"), referenceCount: try json.optionalInt("reference_n") ?? 0,
      isDrift: try json.optionalBool("is_drift") ?? false, features: try json.values("features"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("source", RawText(source.rawValue))
    object.put("detector", JSON.raw(detector.name))
    object.put("detector_version", detector.version)
    object.put("method", JSON.raw(method))
    object.put("correction", JSON.raw(correction))
    object.put("threshold", threshold)
    object.put("reference_n", referenceCount)
    object.put("is_drift", isDrift)
    object.put("features", features)
    return object.json
  }
}

extension FeatureDrift: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let degrees = try json.optionalInt("df")
    self.init(
      name: try json.raw("name"), method: degrees.map { .chiSquared(degreesOfFreedom: $0) } ?? .kolmogorovSmirnov,
      statistic: try json.requiredDouble("statistic"), effect: try json.requiredDouble("effect"),
      pValue: try json.requiredDouble("p"), isDrifted: try json.optionalBool("is_drifted") ?? false,
      current: try json.ints("current"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    if case .chiSquared(let degrees) = method { object.put("df", degrees) }
    if case .other(let name, let limit) = method {
      object.put("method", name)
      object.put("limit", limit)
    }
    object.put("statistic", statistic)
    object.put("effect", effect)
    if !pValue.isNaN { object.put("p", pValue) }
    object.put("is_drifted", isDrifted)
    object.put("current", JSON.array(current.map { .integer(Int64($0)) }))
    return object.json
  }
}
