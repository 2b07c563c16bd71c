/// What one layer says of a model's signature, to complete or correct the layers below it.
public struct SignatureSupplement: Hashable, Sendable {
  public var layer: SignatureLayer
  /// What runs the model; nil where the layer does not say.
  public var platform: RawText?
  public var inputs: [TensorSupplement]
  public var outputs: [TensorSupplement]
  /// Facts of the model as a whole, in the names of metadata parameters: `summary`, `role`, `serves`, `stateless`.
  public var parameters: [JSON.Member]

  public init(
    layer: SignatureLayer, platform: RawText? = nil, inputs: [TensorSupplement] = [], outputs: [TensorSupplement] = [],
    parameters: [JSON.Member] = []
  ) {
    self.layer = layer
    self.platform = platform
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
  }
}

/// What one layer says of a tensor, by the tensor's name.
public struct TensorSupplement: Hashable, Sendable {
  public var name: RawText
  public var datatype: Datatype?
  /// Extents, −1 where any number goes.
  public var shape: [Int]?
  public var parameters: [JSON.Member]

  public init(name: RawText, datatype: Datatype? = nil, shape: [Int]? = nil, parameters: [JSON.Member] = []) {
    self.name = name
    self.datatype = datatype
    self.shape = shape
    self.parameters = parameters
  }
}

/// What a catalogue says of the models of a service.
public struct Catalogue: Hashable, Sendable {
  public struct Entry: Hashable, Sendable {
    public var name: RawText
    /// The version that it is about; nil for each.
    public var version: RawText?
    public var supplement: SignatureSupplement

    public init(name: RawText, version: RawText? = nil, supplement: SignatureSupplement) {
      self.name = name
      self.version = version
      self.supplement = supplement
    }
  }

  /// In rising order: a later one stands over an earlier.
  public var entries: [Entry]

  public init(entries: [Entry] = []) { self.entries = entries }

  /// What is said of a model, lowest layer first; what is about its version after what is about all.
  public func supplements(for model: ModelID) -> [SignatureSupplement] {
    let named = entries.filter { $0.name == model.name }
    return (named.filter { $0.version == nil } + named.filter { $0.version != nil && $0.version == model.version })
      .map(\.supplement)
  }

  /// The names of the models that it is about, each once, in its order.
  public var names: [RawText] {
    var seen: Set<RawText> = []
    return entries.map(\.name).filter { seen.insert($0).inserted }
  }
}
