internal import Alibi
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
    let outliers = (0..<rows.count).map { row in
      let score = distance.score(rows[row])
      return Outlier(
        detector: id, method: "Mahalanobis", score: score, threshold: distance.threshold,
        isOutlier: score > distance.threshold)
    }
    return InferenceAnswer(
      outputs: Outlier.outputs(outliers), parameters: Outlier.responseParameters(method: "Mahalanobis"),
      headers: [AlibiKind.typeField: AlibiKind.outlier.rawValue, AlibiKind.methodField: "mahalanobis"])
  }
}
