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

  init(contributions: Contributions, names: [RawText], rows: FeatureRows, categories: [Int: [RawText]] = [:]) {
    self.contributions = contributions
    self.names = names
    self.categories = categories
    instances = (0..<rows.count).map { Array(rows[$0]) }
  }

  /// Explains one text by its words. `raw.instance` is the text and `raw.positions` the bytes that each word covers,
  /// beside Alibi's own members.
  init(of text: RawText, grams: HashedNGrams, contributions: Contributions) {
    let words = TokenShares(text: text, grams: grams, contributions: contributions.shares.map { $0[0] })
    self.contributions = contributions
    self.contributions.shares = words.shares.map { [$0] }
    names = words.names
    categories = [:]
    instances = [words.tokens.map { _ in 1 } + [0]]
    extras = [
      .init("instance", .string(text)),
      .init(
        "positions",
        .array(
          words.tokens.map { [.integer(Int64($0.range.lowerBound)), .integer(Int64($0.range.upperBound))] })),
    ]
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
