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
    let features: [Feature] = try json.values("features")
    let classes: [ClassShares] = try json.values("classes")
    let count = classes.first?.shares.count ?? 0
    guard count <= features.count, classes.allSatisfy({ $0.shares.count == count }) else {
      throw EventBodyError("shares are not one a feature")
    }
    self.init(
      link: link, isExact: try json.optionalBool("exact") ?? false, features: features, classes: classes,
      layout: try Attributions.layout(json, count: features.count))
  }

  /// How the features lie; in a list where what is said of them does not fit them, as for alibi's.
  private static func layout(_ json: JSON, count: Int) throws(EventBodyError) -> Layout {
    if json["tokens"] != nil {
      let tokens: [Token] = try json.values("tokens")
      let isPlaced = tokens.allSatisfy { 0 <= $0.start && $0.start <= $0.end }
      return isPlaced && tokens.count <= count ? .tokens(tokens) : .list
    }
    guard let pixels = json["pixels"] else { return .list }
    let (rows, columns) = (try pixels.requiredInt("rows"), try pixels.requiredInt("columns"))
    guard rows > 0, columns > 0, rows.multipliedReportingOverflow(by: columns) == (count, false) else { return .list }
    return .pixels(rows: rows, columns: columns)
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
    let (rows, columns) = (try json.requiredInt("rows"), try json.requiredInt("columns"))
    let ids = try json.ints("ids")
    guard rows >= 0, columns >= 0, rows.multipliedReportingOverflow(by: columns) == (ids.count, false) else {
      throw EventBodyError("ids are not one a pixel")
    }
    self.init(rows: rows, columns: columns, ids: ids, kept: try json.ints("kept"))
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
