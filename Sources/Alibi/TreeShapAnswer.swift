public import Domain

/// What a Tree SHAP explainer answers, to be written as alibi 0.9.6 does (`alibi/explainers/shap_wrappers.py`), with
/// members of its own for what alibi does not say: the link, and how a text's or a picture's features lie.
public struct TreeShapAnswer: Hashable, Sendable {
  public var featureNames: [RawText]
  /// Labels of the features that stand as places in a list, by feature.
  public var categories: [Int: [RawText]]
  /// One a class.
  public var bases: [Double]
  /// By class, row and feature.
  public var shares: [[[Double]]]
  /// f(x) by row and class.
  public var outputs: [[Double]]
  /// The explained rows, as numbers or texts.
  public var instances: [JSON]
  public var link: Attributions.Link
  /// How the features of each row lie; empty means a list for all.
  public var layouts: [Attributions.Layout]

  public init(
    featureNames: [RawText], categories: [Int: [RawText]] = [:], bases: [Double], shares: [[[Double]]],
    outputs: [[Double]], instances: [JSON], link: Attributions.Link, layouts: [Attributions.Layout] = []
  ) {
    self.featureNames = featureNames
    self.categories = categories
    self.bases = bases
    self.shares = shares
    self.outputs = outputs
    self.instances = instances
    self.link = link
    self.layouts = layouts
  }

  /// The explanation's JSON.
  public var json: JSON {
    .object([
      "meta": .object([
        "name": "TreeShap", "type": ["whitebox"], "task": "classification", "explanations": ["local", "global"],
        "params": .object(parameters), "version": "0.9.6",
      ]),
      "data": .object([
        "shap_values": .array(shares.map { .array($0.map(JSON.numbers)) }),
        "shap_interaction_values": [[]],
        "expected_value": .numbers(bases),
        "categorical_names": .object(
          categories.sorted { $0.key < $1.key }.map { JSON.Member(RawText("\($0.key)"), .texts($0.value)) }),
        "feature_names": .texts(featureNames),
        "raw": .object(raw),
      ]),
    ])
  }

  /// The one output of an explainer's answer.
  public var output: Tensor {
    Tensor(
      name: "explanation", datatype: .bytes, shape: [1, 1], elements: .bytes([RawText(bytes: json.serialized)]),
      parameters: [JSON.Member("content_type", "str")])
  }

  private var parameters: [JSON.Member] {
    let alibi: KeyValuePairs<RawText, JSON> = [
      "model_output": "raw", "summarise_background": false, "summarise_result": false, "approximate": false,
      "interactions": false, "explain_loss": false, "algorithm": "tree_path_dependent", "kwargs": .object([:]),
    ]
    var members = alibi.map { JSON.Member($0.key, $0.value) }
    members.append(JSON.Member("link", .text(link.rawValue)))
    switch layouts.first {
    case nil, .list: break
    case .tokens: members.append(JSON.Member("layout", "tokens"))
    case .pixels(let rows, let columns):
      members.append(JSON.Member("layout", "pixels"))
      members.append(JSON.Member("rows", .integer(Int64(rows))))
      members.append(JSON.Member("columns", .integer(Int64(columns))))
    }
    return members
  }

  private var raw: [JSON.Member] {
    let chosen = outputs.map { row in JSON.integer(Int64(row.indices.max { row[$0] < row[$1] } ?? 0)) }
    var members = [
      JSON.Member("raw_prediction", .array(outputs.map(JSON.numbers))), JSON.Member("loss", []),
      JSON.Member("prediction", .array(chosen)), JSON.Member("instances", .array(instances)),
      JSON.Member("labels", []), JSON.Member("importances", importances),
    ]
    let tokens = layouts.map(TreeShapAnswer.tokens)
    if tokens.contains(where: { $0 != nil }) {
      members.append(JSON.Member("tokens", .array(tokens.map { .array($0 ?? []) })))
    }
    return members
  }

  private static func tokens(_ layout: Attributions.Layout) -> [JSON]? {
    guard case .tokens(let tokens) = layout else { return nil }
    return tokens.map {
      .object(["text": .string($0.text), "start": .integer(Int64($0.start)), "end": .integer(Int64($0.end))])
    }
  }

  /// Features by the mean size of their shares over the rows: for each class, and for all classes together.
  private var importances: JSON {
    var members: [JSON.Member] = []
    var total = [Double](repeating: 0, count: featureNames.count)
    for (index, rows) in shares.enumerated() {
      var sizes = [Double](repeating: 0, count: featureNames.count)
      for row in rows {
        for feature in sizes.indices where feature < row.count {
          sizes[feature] += abs(row[feature]) / Double(rows.count)
        }
      }
      for feature in sizes.indices { total[feature] += sizes[feature] }
      members.append(JSON.Member(RawText("\(index)"), ranked(sizes)))
    }
    members.append(JSON.Member("aggregated", ranked(total)))
    return .object(members)
  }

  private func ranked(_ sizes: [Double]) -> JSON {
    let order = sizes.indices.sorted { sizes[$0] == sizes[$1] ? $0 < $1 : sizes[$0] > sizes[$1] }
    return .object([
      "ranked_effect": .numbers(order.map { sizes[$0] }), "names": .texts(order.map { featureNames[$0] }),
    ])
  }
}
