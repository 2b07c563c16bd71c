public import Domain

extension Seen: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let recordID = try json.optionalRaw("record_id")
    self.init(
      record: try SeenRecord(json: json["record"] ?? .null), fields: try json.values("fields"),
      recordID: recordID.flatMap { ShortHash(hex: $0.string) }, sourceID: try json.raw("source_id"),
      recordAt: try json.optionalTime("record_at"), service: try json.raw("service"),
      model: ModelID(try json.requiredRaw("model"), version: try json.optionalRaw("version")),
      route: try json.raw("route"), requestID: try json.raw("request_id"), traceID: try json.raw("trace_id"),
      output: try json.value("output") ?? SeenOutput(answer: .opaque), explanations: try json.values("explanations"),
      drift: try json.value("drift"), outlier: try json.value("outlier"), guideline: try json.raw("guideline"),
      queue: try json.value("queue"), assistance: try json.choice("assist") ?? .explanation)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("record", record)
    object.put("fields", fields)
    object.put("record_id", recordID.map { RawText($0.hex) })
    object.putUnlessEmpty("source_id", sourceID)
    object.put("record_at", recordAt)
    object.putUnlessEmpty("service", service)
    object.put("model", JSON.raw(model.name))
    object.put("version", model.version)
    object.putUnlessEmpty("route", route)
    object.putUnlessEmpty("request_id", requestID)
    object.putUnlessEmpty("trace_id", traceID)
    object.put("output", output)
    object.put("explanations", explanations)
    object.put("drift", drift)
    object.put("outlier", outlier)
    object.putUnlessEmpty("guideline", guideline)
    object.put("queue", queue)
    object.put("assist", RawText(assistance.rawValue))
    return object.json
  }
}

extension SeenRecord {
  /// Where in the body of a `seen` event, as a JSON path, the hash of a content stands that is too large for it.
  public static let contentPath = "$.payload.record.sha256"
  /// Where it stands that this content is withheld.
  public static let withheldPath = "$.payload.record.withheld"
}

extension SeenRecord: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    if json == .null {
      self = .none
    } else if let hash = try json.optionalHash("sha256") {
      let isWithheld = try json.optionalBool("withheld") ?? false
      self = .hash(hash, bytes: try json.optionalInt("bytes") ?? 0, isWithheld: isWithheld)
    } else {
      self = .inline(try Record(json: json))
    }
  }

  public var json: JSON {
    switch self {
    case .inline(let record): return record.json
    case .hash(let hash, let bytes, let isWithheld):
      var object = ObjectBuilder()
      object.put("sha256", RawText(hash.hex))
      object.put("bytes", bytes)
      if isWithheld { object.put("withheld", true) }
      return object.json
    case .none: return .null
    }
  }
}

extension SeenField: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      name: try json.raw("name"), tensor: try json.requiredInt("tensor"), offset: try json.requiredInt("offset"),
      count: try json.optionalInt("n") ?? 1, isList: try json.optionalBool("list") ?? false)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.put("tensor", tensor)
    object.put("offset", offset)
    if count != 1 { object.put("n", count) }
    if isList { object.put("list", JSON.bool(true)) }
    return object.json
  }
}

extension SeenOutput: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      answer: try Prediction.Answer(json: json), margin: try json.optionalDouble("margin"),
      latency: try json.optionalDouble("latency_ms"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    answer.write(to: &object)
    object.put("margin", margin)
    object.put("latency_ms", latency)
    return object.json
  }
}

extension SeenExplanation: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      explainer: ModelID(try json.raw("explainer"), version: try json.optionalRaw("explainer_version")),
      method: try json.raw("method"), hash: try json.optionalHash("sha256"),
      isShown: try json.optionalBool("shown") ?? true, milliseconds: try json.optionalInt("ms"),
      top: try json.values("top"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("explainer", JSON.raw(explainer.name))
    object.put("explainer_version", explainer.version)
    object.put("method", JSON.raw(method))
    object.put("sha256", hash.map { RawText($0.hex) })
    object.put("shown", isShown)
    object.put("ms", milliseconds)
    object.put("top", top)
    return object.json
  }
}

extension SeenExplanation.Feature: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(name: try json.raw("name"), value: try json.raw("value"), share: try json.optionalDouble("share"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.putUnlessEmpty("value", value)
    object.put("share", share)
    return object.json
  }
}

extension SeenDrift: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      detector: ModelID(try json.raw("detector"), version: try json.optionalRaw("detector_version")),
      method: try json.raw("method"), source: try json.choice("source") ?? .detector,
      from: try json.requiredTime("from"), to: try json.requiredTime("to"), count: try json.optionalInt("n") ?? 0,
      isDrift: try json.optionalBool("is_drift") ?? false,
      driftedShare: try json.optionalDouble("drifted_share") ?? 0)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("detector", JSON.raw(detector.name))
    object.put("detector_version", detector.version)
    object.put("method", JSON.raw(method))
    object.put("source", RawText(source.rawValue))
    object.put("from", from)
    object.put("to", to)
    object.put("n", count)
    object.put("is_drift", isDrift)
    object.put("drifted_share", driftedShare)
    return object.json
  }
}

extension SeenQueue: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      id: try json.raw("id"), sampler: try json.raw("sampler"), score: try json.optionalDouble("score"),
      propensity: try json.optionalDouble("propensity"), isBlind: try json.optionalBool("blind") ?? false)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("id", JSON.raw(id))
    object.put("sampler", JSON.raw(sampler))
    object.put("score", score)
    object.put("propensity", propensity)
    object.put("blind", isBlind)
    return object.json
  }
}
