public import Domain

/// Why a request does not fit a signature.
public enum RequestProblem: Error, Hashable, Sendable {
  case noInputs
  case unknownInput(RawText, known: [RawText])
  case missingInput(RawText)
  case duplicateInput(RawText)
  case datatype(input: RawText, Datatype, expected: Datatype)
  /// The declared extents, −1 where any number goes.
  case shape(input: RawText, [Int], expected: [Int])
  case count(input: RawText, Int, shape: [Int])
  /// Inputs with different numbers of rows.
  case rows(input: RawText, Int, expected: Int)
  case category(input: RawText, row: Int, RawText, known: [RawText])
  /// A null where a text is needed.
  case null(input: RawText, row: Int)
  case unknownOutput(RawText, known: [RawText])

  /// One sentence, as a service answers it.
  public var text: String {
    switch self {
    case .noInputs: "the request has no inputs"
    case .unknownInput(let name, let known):
      "unexpected input '\(name.string)'; the inputs are \(RequestProblem.list(known))"
    case .missingInput(let name): "input '\(name.string)' is missing"
    case .duplicateInput(let name): "input '\(name.string)' is there twice"
    case .datatype(let input, let got, let expected):
      "input '\(input.string)' has datatype \(got.rawValue), but \(expected.rawValue) is needed"
    case .shape(let input, let got, let expected):
      "input '\(input.string)' has shape \(got), but \(expected) is needed"
    case .count(let input, let count, let shape):
      "input '\(input.string)' has \(count) elements, which do not fill shape \(shape)"
    case .rows(let input, let count, let expected):
      "input '\(input.string)' has \(count) rows, the first input has \(expected)"
    case .category(let input, let row, let value, let known):
      "input '\(input.string)', row \(row): '\(value.string)' is not one of \(RequestProblem.list(known))"
    case .null(let input, let row): "input '\(input.string)', row \(row): null is no value"
    case .unknownOutput(let name, let known):
      "unexpected output '\(name.string)'; the outputs are \(RequestProblem.list(known))"
    }
  }

  private static func list(_ names: [RawText]) -> String {
    let shown = names.prefix(20).map(\.string).joined(separator: ", ")
    return names.count > 20 ? shown + ", …" : shown
  }
}

extension Signature {
  /// What is wrong with a request, every problem; none where the signature is empty, because nobody wrote it.
  ///
  /// Shapes may differ by extents of 1 at the end: [5] is [5,1].
  public func problems(in request: InferenceRequest) -> [RequestProblem] {
    guard !inputs.isEmpty else { return [] }
    guard !request.inputs.isEmpty else { return [.noInputs] }
    var problems: [RequestProblem] = []
    var seen: Set<RawText> = []
    for tensor in request.inputs {
      guard let spec = inputs.first(where: { $0.name == tensor.name }) else {
        problems.append(.unknownInput(tensor.name, known: inputs.map(\.name)))
        continue
      }
      guard seen.insert(tensor.name).inserted else {
        problems.append(.duplicateInput(tensor.name))
        continue
      }
      if let problem = spec.problem(in: tensor) { problems.append(problem) }
    }
    problems += inputs.filter { !seen.contains($0.name) && $0[parameter: "optional"]?.bool != true }
      .map { .missingInput($0.name) }
    if problems.isEmpty, isBatched, let rows = request.inputs.first?.shape.first {
      for tensor in request.inputs where tensor.shape.first != rows && tensor.shape.count > 0 {
        problems.append(.rows(input: tensor.name, tensor.shape[0], expected: rows))
      }
    }
    if !outputs.isEmpty {
      let known = outputs.map(\.name)
      problems += request.outputs.map(\.name).filter { !known.contains($0) }
        .map { .unknownOutput($0, known: known) }
    }
    return problems
  }
}

extension TensorSpec {
  /// The first thing about a tensor that does not fit.
  func problem(in tensor: Tensor) -> RequestProblem? {
    guard tensor.datatype == datatype else {
      return .datatype(input: name, tensor.datatype, expected: datatype)
    }
    guard fits(tensor.shape) else { return .shape(input: name, tensor.shape, expected: shape) }
    guard tensor.shapeCount == tensor.count else {
      return .count(input: name, tensor.count, shape: tensor.shape)
    }
    guard let texts = tensor.texts else { return nil }
    if let row = texts.firstIndex(of: nil) { return .null(input: name, row: row) }
    guard let categories = self[parameter: "categories"]?.texts, !categories.isEmpty else { return nil }
    let known = Set(categories)
    for (row, text) in texts.enumerated() {
      if let text, !known.contains(text) { return .category(input: name, row: row, text, known: categories) }
    }
    return nil
  }

  private func fits(_ extents: [Int]) -> Bool {
    if shape.isEmpty { return true }
    let length = max(shape.count, extents.count)
    let declared = shape + Array(repeating: 1, count: length - shape.count)
    let given = extents + Array(repeating: 1, count: length - extents.count)
    return zip(declared, given).allSatisfy { $0 == $1 || ($0 < 0 && $1 >= 0) }
  }
}
