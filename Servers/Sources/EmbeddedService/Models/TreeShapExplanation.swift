internal import Domain

/// An explanation in the JSON of Alibi's TreeShap (alibi 0.9.6, `alibi/explainers/shap_wrappers.py`).
struct TreeShapExplanation {
  var contributions: Contributions
  var names: [RawText]
  /// Labels of the features that stand as places in a list, by feature.
  var categories: [Int: [RawText]]
  /// The explained rows, as numbers.
  var instances: [[Double]]
  /// Members of `raw` beyond Alibi's own.
  var extras: [JSON.Member] = []

  init(
    _ contributions: Contributions, rows: FloatRows, inputs: [Tensor], settings: ModelSettings
  ) throws(Refusal) {
    self.contributions = contributions
    categories = [:]
    instances = (0..<rows.count).map { rows[$0].map(Double.init) }
    switch settings.encoding {
    case .matrix:
      names = Signature(inputs: settings.inputs, outputs: []).fields.map(\.name)
    case .columns(let columns):
      names = columns.map(\.name)
      for (index, column) in columns.enumerated() { categories[index] = column.categories }
    case .pixels:
      let columns = settings.inputs.first.map { $0.shape.count > 2 ? $0.shape[2] : 1 } ?? 1
      names = (0..<rows.width).map { RawText("r\($0 / columns + 1)c\($0 % columns + 1)") }
    case .text:
      names = []
    }
  }

  var json: JSON {
    .object([
      "meta": .object([
        "name": "TreeShap", "type": ["whitebox"], "task": "classification", "explanations": ["local", "global"],
        "params": .object([
          "model_output": "raw", "summarise_background": false, "summarise_result": false, "approximate": false,
          "interactions": false, "explain_loss": false, "algorithm": "tree_path_dependent", "kwargs": .object([:]),
        ]),
        "version": "0.9.6",
      ]),
      "data": .object([
        "shap_values": .array(contributions.shares.map { .array($0.map(JSON.numbers)) }),
        "shap_interaction_values": [[]],
        "expected_value": .numbers(contributions.base),
        "categorical_names": .object(
          categories.sorted { $0.key < $1.key }.map {
            .init(RawText("\($0.key)"), .array($0.value.map(JSON.string)))
          }),
        "feature_names": .array(names.map(JSON.string)),
        "raw": .object(raw),
      ]),
    ])
  }

  private var raw: [JSON.Member] {
    let predictions = contributions.margins.map { margins in
      JSON.integer(Int64(margins.indices.max { margins[$0] < margins[$1] } ?? 0))
    }
    return [
      .init("raw_prediction", .array(contributions.margins.map(JSON.numbers))), .init("loss", []),
      .init("prediction", .array(predictions)), .init("instances", .array(instances.map(JSON.numbers))),
      .init("labels", []), .init("importances", importances),
    ] + extras
  }

  /// Features by their mean size over the rows: for each class, and for all classes together.
  private var importances: JSON {
    var members: [JSON.Member] = []
    var total = [Double](repeating: 0, count: names.count)
    for (index, rows) in contributions.shares.enumerated() {
      var sizes = [Double](repeating: 0, count: names.count)
      for row in rows {
        for feature in names.indices { sizes[feature] += abs(row[feature]) / Double(rows.count) }
      }
      for feature in names.indices { total[feature] += sizes[feature] }
      members.append(.init(RawText("\(index)"), ranked(sizes)))
    }
    members.append(.init("aggregated", ranked(total)))
    return .object(members)
  }

  private func ranked(_ values: [Double]) -> JSON {
    let order = values.indices.sorted { values[$0] == values[$1] ? $0 < $1 : values[$0] > values[$1] }
    return .object([
      "ranked_effect": .numbers(order.map { values[$0] }),
      "names": .array(order.map { JSON.string(names[$0]) }),
    ])
  }
}

extension JSON {
  /// An array of numbers.
  static func numbers(_ values: [Double]) -> JSON { .array(values.map(JSON.number)) }
}
