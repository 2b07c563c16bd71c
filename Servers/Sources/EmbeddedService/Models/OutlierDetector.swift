internal import Alibi
internal import Domain
internal import OpenInference

/// Scores how far each row lies from the training data, as Alibi Detect's runtime answers.
struct OutlierDetector: ServedModel {
  let settings: ModelSettings
  let distance: Mahalanobis

  init(settings: ModelSettings, distance: Mahalanobis) throws(ModelRefusal) {
    let width = distance.isOfWatched ? settings.watchedWidth : settings.width
    if let feature = distance.features.first(where: { !(0..<width).contains($0) }) {
      throw ModelRefusal("outlier.json looks at feature \(feature), but a row has \(width)")
    }
    self.settings = settings
    self.distance = distance
  }

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
