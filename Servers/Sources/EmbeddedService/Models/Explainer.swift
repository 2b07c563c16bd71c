internal import Alibi
internal import Domain
internal import OpenInference

/// Says why a predictor answered: exact Tree SHAP values, as Alibi Explain's runtime answers.
struct Explainer: ServedModel {
  let settings: ModelSettings
  let booster: Booster

  var id: ModelID { ModelID(settings.name.appending("-shap"), version: settings.version) }

  var metadata: ModelMetadata {
    ModelMetadata(
      name: id.name, platform: "alibi-explain", inputs: settings.inputs,
      outputs: [
        TensorSpec(name: "explanation", datatype: .bytes, shape: [1, 1], parameters: [.init("content_type", "str")])
      ],
      parameters: [
        .init("serves", .string(settings.name)), .init("role", "explainer"), .init("method", "TreeShap"),
        .init("link", "margin"), .init("class_names", .array(settings.classes.map(JSON.string))),
      ])
  }

  func answer(_ inputs: [Tensor]) async throws(Refusal) -> InferenceAnswer {
    let rows = settings.encoding.rows(of: inputs)
    try checkSize(rows, inputs)
    let contributions = try await booster.values(of: .contributions, rows: rows)
    let margins = try await booster.values(of: .margin, rows: rows)
    let explanation = try explanation(
      of: Contributions(values: contributions, margins: margins, rows: rows.count), rows: rows, inputs: inputs)
    return InferenceAnswer(
      outputs: [explanation.output],
      headers: [AlibiKind.typeField: AlibiKind.explanation.rawValue, AlibiKind.methodField: "shap_wrappers"])
  }

  /// Numbers of an explanation, each of which is written in some twenty bytes and again in the ranking.
  static let largestAnswer = 1_000_000

  /// A few megabytes of request must not ask for gigabytes of answer.
  private func checkSize(_ rows: FeatureRows, _ inputs: [Tensor]) throws(Refusal) {
    var width = rows.width
    if case .text = settings.encoding, let text = inputs.first.map(Encoding.texts)?.first {
      width = HashedNGrams.tokens(of: text).count + 1
    }
    let count = rows.count * width * max(1, settings.classes.count)
    guard count <= Explainer.largestAnswer else {
      throw .invalid(
        "model '\(id.name)': the explanation would have \(count) numbers, at most \(Explainer.largestAnswer) are given")
    }
  }

  private func explanation(
    of contributions: Contributions, rows: FeatureRows, inputs: [Tensor]
  ) throws(Refusal) -> TreeShapAnswer {
    var answer = TreeShapAnswer(
      featureNames: settings.featureNames, bases: contributions.bases, shares: contributions.shares,
      outputs: contributions.margins,
      instances: (0..<rows.count).map { row in .array(rows[row].map(JSON.number)) }, link: .margin)
    switch settings.encoding {
    case .matrix: break
    case .columns(let columns):
      for (place, column) in columns.enumerated() { answer.categories[place] = column.categories }
    case .pixels(let height, let width):
      answer.layouts = Array(repeating: .pixels(rows: height, columns: width), count: rows.count)
    case .text(let grams):
      // Each text has words of its own, so two do not fit one table of features.
      guard rows.count == 1, let text = inputs.first.map(Encoding.texts)?.first else {
        throw .invalid("model '\(id.name)': one text at a time is explained, not \(rows.count)")
      }
      let words = TokenShares(text: text, grams: grams, contributions: contributions.shares.map { $0[0] })
      answer.featureNames = words.names
      answer.shares = words.shares.map { [$0] }
      answer.instances = [.string(text)]
      answer.layouts = [.tokens(words.tokens)]
    }
    return answer
  }
}

/// What libxgboost says each feature adds to each class's margin.
struct Contributions: Sendable {
  /// One a class: the answer with every feature unknown.
  var bases: [Double]
  /// By class, row and feature.
  var shares: [[[Double]]]
  /// f(x) by row and class.
  var margins: [[Double]]

  /// From [rows, classes, features + 1] and [rows, classes].
  init(values: [Float], margins: [Float], rows: Int) {
    let classes = margins.count / rows
    let width = values.count / margins.count
    func share(_ row: Int, _ group: Int) -> ArraySlice<Float> {
      values[(row * classes + group) * width..<(row * classes + group + 1) * width]
    }
    let bases = (0..<classes).map { share(0, $0).last.map(Double.init) ?? 0 }
    self.bases = bases
    shares = (0..<classes).map { group in
      (0..<rows).map { row in
        Contributions.completed(
          share(row, group).dropLast().map(Double.init), to: Double(margins[row * classes + group]) - bases[group])
      }
    }
    self.margins = (0..<rows).map { row in margins[row * classes..<(row + 1) * classes].map(Double.init) }
  }

  /// Shares that sum to what they should: libxgboost adds up 32-bit floats, and what rounding took, some 1e-6, goes
  /// back in equal parts to the features that have a share.
  private static func completed(_ shares: [Double], to sum: Double) -> [Double] {
    let count = shares.count { $0 != 0 }
    guard count > 0 else { return shares }
    let part = (sum - shares.reduce(0, +)) / Double(count)
    return shares.map { $0 == 0 ? 0 : $0 + part }
  }
}
