extension Prediction {
  /// Reads one row of outputs: class probabilities, a label or its index, or one number; where none of these is sure,
  /// the outputs stand for themselves.
  public static func answer(of outputs: [Tensor], signature: Signature) -> Answer {
    OutputReader(outputs: outputs, signature: signature).answer
  }
}

/// What outputs mean, by what is published and by what can be nothing else.
private struct OutputReader {
  var outputs: [Tensor]
  var signature: Signature

  var answer: Prediction.Answer {
    if let probabilities, let values = probabilities.numbers { return classes(of: probabilities, values) }
    if let text = texts.first(where: { signature.classes.contains($0) }) {
      return .classes(
        signature.classes.map { ClassScore(label: $0) }, chosen: signature.classes.firstIndex(of: text) ?? 0)
    }
    for tensor in singles where tensor.datatype.isInteger {
      let labels = names(of: tensor) ?? signature.classes
      if let index = index(in: tensor), labels.indices.contains(index) {
        return .classes(labels.map { ClassScore(label: $0) }, chosen: index)
      }
    }
    let texts = texts
    if texts.count == 1, OutputReader.isLabel(texts[0]) { return .classes([ClassScore(label: texts[0])], chosen: 0) }
    return texts.isEmpty ? number.map(Prediction.Answer.value) ?? .opaque : .opaque
  }

  /// Whether it is one of the outputs that are published, where any of these came: what was sent beside them says nothing
  /// of them.
  private func isPublished(_ tensor: Tensor) -> Bool {
    let names = signature.outputs.map(\.name)
    return names.contains(tensor.name) || !outputs.contains { names.contains($0.name) }
  }

  /// Outputs of one element.
  private var singles: [Tensor] { outputs.filter { $0.count == 1 } }

  private var texts: [RawText] { singles.compactMap { $0.texts?[0] } }

  /// The class names that an output has: published for it, or sent along.
  private func names(of tensor: Tensor) -> [RawText]? {
    let names =
      signature.outputs.first { $0.name == tensor.name }?[parameter: "class_names"]?.texts
      ?? tensor[parameter: "class_names"]?.texts
    return names?.isEmpty == false ? names : nil
  }

  /// The output that has a number for each class. Without names it has to add up to one, or to have a label or the
  /// index of its largest beside it: a vector of another meaning is no list of classes.
  private var probabilities: Tensor? {
    let vectors = outputs.filter { $0.datatype.isFloatingPoint && $0.count > 1 }
    let named = vectors.first { tensor in
      guard let labels = names(of: tensor) ?? (signature.classes.isEmpty ? nil : signature.classes) else {
        return false
      }
      return labels.count == tensor.count
    }
    if let named { return named }
    return vectors.first { tensor in
      guard names(of: tensor) == nil, signature.classes.isEmpty, let values = tensor.numbers else { return false }
      let adds = values.allSatisfy { $0 >= 0 && $0 <= 1 } && abs(values.reduce(0, +) - 1) < 1e-3
      let largest = values.indices.max { values[$0] < values[$1] }
      return adds || singles.contains { $0.datatype.isInteger && index(in: $0) == largest }
    }
  }

  private func classes(of tensor: Tensor, _ values: [Double]) -> Prediction.Answer {
    let labels = names(of: tensor) ?? signature.classes
    var classes = values.enumerated().map { index, value in
      ClassScore(label: index < labels.count ? labels[index] : RawText("class \(index)"), probability: value)
    }
    let largest = values.indices.max { values[$0] < values[$1] || values[$1].isNaN == false && values[$0].isNaN } ?? 0
    for single in singles where single.name != tensor.name {
      if let text = single.texts?[0] {
        if let index = classes.firstIndex(where: { $0.label == text }) { return .classes(classes, chosen: index) }
        // Nobody published names, and the model says the one that it chose.
        if labels.isEmpty, isPublished(single), OutputReader.isLabel(text) {
          classes[largest].label = text
          return .classes(classes, chosen: largest)
        }
      } else if single.datatype.isInteger, let index = index(in: single), classes.indices.contains(index) {
        return .classes(classes, chosen: index)
      }
    }
    return .classes(classes, chosen: largest)
  }

  private func index(in tensor: Tensor) -> Int? { tensor.number(at: 0).flatMap { Int(exactly: $0) } }

  /// The one number, or of several the one that has the usual name of a prediction.
  private var number: Double? {
    let numbers = singles.filter { $0.texts == nil && $0.datatype != .bool }
    if numbers.count == 1 { return outputs.count <= 4 ? OutputReader.said(numbers[0]) : nil }
    return numbers.first { OutputReader.usualNames.contains($0.name) }.flatMap(OutputReader.said)
  }

  /// The number as the model says it: without the digits that a single gets as a double, which nobody answers with.
  private static func said(_ tensor: Tensor) -> Double? {
    if case .single(let values) = tensor.elements { values.first.map(Decimal.number) } else { tensor.number(at: 0) }
  }

  private static let usualNames: Set<RawText> = ["predict", "prediction", "predictions", "y", "value", "mean"]

  /// A word or a few, as labels are; not a text that a model wrote.
  private static func isLabel(_ text: RawText) -> Bool {
    !text.isEmpty && text.bytes.count <= 64 && text.bytes.allSatisfy { $0 >= 0x20 }
      && text.bytes.count { $0 == 0x20 } < 5
  }
}
