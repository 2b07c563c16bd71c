public import Alibi
public import Domain
internal import OpenInference

/// What a service's metadata says of a model.
public struct ModelDescription: Hashable, Sendable {
  public var id: ModelID
  /// What runs it; empty when the service does not say.
  public var platform: RawText
  public var signature: Signature
  /// What the model is for, as its parameters say, else as its platform and name suggest.
  public var role: ModelRole
  /// Where each fact of the signature came from; nil where that was not kept.
  public var layers: LayeredSignature?

  public init(id: ModelID, platform: RawText, signature: Signature, role: ModelRole) {
    self.id = id
    self.platform = platform
    self.signature = signature
    self.role = role
  }

  /// What the service says and, over it, the layers that complete or correct it. `names` are the models of the
  /// service, to tell whom a model serves.
  init(_ service: Signature, platform: RawText, supplements: [SignatureSupplement], id: ModelID, names: [RawText]) {
    let platform = supplements.compactMap(\.platform).last ?? platform
    let layers = LayeredSignature(service: service, supplements: supplements)
    self.init(
      id: id, platform: platform, signature: layers.signature,
      role: ModelRole(name: id.name, platform: platform, parameters: layers.parameters, among: names))
    self.layers = layers
  }

  public subscript(parameter name: RawText) -> JSON? { signature.parameters.first { $0.key == name }?.value }

  /// The score above which an outlier detector flags a record; nil where it is not published.
  public var outlierThreshold: Double? { self[parameter: "threshold"]?.number }

  /// Whether calling a detector is known not to change it: it says so itself.
  public var isStateless: Bool { self[parameter: "stateless"]?.bool ?? false }

  /// What a drift detector compares with; nil where it is not published.
  public func reference() throws(AlibiError) -> PublishedReference? {
    try PublishedReference(metadataParameters: signature.parameters)
  }
}
