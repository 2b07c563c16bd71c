internal import Domain

/// Scores how far each row lies from the training data, as Alibi Detect's runtime answers.
struct OutlierDetector: ServedModel {
  let settings: ModelSettings
  let distance: Mahalanobis

  var id: ModelID { ModelID(settings.name.appending("-outlier"), version: settings.version) }

  var metadata: ModelMetadata {
    ModelMetadata(
      name: id.name, platform: "alibi-detect", inputs: settings.inputs,
      outputs: [
        TensorSpec(name: "instance_score", datatype: .fp64, shape: [1, -1]),
        TensorSpec(name: "feature_score", datatype: .bytes, shape: [1, 1]),
        TensorSpec(name: "is_outlier", datatype: .int64, shape: [1, -1]),
      ],
      parameters: [
        .init("serves", .string(settings.name)), .init("role", "outlier"), .init("method", "Mahalanobis"),
        .init("threshold", .number(distance.threshold)), .init("quantile", .number(distance.quantile)),
        .init("stateless", true),
      ])
  }

  func answer(_ request: InferenceRequest) async throws(Refusal) -> InferenceAnswer {
    let inputs = try RequestValidation.validated(request.inputs, against: settings.inputs, model: id.name)
    let rows = settings.encoding.rows(of: inputs)
    let scores = (0..<rows.count).map { distance.score(rows[$0]) }
    let outputs = [
      Tensor(name: "instance_score", datatype: .fp64, shape: [1, rows.count], elements: .double(scores)),
      Tensor(
        name: "feature_score", datatype: .bytes, shape: [1, 1], elements: .bytes([nil]),
        parameters: [.init("content_type", "np")]),
      Tensor(
        name: "is_outlier", datatype: .int64, shape: [1, rows.count],
        elements: .signed(scores.map { $0 > distance.threshold ? 1 : 0 })),
    ]
    return InferenceAnswer(
      outputs: try request.selected(from: outputs, model: id.name),
      parameters: [
        .init("name", "Mahalanobis"), .init("online", false), .init("data_type", "tabular"),
        .init("version", "0.13.0"), .init("detector_type", "outlier"),
      ],
      headers: ["x-seldon-alibi-type": "outlier", "x-seldon-alibi-method": "mahalanobis"])
  }
}
