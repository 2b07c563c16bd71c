/// What speaks at a deployment service's address.
public enum ServiceKind: String, Hashable, Sendable, CaseIterable {
  case mlserver, triton, kserve
  /// Envoy, which takes requests for the models, pipelines and experiments of Seldon Core 2.
  case seldonCore2 = "seldon-core-2"
  /// A graph of Seldon Core 1, with its own prediction API.
  case seldonV1 = "seldon-v1"
  /// `mds-service`.
  case embedded = "mds-service"
  /// Something else that speaks the Open Inference Protocol.
  case openInference = "open-inference"
}
