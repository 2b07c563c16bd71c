internal import Domain
internal import Hummingbird

/// An answer that says why a request was not served, in the shapes that MLServer 1.7.1 uses.
struct Refusal: Error, Hashable, Sendable {
  var status: HTTPResponse.Status
  var body: JSON
  var headers: [String: String] = [:]

  /// 400 `{"error": …}`: the request is well-formed and wrong.
  static func invalid(_ message: String) -> Refusal { error(.badRequest, message) }

  /// Any status with `{"error": …}`.
  static func error(_ status: HTTPResponse.Status, _ message: String) -> Refusal {
    Refusal(status: status, body: .object(["error": .text(message)]))
  }

  /// Any status with `{"detail": …}`, as the framework under MLServer answers.
  static func detail(_ status: HTTPResponse.Status, _ message: String) -> Refusal {
    Refusal(status: status, body: .object(["detail": .text(message)]))
  }

  /// 422 with one entry a fault: the body is not an inference request.
  static func malformed(_ faults: [Fault]) -> Refusal {
    Refusal(status: .unprocessableContent, body: .object(["detail": .array(faults.map(\.json))]))
  }

  /// 404 for a model that is not served here, or not in that version.
  static func notFound(_ id: ModelID, because reason: String = "") -> Refusal {
    let version = id.version.map { " with version \($0)" } ?? ""
    return error(.notFound, "Model \(id.name)\(version) not found" + (reason.isEmpty ? "" : ": \(reason)"))
  }

  /// What is wrong at one place of the body.
  struct Fault: Hashable, Sendable {
    /// The validator's word for it: `missing`, `enum`, `json_invalid`.
    var kind: String
    /// Member names and indices from `body` down.
    var location: [JSON]
    var message: String
    /// What stood there; for a missing member the object that lacks it.
    var input: JSON
    var context: JSON?

    static func missing(_ location: [JSON], in input: JSON) -> Fault {
      Fault(kind: "missing", location: location, message: "Field required", input: input)
    }

    static func notAnObject(_ value: JSON, at location: [JSON]) -> Fault {
      Fault(
        kind: "model_attributes_type", location: location,
        message: "Input should be a valid dictionary or object to extract fields from", input: value)
    }

    static func notAList(_ value: JSON, at location: [JSON]) -> Fault {
      Fault(kind: "list_type", location: location, message: "Input should be a valid list", input: value)
    }

    static func notText(_ value: JSON, at location: [JSON]) -> Fault {
      Fault(kind: "string_type", location: location, message: "Input should be a valid string", input: value)
    }

    var json: JSON {
      var members: [JSON.Member] = [
        .init("type", .text(kind)), .init("loc", .array(location)), .init("msg", .text(message)), .init("input", input),
      ]
      if let context { members.append(.init("ctx", context)) }
      return .object(members)
    }
  }
}
