import Domain
import OpenInference

/// Messages as one line of text, to compare and to read.
enum TrafficText {
  static func text(of request: InferenceRequest) -> String {
    var words = ["request"]
    if let id = request.id { words.append("id=\(quoted(id))") }
    words += parameters(request.parameters)
    words += request.inputs.map(text)
    if !request.outputs.isEmpty {
      let outputs = request.outputs.map { ([$0.name.string] + parameters($0.parameters)).joined(separator: " ") }
      words.append("-> " + outputs.joined(separator: ", "))
    }
    return words.joined(separator: " ")
  }

  static func text(of response: InferenceResponse) -> String {
    var words = ["response \(response.modelName)"]
    if let version = response.modelVersion { words.append("v\(version)") }
    if let id = response.id { words.append("id=\(quoted(id))") }
    words += parameters(response.parameters)
    return (words + response.outputs.map(text)).joined(separator: " ")
  }

  static func text(of metadata: ModelMetadata) -> String {
    var words = ["model \(metadata.name) \(quoted(metadata.platform))"]
    words += metadata.versions.map { "v\($0)" }
    words += parameters(metadata.parameters)
    for (role, specs) in [("in", metadata.inputs), ("out", metadata.outputs)] {
      words += specs.map { ([role, $0.name.string, $0.text] + parameters($0.parameters)).joined(separator: " ") }
    }
    return words.joined(separator: " ")
  }

  static func text(of index: RepositoryIndex) -> String {
    zip(index.rows, index.models).map { row, model in
      var word = "\(row.name)"
      if let version = row.version { word += ":\(version)" }
      word += "=\(model.state.rawValue)"
      return model.reason.isEmpty ? word : word + " (\(quoted(model.reason)))"
    }.joined(separator: " ")
  }

  static func text(of tensor: Tensor) -> String {
    let extents = tensor.shape.map(String.init).joined(separator: ",")
    let shown = (0..<min(tensor.count, 14)).map { index in
      switch tensor.elements {
      case .bytes(let values): values[index].map(quoted) ?? "null"
      default: tensor.text(at: index).string
      }
    }
    let rest = tensor.count > shown.count ? " …" : ""
    let words =
      ["\(tensor.name)", "\(tensor.datatype.rawValue)[\(extents)]"] + parameters(tensor.parameters) + [
        "(\(shown.joined(separator: " "))\(rest))"
      ]
    return words.joined(separator: " ")
  }

  static func parameters(_ parameters: [JSON.Member]) -> [String] {
    parameters.isEmpty ? [] : [JSON.object(parameters).serializedString]
  }

  /// The text on one line, bytes that are no UTF-8 as hexadecimal; long ones cut.
  static func quoted(_ text: RawText) -> String {
    guard text.isUTF8 else { return "0x" + Hexadecimal.text(of: text.bytes) }
    let line = JSON.string(text).serializedString
    return line.utf8.count > 160 ? "\(line.prefix(120))… of \(text.bytes.count) bytes" : line
  }
}
