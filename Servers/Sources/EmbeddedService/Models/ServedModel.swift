internal import Domain
internal import OpenInference

/// A model as the service offers it: what it says of itself, and its answers.
protocol ServedModel: Sendable {
  var id: ModelID { get }
  var metadata: ModelMetadata { get }
  /// Answers a request that was validated against the metadata, with every output that the model has.
  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer
}

/// A loaded model with what each request needs of its metadata.
struct Served: Sendable {
  let model: any ServedModel
  let metadata: ModelMetadata
  let signature: Signature

  init(_ model: any ServedModel) {
    self.model = model
    metadata = model.metadata
    signature = metadata.signature
  }
}

extension InferenceRequest {
  /// The outputs that were asked for, in their order; all of them where none was.
  func selected(from outputs: [Tensor]) -> [Tensor] {
    guard !self.outputs.isEmpty else { return outputs }
    return self.outputs.compactMap { wanted in outputs.first { $0.name == wanted.name } }
  }
}
