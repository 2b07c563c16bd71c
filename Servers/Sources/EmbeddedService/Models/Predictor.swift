internal import Domain
internal import HTTPTypes

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

  func answer(_ request: InferenceRequest) async throws(Refusal) -> InferenceAnswer {
    let inputs = try RequestValidation.validated(request.inputs, against: settings.inputs, model: settings.name)
    let rows = settings.encoding.rows(of: inputs)
    let probabilities = try await booster.values(of: .probability, rows: rows)
    let classes = settings.classes
    let width = probabilities.count / rows.count
    let chosen = (0..<rows.count).map { row in
      let scores = probabilities[row * width..<(row + 1) * width]
      return (scores.indices.max { scores[$0] < scores[$1] } ?? scores.startIndex) - scores.startIndex
    }
    let outputs = settings.outputs.map { spec -> Tensor in
      let elements: Tensor.Elements
      if spec.datatype == .bytes {
        elements = .bytes(chosen.map { $0 < classes.count ? classes[$0] : RawText("\($0)") })
      } else if spec.datatype.isInteger {
        elements = .signed(chosen.map(Int64.init))
      } else if spec.rowWidth == width, width > 1 {
        elements = .double(probabilities.map(Double.init))
      } else {
        elements = .double(chosen.enumerated().map { Double(probabilities[$0 * width + $1]) })
      }
      return Tensor(
        name: spec.name, datatype: spec.datatype, shape: [rows.count, spec.rowWidth], elements: elements)
    }
    return InferenceAnswer(outputs: try request.selected(from: outputs, model: settings.name))
  }
}

extension Booster {
  /// The answers alone; a failure of the library is a 500.
  func values(of question: Question, rows: FloatRows) throws(Refusal) -> [Float] {
    do {
      return try answers(to: question, rows: rows).values
    } catch {
      throw .error(.internalServerError, "xgboost: \(error)")
    }
  }
}
