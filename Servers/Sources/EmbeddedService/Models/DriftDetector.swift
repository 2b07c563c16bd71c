internal import Domain
internal import OpenInference

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

  /// The corrected limit of p.
  var threshold: Double { reference.level / Double(reference.features.count) }

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
        .init("stateless", true), .init("reference", reference.json),
      ])
  }

  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer {
    let rows = settings.watchedRows(of: inputs)
    var distances: [Float] = []
    var pValues: [Float] = []
    var isDrift = false
    for (feature, place) in zip(reference.features, places) {
      guard let (distance, pValue) = feature.test(rows.column(place)) else {
        throw .invalid("model '\(id.name)': feature '\(feature.name)' has no value in any row")
      }
      distances.append(Float(distance))
      pValues.append(Float(pValue))
      isDrift = isDrift || pValue < threshold
    }
    let width = reference.features.count
    return InferenceAnswer(
      outputs: [
        .numbers("is_drift", .int64, [1, 1], .signed([isDrift ? 1 : 0])),
        .numbers("distance", .fp32, [1, width], .single(distances)),
        .numbers("p_val", .fp32, [1, width], .single(pValues)),
        .numbers("threshold", .fp64, [1, 1], .double([threshold])),
      ],
      parameters: [
        .init("name", "TabularDrift"), .init("online", false), .init("version", "0.13.0"),
        .init("detector_type", "drift"), .init("version_warning", false),
      ],
      headers: ["x-seldon-alibi-type": "drift", "x-seldon-alibi-method": "tabular"], drift: [isDrift ? 1 : 0])
  }
}

extension Tensor {
  /// An output of numbers, as MLServer marks them.
  static func numbers(_ name: RawText, _ datatype: Datatype, _ shape: [Int], _ elements: Elements) -> Tensor {
    Tensor(
      name: name, datatype: datatype, shape: shape, elements: elements, parameters: [.init("content_type", "np")])
  }

  /// An output of texts, as MLServer marks them.
  static func texts(_ name: RawText, _ shape: [Int], _ texts: [RawText?]) -> Tensor {
    Tensor(
      name: name, datatype: .bytes, shape: shape, elements: .bytes(texts), parameters: [.init("content_type", "str")])
  }
}
