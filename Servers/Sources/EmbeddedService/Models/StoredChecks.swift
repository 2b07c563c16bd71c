internal import Domain

/// Predictions that the trainer stored beside a model, which the model must repeat before it is served: libxgboost
/// loads files of newer versions without an error and answers wrongly.
struct StoredChecks: Sendable {
  var rows: FeatureRows
  var probabilities: [Float]
  var margins: [Float]
  var contributions: [Float]

  /// How far an answer may be off.
  static let tolerance: Float = 1e-5

  init(_ json: JSON) throws(ModelRefusal) {
    guard let lines = json["rows"]?.array, let width = lines.first?.array?.count, width > 0 else {
      throw ModelRefusal("checks.json has no rows")
    }
    let values = StoredChecks.flattened(lines)
    guard values.count == lines.count * width else { throw ModelRefusal("checks.json has rows of unequal length") }
    rows = FeatureRows(values: values, count: lines.count, width: width)
    probabilities = StoredChecks.flattened(json["probabilities"]?.array ?? []).map(Float.init)
    margins = StoredChecks.flattened(json["margins"]?.array ?? []).map(Float.init)
    contributions = StoredChecks.flattened(json["contributions"]?.array ?? []).map(Float.init)
  }

  /// Compares the booster's answers with the stored ones.
  func verify(_ booster: Booster) async throws(ModelRefusal) {
    let questions: [(Booster.Question, [Float], String)] = [
      (.margin, margins, "margins"), (.probability, probabilities, "probabilities"),
      (.contributions, contributions, "contributions"),
    ]
    for (question, stored, name) in questions {
      let answered: [Float]
      do {
        answered = try await booster.answers(to: question, rows: rows).values
      } catch {
        throw ModelRefusal("libxgboost cannot run the model: \(error)")
      }
      guard answered.count == stored.count else {
        throw ModelRefusal("its \(name) are \(answered.count) numbers where \(stored.count) are stored")
      }
      // NaN compares false, so a NaN on either side refuses the model as well.
      if let (found, expected) = zip(answered, stored).first(where: { !(abs($0 - $1) <= StoredChecks.tolerance) }) {
        throw ModelRefusal(
          "its \(name) differ from the stored ones (\(found) where \(expected) is stored): "
            + "the file was made by another version of XGBoost or was changed")
      }
    }
  }

  private static func flattened(_ values: [JSON]) -> [Double] {
    values.flatMap { value in value.array.map(flattened) ?? [value.number ?? .nan] }
  }
}
