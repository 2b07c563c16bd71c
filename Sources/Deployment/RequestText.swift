public import Domain
internal import OpenInference

/// A request that a person wrote as JSON, for a model of which no input is known.
public enum RequestText {
  /// The tensors of the text as one record.
  public static func record(of text: RawText) throws(Problem) -> Record {
    let request: InferenceRequest
    do {
      request = try InferenceRequest(decoding: text.bytes)
    } catch {
      throw Problem(
        "The request cannot be used: \(error).",
        advice: "It is {\"inputs\": [{\"name\", \"datatype\", \"shape\", \"data\"}, …]}, as the service takes it.",
        kind: .invalidInput)
    }
    for tensor in request.inputs where tensor.shapeCount != tensor.count {
      throw Problem(
        "\(tensor.name.string) has \(tensor.count) elements, which do not fill its shape \(tensor.shape).",
        kind: .invalidInput)
    }
    guard !request.inputs.isEmpty else { throw Problem("The request has no inputs.", kind: .invalidInput) }
    return Record(tensors: request.inputs)
  }
}
