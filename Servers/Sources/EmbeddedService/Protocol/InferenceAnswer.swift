internal import Domain

/// What a model answers, before it is written for whoever asked.
struct InferenceAnswer: Sendable {
  var outputs: [Tensor]
  var parameters: [JSON.Member] = []
  /// Headers that the runtime adds, as Alibi's do.
  var headers: [String: String] = [:]
  /// Values for the `seldon_model_drift` histogram.
  var drift: [Double] = []
}
