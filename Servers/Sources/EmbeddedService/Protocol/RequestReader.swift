internal import Domain
internal import OpenInference

/// Reads an inference request for a model; every refusal says what is wrong, in MLServer's or Triton's shape.
enum RequestReader {
  /// Reads a body; `headerLength` is the value of `Inference-Header-Content-Length`, nil where there is none.
  static func read(
    _ body: [UInt8], headerLength text: String?, for model: ModelMetadata
  ) throws(Refusal) -> InferenceRequest {
    var headerLength: Int?
    if let text {
      guard let length = Int(text), (0...body.count).contains(length) else {
        throw .invalid("inference header size should be in range (0, \(body.count)), got: \(text)")
      }
      headerLength = length
    }
    guard !body.isEmpty else { throw .malformed([.missing(["body"], in: .null)]) }
    let request: InferenceRequest
    do {
      // A length of 0 announces nothing but the one input's bytes.
      request =
        headerLength == 0
        ? try InferenceRequest(rawBinary: body, signature: model.signature)
        : try InferenceRequest(decoding: body, headerLength: headerLength)
    } catch {
      throw refusal(error, of: body, headerLength: headerLength)
    }
    try validate(request, for: model)
    return request
  }

  private static func refusal(_ error: OpenInferenceError, of body: [UInt8], headerLength: Int?) -> Refusal {
    if case .notJSON(let what, let offset) = error.reason { return notJSON(what, offset) }
    let text = body.prefix(headerLength ?? body.count)
    // A body too large to list its faults is refused in a word.
    guard let json = try? JSON(parsing: text) else { return .invalid("\(error)") }
    let faults = RequestFaults.all(in: json)
    return faults.isEmpty ? .invalid("\(error)") : .malformed(faults)
  }

  private static func notJSON(_ what: String, _ offset: Int) -> Refusal {
    .malformed([
      .init(
        kind: "json_invalid", location: ["body", .integer(Int64(offset))], message: "JSON decode error",
        input: .object([:]), context: .object(["error": .text(what)]))
    ])
  }

  private static func validate(_ request: InferenceRequest, for model: ModelMetadata) throws(Refusal) {
    let problems = model.signature.problems(in: request)
    guard problems.isEmpty else {
      throw .invalid("model '\(model.name)': " + problems.map(\.text).joined(separator: "; "))
    }
    if let empty = request.inputs.first(where: { $0.count == 0 }) {
      throw .invalid("model '\(model.name)': input '\(empty.name)' has no rows")
    }
  }
}
