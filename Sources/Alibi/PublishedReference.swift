public import Domain

/// The `reference` that a drift detector publishes in its metadata: what it compares with, and by which rule.
public struct PublishedReference: Hashable, Sendable {
  public var reference: Reference
  /// `TabularDrift`; empty where it does not say.
  public var method: RawText
  /// `bonferroni`; empty where it does not say.
  public var correction: RawText
  /// The limit of p before the correction; nil where it does not say.
  public var pValue: Double?

  public init(reference: Reference, method: RawText = "", correction: RawText = "", pValue: Double? = nil) {
    self.reference = reference
    self.method = method
    self.correction = correction
    self.pValue = pValue
  }

  /// Reads the metadata's parameters; nil where they hold no reference.
  public init?(metadataParameters parameters: [JSON.Member]) throws(AlibiError) {
    guard let json = parameters.first(where: { $0.key == "reference" })?.value, json != .null else { return nil }
    guard let count = json["n"]?.integer.flatMap({ Int(exactly: $0) }), count >= 0 else {
      throw .malformed("reference.n", needed: "a number of rows")
    }
    guard let list = json["features"]?.array else { throw .malformed("reference.features", needed: "a list") }
    var features: [Reference.Feature] = []
    for (index, feature) in list.enumerated() {
      features.append(try PublishedReference.feature(feature, at: "reference.features[\(index)]"))
    }
    self.init(
      reference: Reference(count: count, features: features), method: json["method"]?.text ?? "",
      correction: json["correction"]?.text ?? "", pValue: json["p_value"]?.number)
  }

  private static func feature(_ json: JSON, at path: String) throws(AlibiError) -> Reference.Feature {
    guard let name = json["name"]?.text else { throw .malformed(path + ".name", needed: "a text") }
    let counts = json.integers("counts")
    guard !counts.isEmpty, counts.count == json["counts"]?.array?.count, counts.allSatisfy({ $0 >= 0 }) else {
      throw .malformed(path + ".counts", needed: "a list of counts")
    }
    switch json["kind"]?.string {
    case "categorical":
      guard let labels = json["categories"]?.texts, labels.count == counts.count else {
        throw .malformed(path + ".categories", needed: "one text a count")
      }
      return Reference.Feature(name: name, distribution: .categorical(labels: labels, counts: counts))
    case "numeric":
      guard let edges = json["edges"]?.numbers, edges.count == counts.count + 1,
        zip(edges, edges.dropFirst()).allSatisfy(<)
      else { throw .malformed(path + ".edges", needed: "rising numbers, one more than counts") }
      return Reference.Feature(name: name, distribution: .numeric(edges: edges, counts: counts))
    default: throw .malformed(path + ".kind", needed: "numeric or categorical")
    }
  }

  /// The value of the metadata's `reference` parameter.
  public var json: JSON {
    var members = [JSON.Member("n", .integer(Int64(reference.count)))]
    if let pValue { members.append(JSON.Member("p_value", .number(pValue))) }
    if !correction.isEmpty { members.append(JSON.Member("correction", .string(correction))) }
    if !method.isEmpty { members.append(JSON.Member("method", .string(method))) }
    members.append(JSON.Member("features", .array(reference.features.map(PublishedReference.json))))
    return .object(members)
  }

  private static func json(_ feature: Reference.Feature) -> JSON {
    let name = JSON.string(feature.name)
    switch feature.distribution {
    case .numeric(let edges, let counts):
      return .object([
        "name": name, "kind": "numeric", "edges": .numbers(edges), "counts": .array(counts.map { .integer(Int64($0)) }),
      ])
    case .categorical(let labels, let counts):
      return .object([
        "name": name, "kind": "categorical", "categories": .texts(labels),
        "counts": .array(counts.map { .integer(Int64($0)) }),
      ])
    }
  }
}
