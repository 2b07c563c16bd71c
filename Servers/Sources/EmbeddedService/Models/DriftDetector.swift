internal import Alibi
internal import Domain
internal import OpenInference
internal import Statistics

/// Asks of a batch of rows whether they come from where the training rows came from, as alibi-detect's TabularDrift:
/// Kolmogorov-Smirnov for numbers, chi-squared for categories, Bonferroni's correction over the features.
struct DriftDetector: ServedModel {
  let settings: ModelSettings
  let reference: DriftReference
  /// Where each feature of the reference stands in a watched row.
  private let places: [Int]

  init(settings: ModelSettings, reference: DriftReference) throws(ModelRefusal) {
    self.settings = settings
    self.reference = reference
    var places: [Int] = []
    for feature in reference.features {
      guard let place = settings.watchedNames.firstIndex(of: feature.name) else {
        throw ModelRefusal("reference.json has the feature \(feature.name), which the model does not have")
      }
      places.append(place)
    }
    self.places = places
  }

  var id: ModelID { ModelID(settings.name.appending("-drift"), version: settings.version) }

  var metadata: ModelMetadata {
    let width = reference.features.count
    return ModelMetadata(
      name: id.name, platform: "alibi-detect", inputs: settings.inputs,
      outputs: [
        TensorSpec(name: "is_drift", datatype: .int64, shape: [1, 1]),
        TensorSpec(name: "distance", datatype: .fp32, shape: [1, width]),
        TensorSpec(name: "p_val", datatype: .fp32, shape: [1, width]),
        TensorSpec(name: "threshold", datatype: .fp64, shape: [1, 1]),
      ],
      parameters: [
        .init("serves", .string(settings.name)), .init("role", "drift"), .init("method", "TabularDrift"),
        .init("stateless", true), .init("reference", reference.published.json),
      ])
  }

  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer {
    let rows = settings.watchedRows(of: inputs)
    var distances: [Double] = []
    var pValues: [Double] = []
    for (feature, place) in zip(reference.features, places) {
      guard let (distance, pValue) = feature.test(rows.column(place)) else {
        throw .invalid("model '\(id.name)': feature '\(feature.name)' has no value in any row")
      }
      distances.append(distance)
      pValues.append(pValue)
    }
    let decision = Correction.bonferroni.decide(pValues, level: reference.level)
    let answer = DriftAnswer(
      method: "TabularDrift", isDrift: decision.any, distances: distances, pValues: pValues,
      threshold: decision.threshold)
    return InferenceAnswer(
      outputs: answer.outputs, parameters: answer.responseParameters,
      headers: [AlibiKind.typeField: AlibiKind.drift.rawValue, AlibiKind.methodField: "tabular"],
      drift: [answer.isDrift ? 1 : 0])
  }
}
