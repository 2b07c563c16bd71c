/// One class of an answer.
public struct ClassScore: Hashable, Sendable {
  public var label: RawText
  /// 0 to 1; nil where the model gives none.
  public var probability: Double?
  /// Log-odds up to a constant, where an explanation gave them.
  public var margin: Double?

  public init(label: RawText, probability: Double? = nil, margin: Double? = nil) {
    self.label = label
    self.probability = probability
    self.margin = margin
  }
}

/// What a model answered to one record.
public struct Prediction: Hashable, Sendable {
  /// The model that answered, with the version that it names.
  public var model: ModelID
  public var answer: Answer
  /// Everything that came back, one row each.
  public var outputs: [Tensor]
  public var requestID: RawText
  /// Which route of an experiment answered; empty where there is none.
  public var route: RawText
  /// The trace of the request, 32 hexadecimal digits; empty where it was not sent.
  public var traceID: RawText
  /// From the request's first byte to the answer's last, in milliseconds; nil for an imported prediction.
  public var latency: Double?

  /// What the outputs mean.
  public enum Answer: Hashable, Sendable {
    /// Classes in the model's order, and the index of the one that it chose.
    case classes([ClassScore], chosen: Int)
    /// One number.
    case value(Double)
    /// Outputs that no signature explains.
    case opaque
  }

  public init(
    model: ModelID, answer: Answer, outputs: [Tensor], requestID: RawText = "", route: RawText = "",
    traceID: RawText = "", latency: Double? = nil
  ) {
    self.model = model
    self.answer = answer
    self.outputs = outputs
    self.requestID = requestID
    self.route = route
    self.traceID = traceID
    self.latency = latency
  }

  /// The classes; empty for an answer that has none.
  public var classes: [ClassScore] {
    if case .classes(let classes, _) = answer { classes } else { [] }
  }

  /// Which model and version answered, where an experiment or a pipeline chose: the route without its colons.
  public var answeredBy: RawText? {
    let parts = route.bytes.split { $0 == UInt8(ascii: ":") || $0 == 0x20 }
    return parts.isEmpty ? nil : RawText(bytes: parts.joined(separator: Array(", ".utf8)))
  }

  /// The class that the model chose.
  public var chosen: ClassScore? {
    guard case .classes(let classes, let index) = answer, classes.indices.contains(index) else { return nil }
    return classes[index]
  }

  /// The index of the chosen class.
  public var chosenIndex: Int? {
    if case .classes(let classes, let index) = answer, classes.indices.contains(index) { index } else { nil }
  }

  /// The answer in a word: the label, the number, or nothing.
  public var label: RawText {
    switch answer {
    case .classes: chosen?.label ?? ""
    case .value(let value): wholeNumber ?? RawText(Decimal.shortest(value))
    case .opaque: ""
    }
  }

  /// The answer that is an integer beyond what a double tells from its neighbours, as the model says it; nil for any other.
  public var wholeNumber: RawText? {
    guard case .value(let value) = answer, value.magnitude >= 0x1p53 else { return nil }
    return outputs.first { $0.count == 1 && $0.datatype.isInteger && $0.number(at: 0) == value }?.text(at: 0)
  }

  /// What the model wrote, where it is the one text among its outputs and no label: one line for each of its strings.
  public var text: RawText? {
    guard answer == .opaque else { return nil }
    let texts = outputs.compactMap { output -> [RawText?]? in
      if case .bytes(let values) = output.elements { values } else { nil }
    }
    guard texts.count == 1, let values = texts.first, !values.isEmpty else { return nil }
    return RawText(bytes: values.map { $0?.bytes ?? [] }.joined(separator: [UInt8(ascii: "\n")]))
  }

  /// Whether it gives the answer that another gives: the same class or number, and each probability or number as near as
  /// this; margins, which an explanation may bring later, are no part of it.
  public func answersAs(_ other: Prediction, within tolerance: Double = 0) -> Bool {
    func isNear(_ one: Double?, _ two: Double?) -> Bool {
      guard let one, let two else { return one == nil && two == nil }
      return one == two || (one.isNaN && two.isNaN) || abs(one - two) <= tolerance
    }
    switch (answer, other.answer) {
    case (.classes(let mine, let chosen), .classes(let others, let otherChosen)):
      return chosen == otherChosen && mine.map(\.label) == others.map(\.label)
        && zip(mine, others).allSatisfy { isNear($0.probability, $1.probability) }
    // A case of before has a single as the double that it is exactly.
    case (.value(let mine), .value(let others)):
      return isNear(mine, others) || Prediction.isSame(mine, asSingle: others)
        || Prediction.isSame(others, asSingle: mine)
    case (.opaque, .opaque): return outputs == other.outputs
    case (.classes, _), (.value, _), (.opaque, _): return false
    }
  }

  private static func isSame(_ value: Double, asSingle exact: Double) -> Bool {
    exact == Double(Float(exact)) && value == Decimal.number(Float(exact))
  }

  /// Classes by falling probability, ties by the model's order; the chosen one first where none has a probability.
  public var ranked: [ClassScore] {
    if let chosen, isOfLabelAlone {
      return [chosen] + classes.enumerated().filter { $0.0 != chosenIndex }.map(\.element)
    }
    return classes.enumerated().sorted { ($0.1.probability ?? 0, -$0.0) > ($1.1.probability ?? 0, -$1.0) }
      .map(\.element)
  }

  /// Whether the model names its class and says nothing of how sure it is.
  public var isOfLabelAlone: Bool { chosen != nil && classes.allSatisfy { $0.probability == nil } }

  /// The lead of the first class over the second, 0 to 1; nil without two probabilities.
  public var lead: Double? {
    let ranked = ranked
    guard ranked.count > 1, let first = ranked[0].probability, let second = ranked[1].probability else { return nil }
    return first - second
  }
}
