internal import Domain
internal import OpenInference

/// Reads an inference request for a model; every refusal says what is wrong, in MLServer's or Triton's shape.
enum RequestReader {
  /// Reads a body; `headerLength` is the value of `Inference-Header-Content-Length`, nil where there is none.
  static func read(
    _ body: [UInt8], headerLength text: String?, for served: Served
  ) throws(Refusal) -> InferenceRequest {
    var headerLength: Int?
    if let text {
      guard let length = Int(text), (0...body.count).contains(length) else {
        throw .invalid("inference header size should be in range (0, \(body.count)), got: \(text)")
      }
      headerLength = length
    }
    guard !body.isEmpty else { throw .malformed([.missing(["body"], in: .null)]) }
    let json = body.prefix(headerLength ?? body.count)
    try checkText(json)
    var request: InferenceRequest
    do {
      // A length of 0 announces nothing but the one input's bytes.
      request =
        headerLength == 0
        ? try InferenceRequest(rawBinary: body, signature: served.signature)
        : try InferenceRequest(decoding: body, headerLength: headerLength)
    } catch {
      throw refusal(error, of: json)
    }
    try undoBase64(in: &request)
    try RequestCheck(served).check(request)
    return request
  }

  /// Reads the body of a call for the repository's index: whether only the ready models are wanted.
  static func readyOnly(_ body: [UInt8]) throws(Refusal) -> Bool {
    // MLServer wants at least `{}`; Triton, whose clients send nothing, does not.
    guard !body.isEmpty else { return false }
    try checkText(body[...])
    let json: JSON
    do {
      json = try JSON(parsing: body)
    } catch {
      throw notJSON(error.reason, error.offset)
    }
    guard case .object = json else { throw .malformed([.notAnObject(json, at: ["body"])]) }
    return json["ready"]?.bool ?? false
  }

  /// JSON is UTF-8 (RFC 8259 §8.1); binary tensors may hold anything.
  private static func checkText(_ json: ArraySlice<UInt8>) throws(Refusal) {
    do {
      _ = try UTF8Span(validating: json.span)
    } catch {
      throw notJSON("the text is no UTF-8", error.byteOffsets.lowerBound)
    }
  }

  private static func refusal(_ met: OpenInferenceError, of text: ArraySlice<UInt8>) -> Refusal {
    if case .notJSON(let what, let offset) = met.reason { return notJSON(what, offset) }
    let json: JSON
    do {
      json = try JSON(parsing: text)
    } catch {
      // A body too large to list its faults is refused in a word.
      return error.isLimit ? .invalid("\(met)") : notJSON(error.reason, error.offset)
    }
    let faults = RequestFaults.all(in: json)
    return faults.isEmpty ? .invalid(named(met, in: json)) : .malformed(faults)
  }

  private static func notJSON(_ what: String, _ offset: Int) -> Refusal {
    .malformed([
      .init(
        kind: "json_invalid", location: ["body", .integer(Int64(offset))], message: "JSON decode error",
        input: .object([:]), context: .object(["error": .text(what)]))
    ])
  }

  /// An error at `inputs[6].data[0]`, with the name of that input.
  private static func named(_ error: OpenInferenceError, in json: JSON) -> String {
    guard error.place.hasPrefix("inputs["),
      let index = Int(error.place.dropFirst(7).prefix { $0.isNumber }),
      let name = json["inputs"]?[index]?["name"]?.string
    else { return "\(error)" }
    return "input '\(name)', \(error)"
  }

  /// Texts that their input says are base64 are unpacked, as MLServer does.
  private static func undoBase64(in request: inout InferenceRequest) throws(Refusal) {
    for index in request.inputs.indices where request.inputs[index][parameter: "content_type"] == "base64" {
      do {
        guard let texts = try request.inputs[index].decodedTexts() else { continue }
        request.inputs[index].elements = .bytes(texts)
      } catch {
        throw .invalid("input \(error)")
      }
    }
  }
}
