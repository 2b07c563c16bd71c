internal import Domain

extension Window.Result {
  /// The result as the ledger keeps it.
  var json: JSON {
    let features = features.map { feature -> JSON in
      var degrees: JSON = .null
      if case .chiSquared(let count) = feature.method { degrees = .integer(Int64(count)) }
      return .object([
        "name": .string(feature.name), "degrees": degrees, "statistic": .number(feature.statistic),
        "effect": .number(feature.effect), "p": .number(feature.pValue), "drifted": .bool(feature.isDrifted),
        "current": .array(feature.current.map { .integer(Int64($0)) }),
      ])
    }
    return .object([
      "source": .text(source.rawValue), "detector": .string(detector.name), "method": .string(method),
      "correction": .string(correction), "threshold": .number(threshold),
      "n_ref": .integer(Int64(referenceCount)), "drift": .bool(isDrift), "features": .array(features),
    ])
  }

  /// Reads what the ledger kept; nil for anything else.
  init?(json: JSON) {
    guard let source = json["source"]?.string.flatMap(Window.Source.init(rawValue:)), let isDrift = json["drift"]?.bool
    else { return nil }
    let features = (json["features"]?.array ?? []).map { feature in
      Domain.FeatureDrift(
        name: feature["name"]?.text ?? "",
        method: feature["degrees"]?.integer.map { .chiSquared(degreesOfFreedom: Int($0)) } ?? .kolmogorovSmirnov,
        statistic: feature["statistic"]?.number ?? .nan, effect: feature["effect"]?.number ?? .nan,
        pValue: feature["p"]?.number ?? .nan, isDrifted: feature["drifted"]?.bool ?? false,
        current: (feature["current"]?.array ?? []).compactMap { $0.integer.map { Int($0) } })
    }
    self.init(
      source: source, detector: ModelID(json["detector"]?.text ?? ""), method: json["method"]?.text ?? "",
      correction: json["correction"]?.text ?? "", threshold: json["threshold"]?.number ?? .nan,
      referenceCount: Int(json["n_ref"]?.integer ?? 0), isDrift: isDrift, features: features)
  }
}
