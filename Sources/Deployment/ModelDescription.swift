public import Domain
internal import OpenInference

/// What a service says of one model.
public struct ModelDescription: Hashable, Sendable {
  public var id: ModelID
  public var signature: Signature
  public var platform: RawText
  public var role: ModelRole
  public var parameters: [JSON.Member]

  public init(
    id: ModelID, signature: Signature, platform: RawText, role: ModelRole, parameters: [JSON.Member] = []
  ) {
    self.id = id
    self.signature = signature
    self.platform = platform
    self.role = role
    self.parameters = parameters
  }

  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }

  init(_ metadata: ModelMetadata, id: ModelID) {
    self.init(
      id: id, signature: metadata.signature, platform: metadata.platform, role: .predictor,
      parameters: metadata.parameters)
    role = Self.role(of: id.name, published: self[parameter: "role"]?.string, serves: self[parameter: "serves"]?.text)
  }

  /// What a model is for: as its metadata says; else by the suffix of its name, as the Alibi runtimes are named.
  public static func role(of name: RawText, published: String? = nil, serves: RawText? = nil) -> ModelRole {
    switch published {
    case "explainer": return .explainer(of: serves)
    case "drift": return .driftDetector(of: serves)
    case "outlier": return .outlierDetector(of: serves)
    default: break
    }
    let text = name.string
    for (suffix, role) in suffixes {
      guard text.hasSuffix(suffix), text.count > suffix.count else { continue }
      let target = RawText(String(text.dropLast(suffix.count)))
      switch role {
      case .explainer: return .explainer(of: target)
      case .driftDetector: return .driftDetector(of: target)
      case .outlierDetector: return .outlierDetector(of: target)
      case .predictor: return .predictor
      }
    }
    return .predictor
  }

  private static let suffixes: [(String, ModelRole)] = [
    ("-shap", .explainer(of: nil)), ("-anchor", .explainer(of: nil)), ("-anchors", .explainer(of: nil)),
    ("-explainer", .explainer(of: nil)), ("-drift", .driftDetector(of: nil)), ("-outlier", .outlierDetector(of: nil)),
  ]
}
