internal import Domain
internal import HTTPTypes
internal import OpenInference

/// A booster behind its signature: records in, the chosen class and the probabilities out.
struct Predictor: ServedModel {
  let settings: ModelSettings
  let booster: Booster

  var id: ModelID { settings.id }

  var metadata: ModelMetadata {
    ModelMetadata(
      name: settings.name, platform: settings.platform, inputs: settings.inputs, outputs: settings.outputs,
      parameters: settings.parameters)
  }

  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer {
    let rows = settings.encoding.rows(of: inputs)
    let probabilities = try await booster.values(of: .probability, rows: rows)
    let classes = settings.classes
    let width = probabilities.count / rows.count
    let chosen = (0..<rows.count).map { row in
      let scores = probabilities[row * width..<(row + 1) * width]
      return (scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex) - scores.startIndex
    }
    return InferenceAnswer(
      outputs: settings.outputs.map { spec in
        let shape = [rows.count, spec.rowWidth]
        switch spec.datatype {
        case .bytes:
          return .texts(spec.name, shape, chosen.map { $0 < classes.count ? classes[$0] : RawText("\($0)") })
        case .fp32, .fp64:
          let scores =
            spec.rowWidth == width
            ? probabilities : chosen.enumerated().map { probabilities[$0 * width + $1] }
          return .numbers(
            spec.name, spec.datatype, shape,
            spec.datatype == .fp32 ? .single(scores) : .double(scores.map(Double.init)))
        default: return .numbers(spec.name, spec.datatype, shape, .signed(chosen.map(Int64.init)))
        }
      })
  }
}

extension Booster {
  /// The answers alone; a failure of the library is a 500.
  func values(of question: Question, rows: FeatureRows) throws(Refusal) -> [Float] {
    do {
      return try answers(to: question, rows: rows).values
    } catch {
      throw .error(.internalServerError, "xgboost: \(error)")
    }
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
