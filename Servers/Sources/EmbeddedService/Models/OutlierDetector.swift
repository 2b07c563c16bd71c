internal import Domain
internal import OpenInference

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

  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer {
    let rows = distance.isOfWatched ? settings.watchedRows(of: inputs) : settings.encoding.rows(of: inputs)
    let scores = (0..<rows.count).map { distance.score(rows[$0]) }
    return InferenceAnswer(
      outputs: [
        .numbers("instance_score", .fp64, [1, rows.count], .double(scores)),
        // Alibi's null, which travels as a text.
        .numbers("feature_score", .bytes, [1, 1], .bytes([nil])),
        .numbers(
          "is_outlier", .int64, [1, rows.count], .signed(scores.map { $0 > distance.threshold ? 1 : 0 })),
      ],
      parameters: [
        .init("name", "Mahalanobis"), .init("online", false), .init("data_type", "tabular"),
        .init("version", "0.13.0"), .init("detector_type", "outlier"),
      ],
      headers: ["x-seldon-alibi-type": "outlier", "x-seldon-alibi-method": "mahalanobis"])
  }
}
