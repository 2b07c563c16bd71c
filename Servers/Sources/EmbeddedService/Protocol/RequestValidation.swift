internal import Domain

/// Holds the tensors of a request against a model's signature; a refusal says which tensor, and what was expected.
enum RequestValidation {
  /// The inputs in the signature's order, all with the same number of rows.
  static func validated(
    _ inputs: [Tensor], against specs: [TensorSpec], model: RawText
  ) throws(Refusal) -> [Tensor] {
    let names = specs.map { "'\($0.name)'" }.joined(separator: ", ")
    for (index, input) in inputs.enumerated() {
      guard specs.contains(where: { $0.name == input.name }) else {
        throw .invalid("unexpected input '\(input.name)' for model '\(model)': its inputs are \(names)")
      }
      guard !inputs[..<index].contains(where: { $0.name == input.name }) else {
        throw .invalid("input '\(input.name)' is given twice for model '\(model)'")
      }
    }
    var ordered: [Tensor] = []
    for spec in specs {
      guard let input = inputs.first(where: { $0.name == spec.name }) else {
        throw .invalid("input '\(spec.name)' is missing for model '\(model)': its inputs are \(names)")
      }
      try validate(input, against: spec)
      if let first = ordered.first, first.shape.first != input.shape.first {
        throw .invalid(
          "input '\(input.name)' has \(input.shape[0]) rows where '\(first.name)' has \(first.shape[0])")
      }
      ordered.append(input)
    }
    return ordered
  }

  private static func validate(_ input: Tensor, against spec: TensorSpec) throws(Refusal) {
    guard input.datatype == spec.datatype else {
      throw .invalid(
        "input '\(input.name)' has datatype \(input.datatype.rawValue), expected \(spec.datatype.rawValue)")
    }
    // MLServer takes a column as [n] and as [n,1].
    let shape = input.shape.count == 1 && spec.shape.count == 2 && spec.shape[1] == 1 ? input.shape + [1] : input.shape
    guard shape.count == spec.shape.count, zip(shape, spec.shape).allSatisfy({ $1 < 0 || $0 == $1 }) else {
      throw .invalid("input '\(input.name)' has shape \(text(input.shape)), expected \(text(spec.shape))")
    }
    guard shape[0] > 0 else { throw .invalid("input '\(input.name)' has no rows") }
    guard let categories = spec[parameter: "categories"]?.texts, let texts = input.texts else {
      if let row = input.texts?.firstIndex(of: nil) {
        throw .invalid("input '\(input.name)': row \(row) is null")
      }
      return
    }
    let known = Set(categories)
    for (row, text) in texts.enumerated() {
      guard let text, known.contains(text) else {
        let value = text.map { "'\($0)'" } ?? "null"
        let labels = categories.map(\.string).joined(separator: ", ")
        throw .invalid("input '\(input.name)': row \(row) is \(value), not one of its categories: \(labels)")
      }
    }
  }

  private static func text(_ shape: [Int]) -> String { "[" + shape.map(String.init).joined(separator: ",") + "]" }
}
