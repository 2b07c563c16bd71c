public import Domain

/// What is known of the explained model beside the explanation, which does not name classes.
public struct ExplainedModel: Hashable, Sendable {
  /// Class labels in the order of the model's outputs; empty where nobody published them.
  public var labels: [RawText]
  /// The scale of the shares, where the explainer publishes it; nil lets the reader tell from the explanation.
  public var link: Attributions.Link?

  public init(labels: [RawText] = [], link: Attributions.Link? = nil) {
    self.labels = labels
    self.link = link
  }

  /// From a model's signature and its explainer's metadata parameters (`link`, `class_names`).
  public init(signature: Signature?, explainerParameters: [JSON.Member] = []) {
    let parameter: (RawText) -> JSON? = { name in explainerParameters.first { $0.key == name }?.value }
    labels = signature?.classes ?? []
    if labels.isEmpty { labels = parameter("class_names")?.texts ?? [] }
    link = parameter("link")?.string.flatMap(Attributions.Link.init(rawValue:))
  }

  /// The label of a class, its index where there is none.
  func label(_ index: Int, of count: Int) -> RawText {
    labels.count == count ? labels[index] : count == 1 ? "" : RawText("class \(index)")
  }
}

extension Explanation {
  /// Reads an explainer's answer: one output `explanation` whose text is JSON, as alibi 0.9.6 writes it.
  ///
  /// `row` is the explained row where the answer holds several. What no reader here knows is kept as JSON.
  public init(
    outputs: [Tensor], explainer: ModelID, model: ExplainedModel = ExplainedModel(), row: Int = 0,
    latency: Double? = nil
  ) throws(AlibiError) {
    guard let output = outputs.first(where: { $0.name == "explanation" }) ?? (outputs.count == 1 ? outputs[0] : nil),
      let text = output.texts?.first ?? nil
    else { throw .missingOutput("explanation") }
    try self.init(alibi: text.bytes, explainer: explainer, model: model, row: row, latency: latency)
  }

  /// Reads an explanation's JSON text, which may hold NaN and Infinity.
  public init(
    alibi text: [UInt8], explainer: ModelID, model: ExplainedModel = ExplainedModel(), row: Int = 0,
    latency: Double? = nil
  ) throws(AlibiError) {
    let json: JSON
    do {
      json = try JSON(parsing: text)
    } catch {
      throw .notJSON(error.reason, offset: error.offset)
    }
    let name = json["meta"]?["name"]?.text ?? ""
    let content: Content
    switch name {
    case "AnchorTabular", "AnchorText": content = .anchor(try Anchor(alibi: json))
    case "AnchorImage": content = .anchor(try Anchor(alibiImage: json))
    case "KernelShap", "TreeShap":
      content = .attributions(try Attributions(alibi: json, model: model, row: row))
    default: content = .other(json)
    }
    self.init(explainer: explainer, method: Explanation.method(named: name), content: content, latency: latency)
  }

  /// The method as people call it.
  private static func method(named name: RawText) -> RawText {
    switch name {
    case "TreeShap": "Tree SHAP"
    case "KernelShap": "Kernel SHAP"
    case "AnchorTabular", "AnchorText", "AnchorImage": "Anchor"
    case "": "unknown"
    default: name
    }
  }
}
