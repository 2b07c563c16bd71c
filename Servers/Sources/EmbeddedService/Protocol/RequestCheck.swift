internal import Domain
internal import OpenInference

/// Compares a request with a model's signature.
struct RequestCheck {
  private let name: RawText
  private let signature: Signature

  init(_ served: Served) {
    name = served.metadata.name
    signature = served.signature
  }

  func check(_ request: InferenceRequest) throws(Refusal) {
    let problems = signature.problems(in: request)
    guard problems.isEmpty else { throw refusal(problems.map(\.text).joined(separator: "; ")) }
    for tensor in request.inputs {
      guard tensor.count > 0 else { throw refusal("input '\(tensor.name)' has no rows") }
      if let problem = beyondSingle(tensor) { throw refusal(problem) }
    }
  }

  private func refusal(_ problem: String) -> Refusal { .invalid("model '\(name)': \(problem)") }

  /// The first number that XGBoost cannot take: it computes with 32-bit floats, and no infinity is among them.
  private func beyondSingle(_ tensor: Tensor) -> String? {
    let place: Int?
    switch tensor.elements {
    case .double(let values): place = values.firstIndex { !$0.isNaN && !Float($0).isFinite }
    case .single(let values): place = values.firstIndex { $0.isInfinite }
    case .bool, .signed, .unsigned, .bytes: place = nil
    }
    guard let place, let spec = signature.inputs.first(where: { $0.name == tensor.name }) else { return nil }
    let width = spec.rowWidth
    let names = spec[parameter: "feature_names"]?.texts ?? []
    let feature = names.count == width && width > 1 ? ", '\(names[place % width])'" : ""
    return "input '\(tensor.name)', row \(place / width)\(feature): \(tensor.text(at: place)) is no 32-bit float"
  }
}
