internal import Domain

/// Reads an inference request from JSON, or from JSON followed by binary tensors.
struct RequestReader {
  private let json: JSON
  /// What follows the JSON: the binary tensors in the order of the inputs.
  private var rest: ArraySlice<UInt8>
  private let model: RawText

  /// Reads the body; `headerLength` is the value of `Inference-Header-Content-Length`, nil where there is none.
  static func read(
    _ body: [UInt8], headerLength: String?, model: RawText
  ) throws(Refusal) -> InferenceRequest {
    var length = body.count
    if let headerLength {
      guard let value = Int(headerLength), (0...body.count).contains(value) else {
        throw .invalid("inference header size should be in range (0, \(body.count)), got: \(headerLength)")
      }
      length = value
    }
    guard !body.isEmpty else { throw .malformed([.missing(["body"], in: .null)]) }
    var reader = RequestReader(
      json: try parsed(body[..<length]), rest: headerLength == nil ? [] : body[length...], model: model)
    return try reader.request()
  }

  private static func parsed(_ bytes: ArraySlice<UInt8>) throws(Refusal) -> JSON {
    do {
      return try JSON(parsing: bytes, elements: 16_000_000)
    } catch {
      throw .malformed([
        .init(
          kind: "json_invalid", location: ["body", .integer(Int64(error.offset))], message: "JSON decode error",
          input: .object([:]), context: .object(["error": .text(error.reason)]))
      ])
    }
  }

  private mutating func request() throws(Refusal) -> InferenceRequest {
    let faults = RequestFaults.all(in: json)
    guard faults.isEmpty else { throw .malformed(faults) }
    var inputs: [Tensor] = []
    for input in json["inputs"]?.array ?? [] { inputs.append(try tensor(input)) }
    guard rest.isEmpty else { throw .invalid("unexpected additional input data for model '\(model)'") }
    let outputs = json["outputs"]?.array?.compactMap { output in
      output["name"]?.text.map {
        InferenceRequest.Wanted(name: $0, isBinary: output["parameters"]?["binary_data"]?.bool)
      }
    }
    return InferenceRequest(
      id: json["id"]?.text, inputs: inputs, outputs: (outputs?.isEmpty ?? true) ? nil : outputs,
      isBinaryByDefault: json["parameters"]?["binary_data_output"]?.bool ?? false)
  }

  private mutating func tensor(_ input: JSON) throws(Refusal) -> Tensor {
    guard let name = input["name"]?.text, let datatype = input["datatype"]?.string.flatMap(Datatype.init) else {
      throw .invalid("an input has no name or datatype")
    }
    let shape = (input["shape"]?.array ?? []).compactMap { $0.integer.map(Int.init) }
    guard let needed = Tensor.product(shape) else {
      throw .invalid("input '\(name)': the shape \(shape) has a negative or overflowing extent")
    }
    let parameters = input["parameters"]?.members ?? []
    let elements: Tensor.Elements
    if let size = input["parameters"]?["binary_data_size"]?.integer.map(Int.init) {
      guard size >= 0, size <= rest.count else {
        throw .invalid(
          "unexpected size for input '\(name)', expecting \(size - rest.count) additional bytes "
            + "for model '\(model)'")
      }
      elements = try BinaryElements.read(rest.prefix(size), as: datatype, count: needed, input: name)
      rest = rest.dropFirst(size)
    } else {
      elements = try JSONElements.read(input["data"] ?? .null, as: datatype, input: name)
    }
    guard elements.count == needed else {
      throw .invalid("input '\(name)': \(elements.count) elements where the shape \(shape) needs \(needed)")
    }
    return Tensor(name: name, datatype: datatype, shape: shape, elements: elements, parameters: parameters)
  }
}
