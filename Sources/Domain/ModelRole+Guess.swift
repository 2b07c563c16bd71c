extension ModelRole {
  /// The role that metadata parameters `role` and `serves` name. Where they are missing, the platform of the Alibi
  /// runtimes and the name tell: `wine-shap`, `wine-anchor`, `wine-drift`, `wine-outlier` beside a model `wine`.
  ///
  /// An empty platform is one that is not known.
  public init(name: RawText, platform: RawText, parameters: [JSON.Member] = [], among names: [RawText]) {
    let parameter: (RawText) -> JSON? = { key in parameters.first { $0.key == key }?.value }
    let target = parameter("serves")?.text ?? ModelRole.target(of: name, among: names)
    switch parameter("role")?.string {
    case "explainer": self = .explainer(of: target)
    case "drift": self = .driftDetector(of: target)
    case "outlier": self = .outlierDetector(of: target)
    case "predictor": self = .predictor
    default: self = ModelRole.guess(name: name.string, platform: platform, target: target)
    }
  }

  private static func guess(name: String, platform: RawText, target: RawText?) -> ModelRole {
    let ending = target.map { name.dropFirst($0.string.count) } ?? name[...]
    switch platform {
    case "alibi-explain": return .explainer(of: target)
    case "alibi-detect": return ending.contains("outlier") ? .outlierDetector(of: target) : .driftDetector(of: target)
    case "":
      guard target != nil else { return .predictor }
      if ending.hasPrefix("-drift") { return .driftDetector(of: target) }
      if ending.hasPrefix("-outlier") { return .outlierDetector(of: target) }
      return ending.hasPrefix("-anchor") || ending.hasSuffix("shap") ? .explainer(of: target) : .predictor
    default: return .predictor
    }
  }

  /// The shortest other model's name that this one continues with a hyphen.
  private static func target(of name: RawText, among names: [RawText]) -> RawText? {
    names.filter { other in
      name.bytes.count > other.bytes.count && name.bytes.starts(with: other.bytes)
        && name.bytes[other.bytes.count] == UInt8(ascii: "-")
    }.min { $0.bytes.count < $1.bytes.count }
  }
}
