internal import Domain

/// One inference as it is asked for.
struct InferenceRequest: Sendable {
  var id: RawText?
  var inputs: [Tensor]
  /// The outputs that are wanted, in this order; nil for all.
  var outputs: [Wanted]?
  /// Whether outputs travel as bytes unless they say otherwise.
  var isBinaryByDefault: Bool

  struct Wanted: Hashable, Sendable {
    var name: RawText
    /// Nil where the request as a whole decides.
    var isBinary: Bool?
  }

  /// Whether an output of this name travels as bytes.
  func isBinary(_ name: RawText) -> Bool {
    outputs?.first { $0.name == name }?.isBinary ?? isBinaryByDefault
  }
}

/// What a model answers, before it becomes JSON or bytes.
struct InferenceAnswer: Sendable {
  var outputs: [Tensor]
  var parameters: [JSON.Member] = []
  /// Headers that the runtime adds, as Alibi's do.
  var headers: [String: String] = [:]
  /// Values for the `seldon_model_drift` histogram.
  var drift: [Double] = []
}
