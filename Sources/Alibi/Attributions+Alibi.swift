internal import Domain

extension Attributions {
  /// Reads one row of KernelShap's or TreeShap's values, [classes][rows][features].
  init(alibi json: JSON, model: ExplainedModel, row: Int) throws(AlibiError) {
    guard let groups = json.member("data.shap_values")?.array, !groups.isEmpty else {
      throw .malformed("data.shap_values", needed: "a list of classes")
    }
    let bases = try Attributions.list(json, "data.expected_value")
    guard bases.count == groups.count else { throw .malformed("data.expected_value", needed: "one number a class") }
    // [rows][classes]; one number a row where there is one output.
    let outputRow = json.member("data.raw.raw_prediction")?[row]
    let outputs = outputRow?.numbers ?? outputRow?.number.map { [$0] } ?? []
    var classes: [ClassShares] = []
    for (index, group) in groups.enumerated() {
      guard let rows = group.array else { throw .malformed("data.shap_values[\(index)]", needed: "a list of rows") }
      guard rows.indices.contains(row) else { throw .noRow(row, count: rows.count) }
      guard let shares = rows[row].numbers, shares.count == classes.first?.shares.count ?? shares.count else {
        throw .malformed("data.shap_values[\(index)][\(row)]", needed: "one number a feature")
      }
      classes.append(
        ClassShares(
          label: model.label(index, of: groups.count), base: bases[index], shares: shares,
          output: index < outputs.count ? outputs[index] : nil))
    }
    let count = classes[0].shares.count
    self.init(
      link: Attributions.link(json, published: model.link, outputs: outputs, classes: groups.count),
      isExact: json["meta"]?["name"] == "TreeShap" && json.member("meta.params.approximate")?.bool != true,
      features: Attributions.features(json, row: row, count: count), classes: classes,
      layout: Attributions.layout(json, row: row, count: count))
  }

  private static func list(_ json: JSON, _ path: String) throws(AlibiError) -> [Double] {
    if let number = json.member(path)?.number { return [number] }
    return try json.numbers(path)
  }

  /// The scale. KernelShap says it. TreeShap's `raw` is whatever the trees add up to: margins of a booster, but
  /// probabilities of a forest, which are told by adding up to one.
  private static func link(_ json: JSON, published: Link?, outputs: [Double], classes: Int) -> Link {
    if let name = json.member("meta.params.link")?.string, let link = Link(rawValue: name) {
      return link == .logit && classes == 1 ? .logOdds : link
    }
    if let published { return published }
    if json.member("meta.params.model_output")?.string != "raw" || json["meta"]?["task"] == "regression" {
      return .identity
    }
    let isShareOfOne = outputs.count > 1 && outputs.allSatisfy { (0...1).contains($0) }
    if isShareOfOne, abs(outputs.reduce(0, +) - 1) < 1e-6 { return .identity }
    return classes == 1 ? .logOdds : .margin
  }

  private static func features(_ json: JSON, row: Int, count: Int) -> [Feature] {
    let names = json.member("data.feature_names")?.texts ?? []
    let instance = json.member("data.raw.instances")?[row]?.flattened ?? []
    let categories = json.member("data.categorical_names")
    return (0..<count).map { index in
      Feature(
        name: index < names.count ? names[index] : RawText("feature \(index)"),
        value: instance.count == count ? value(instance[index], categories?[RawText("\(index)")]) : "")
    }
  }

  /// A category stands as its place among the names.
  private static func value(_ json: JSON, _ names: JSON?) -> RawText {
    if let names, let code = json.number.flatMap({ Int(exactly: $0) }), let name = names[code]?.text { return name }
    if let text = json.text { return text }
    return json.number.map { RawText(Decimal.shortest($0)) } ?? ""
  }

  /// `meta.params.layout` says how the features lie; alibi itself knows lists only.
  private static func layout(_ json: JSON, row: Int, count: Int) -> Layout {
    switch json.member("meta.params.layout")?.string {
    case "pixels":
      guard let rows = json.member("meta.params.rows")?.integer,
        let columns = json.member("meta.params.columns")?.integer,
        rows > 0, columns > 0, rows.multipliedReportingOverflow(by: columns) == (Int64(count), false)
      else { return .list }
      return .pixels(rows: Int(rows), columns: Int(columns))
    case "tokens":
      let tokens = (json.member("data.raw.tokens")?[row]?.array ?? []).compactMap(Token.init(alibi:))
      return tokens.count <= count ? .tokens(tokens) : .list
    default: return .list
    }
  }
}

extension Attributions.Token {
  fileprivate init?(alibi json: JSON) {
    guard let text = json["text"]?.text, let start = json["start"]?.integer, let end = json["end"]?.integer,
      let first = Int(exactly: start), let last = Int(exactly: end), 0 <= first, first <= last
    else { return nil }
    self.init(text: text, start: first, end: last)
  }
}

extension JSON {
  /// The leaves of nested lists, in order.
  fileprivate var flattened: [JSON] {
    guard let array else { return [self] }
    return array.flatMap(\.flattened)
  }
}
