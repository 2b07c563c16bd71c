public import Domain

/// What a service says of itself.
public struct ServerMetadata: Hashable, Sendable {
  public var name: RawText
  public var version: RawText
  public var extensions: [RawText]

  public init(name: RawText, version: RawText, extensions: [RawText] = []) {
    self.name = name
    self.version = version
    self.extensions = extensions
  }

  /// Whether tensors may travel as binary data.
  public var takesBinary: Bool { extensions.contains("binary_tensor_data") }

  /// Whether it is Triton, whatever name it was given: nobody else unloads dependents or keeps sequences.
  public var isTriton: Bool {
    name == "triton" || extensions.contains("model_repository(unload_dependents)") || extensions.contains("sequence")
  }

  /// Reads the answer to `GET /v2`.
  public init(decoding body: [UInt8]) throws(OpenInferenceError) {
    let json = try JSON.object(decoding: body)
    guard let name = json["name"]?.text else { throw OpenInferenceError(.missing, at: "name") }
    self.init(name: name, version: json["version"]?.text ?? "", extensions: json["extensions"]?.texts ?? [])
  }

  /// Writes the answer to `GET /v2`.
  public var encoded: [UInt8] {
    JSON.object([
      "name": .string(name), "version": .string(version), "extensions": .array(extensions.map(JSON.string)),
    ]).serialized
  }
}

extension JSON {
  /// Reads one value, its error as one of this protocol.
  static func value(decoding body: [UInt8]) throws(OpenInferenceError) -> JSON {
    do {
      return try JSON(parsing: body)
    } catch {
      throw OpenInferenceError(.notJSON(error.reason, offset: error.offset))
    }
  }

  static func object(decoding body: [UInt8]) throws(OpenInferenceError) -> JSON {
    let json = try value(decoding: body)
    guard json.members != nil else { throw OpenInferenceError(.expected("an object")) }
    return json
  }
}
