public import Domain

extension Explanation: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    let content: Content
    if let attributions: Attributions = try json.value("attributions") {
      content = .attributions(attributions)
    } else if let anchor: Anchor = try json.value("anchor") {
      content = .anchor(anchor)
    } else {
      content = .other(try JSON.kept(json["other"] ?? .null))
    }
    self.init(
      explainer: ModelID(try json.raw("explainer"), version: try json.optionalRaw("explainer_version")),
      method: try json.raw("method"), content: content, latency: try json.optionalDouble("latency_ms"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("explainer", JSON.raw(explainer.name))
    object.put("explainer_version", explainer.version)
    object.put("method", JSON.raw(method))
    switch content {
    case .attributions(let attributions): object.put("attributions", attributions)
    case .anchor(let anchor): object.put("anchor", anchor)
    case .other(let json): object.put("other", JSON.keeping(json))
    }
    object.put("latency_ms", latency)
    return object.json
  }
}

extension Attributions: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    guard let link = try json.choice("link", Link.self) else { throw EventBodyError("link is missing") }
    let layout: Layout
    if json["tokens"] != nil {
      layout = .tokens(try json.values("tokens"))
    } else if let pixels = json["pixels"] {
      layout = .pixels(rows: try pixels.requiredInt("rows"), columns: try pixels.requiredInt("columns"))
    } else {
      layout = .list
    }
    self.init(
      link: link, isExact: try json.optionalBool("exact") ?? false, features: try json.values("features"),
      classes: try json.values("classes"), layout: layout)
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("link", RawText(link.rawValue))
    object.put("exact", isExact)
    object.put("features", features)
    object.put("classes", classes)
    switch layout {
    case .list: break
    case .tokens(let tokens): object.put("tokens", tokens)
    case .pixels(let rows, let columns):
      var pixels = ObjectBuilder()
      pixels.put("rows", rows)
      pixels.put("columns", columns)
      object.put("pixels", pixels.json)
    }
    return object.json
  }
}

extension Attributions.Feature: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(name: try json.raw("name"), value: try json.raw("value"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("name", JSON.raw(name))
    object.putUnlessEmpty("value", value)
    return object.json
  }
}

extension Attributions.ClassShares: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      label: try json.raw("label"), base: try json.requiredDouble("base"), shares: try json.doubles("shares"),
      output: try json.optionalDouble("output"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("label", JSON.raw(label))
    object.put("base", base)
    object.put("shares", JSON.array(shares.map(JSON.exact)))
    object.put("output", output)
    return object.json
  }
}

extension Attributions.Token: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(text: try json.raw("text"), start: try json.requiredInt("start"), end: try json.requiredInt("end"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("text", JSON.raw(text))
    object.put("start", start)
    object.put("end", end)
    return object.json
  }
}

extension Anchor: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      predicates: try json.raws("predicates"), precision: try json.requiredDouble("precision"),
      coverage: try json.requiredDouble("coverage"), steps: try json.doubles("steps"),
      positions: try json.ints("positions"), segments: try json.value("segments"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("predicates", JSON.array(predicates.map(JSON.raw)))
    object.put("precision", precision)
    object.put("coverage", coverage)
    object.put("steps", JSON.array(steps.map(JSON.exact)))
    object.put("positions", JSON.array(positions.map { .integer(Int64($0)) }))
    object.put("segments", segments)
    return object.json
  }
}

extension Anchor.Segments: JSONCodable {
  public init(json: JSON) throws(EventBodyError) {
    self.init(
      rows: try json.requiredInt("rows"), columns: try json.requiredInt("columns"), ids: try json.ints("ids"),
      kept: try json.ints("kept"))
  }

  public var json: JSON {
    var object = ObjectBuilder()
    object.put("rows", rows)
    object.put("columns", columns)
    object.put("ids", JSON.array(ids.map { .integer(Int64($0)) }))
    object.put("kept", JSON.array(kept.map { .integer(Int64($0)) }))
    return object.json
  }
}
