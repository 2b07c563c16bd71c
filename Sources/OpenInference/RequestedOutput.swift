public import Domain

/// An output that a request asks for by name.
public struct RequestedOutput: Hashable, Sendable {
  public var name: RawText
  public var parameters: [JSON.Member]

  public init(_ name: RawText, parameters: [JSON.Member] = []) {
    self.name = name
    self.parameters = parameters
  }

  /// Whether it is to come as binary data; nil when the request as a whole decides.
  public var binaryData: Bool? { parameters.first { $0.key == "binary_data" }?.value.bool }

  /// How many classes to answer as `value:index:label`; nil for the plain tensor.
  public var classification: Int? {
    guard let count = parameters.first(where: { $0.key == "classification" })?.value.integer, count > 0 else {
      return nil
    }
    return Int(count)
  }

  init(from scanner: inout JSONScanner, at place: String) throws(OpenInferenceError) {
    var name: RawText?
    var parameters: [JSON.Member]?
    try scanner.object(at: place) { (scanner, key) throws(OpenInferenceError) in
      switch key {
      case "name" where name == nil: name = try scanner.text(at: place + ".name")
      case "parameters" where parameters == nil: parameters = try scanner.members(at: place + ".parameters")
      default: try scanner.skipValue()
      }
    }
    guard let name else { throw OpenInferenceError(.missing, at: place + ".name") }
    self.init(name, parameters: parameters ?? [])
  }

  var json: JSON {
    var members = [JSON.Member("name", .string(name))]
    if !parameters.isEmpty { members.append(JSON.Member("parameters", .object(parameters))) }
    return .object(members)
  }
}
