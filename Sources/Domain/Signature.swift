/// Where a fact of a signature came from; a later layer stands over an earlier one.
public enum SignatureLayer: Int, Hashable, Sendable, Comparable, CaseIterable, Codable {
  case service, card, catalogue, local

  public static func < (left: SignatureLayer, right: SignatureLayer) -> Bool { left.rawValue < right.rawValue }

  /// The layer as a word on screen.
  public var word: String {
    switch self {
    case .service: "service"
    case .card: "card"
    case .catalogue: "catalogue"
    case .local: "local"
    }
  }
}

/// One tensor of a signature, as metadata declares it: extents of −1 are open.
public struct TensorSpec: Hashable, Sendable {
  public var name: RawText
  public var datatype: Datatype
  /// Extents as declared; −1 where any number goes.
  public var shape: [Int]
  public var parameters: [JSON.Member]

  public init(name: RawText, datatype: Datatype, shape: [Int], parameters: [JSON.Member] = []) {
    self.name = name
    self.datatype = datatype
    self.shape = shape
    self.parameters = parameters
  }

  public subscript(parameter name: RawText) -> JSON? { parameters.first { $0.key == name }?.value }

  /// Elements of one row: the product of the extents after the first; 1 where there is none or one is open.
  public var rowWidth: Int { width(isBatched: true) }

  /// Elements of one record; 1 where an extent of it is open.
  public func width(isBatched: Bool) -> Int { Tensor.product(recordShape(isBatched: isBatched)) ?? 1 }

  /// The extents of one record's tensor, −1 where any number goes. `isBatched` is the signature's.
  ///
  /// A first extent that is open, with others behind it, is a batch even where the service makes none: so a model is
  /// exported that counts its rows itself. A record is one of them.
  public func recordShape(isBatched: Bool) -> [Int] {
    if isBatched || shape.count > 1 && shape[0] < 0 { return [1] + shape.dropFirst() }
    return shape.isEmpty ? [1] : shape
  }

  /// `FP64 [−1,13]`.
  public var text: String {
    let extents = shape.map { $0 < 0 ? "−\(-$0)" : "\($0)" }.joined(separator: ",")
    return "\(datatype.rawValue) [\(extents)]"
  }
}

/// The typed fields of a model's inputs and outputs.
public struct Signature: Hashable, Sendable {
  public var inputs: [TensorSpec]
  public var outputs: [TensorSpec]
  public var parameters: [JSON.Member]
  /// The fields an analyst fills in, in the order of the inputs.
  public var fields: [Field]
  /// The class labels, in the order of the probabilities; empty when nobody published them.
  public var classes: [RawText]

  public init(
    inputs: [TensorSpec], outputs: [TensorSpec], parameters: [JSON.Member] = [], fields: [Field]? = nil,
    classes: [RawText]? = nil
  ) {
    self.inputs = inputs
    self.outputs = outputs
    self.parameters = parameters
    self.fields = fields ?? Field.fields(of: inputs, isBatched: Signature.isBatched(parameters))
    self.classes = classes ?? Signature.classes(in: outputs)
  }

  /// Whether several records can stand in one request, one under the other. Triton says by `max_batch_size` 0 that a
  /// model takes one at a time, and that no extent of its tensors counts records.
  public var isBatched: Bool { Signature.isBatched(parameters) }

  static func isBatched(_ parameters: [JSON.Member]) -> Bool {
    parameters.first { $0.key == "max_batch_size" }?.value.integer != 0
  }

  /// Whether nobody said what goes in: the form is then a request as JSON.
  public var isUnknown: Bool { inputs.isEmpty && fields.isEmpty }

  /// What a form asks for: the fields, or the request where none are known.
  public var formFields: [Field] { isUnknown ? [.request] : fields }

  /// The first list of class names that an output publishes.
  static func classes(in outputs: [TensorSpec]) -> [RawText] {
    for output in outputs {
      if let names = output[parameter: "class_names"]?.texts, !names.isEmpty { return names }
    }
    return []
  }
}
