internal import Domain
internal import Feedback

/// What is read is written so that it is read again.
enum JSONPromise {
  static func violation(in bytes: [UInt8]) -> String? {
    guard let value = try? JSON(parsing: bytes) else { return nil }
    let text = value.serialized
    guard let again = try? JSON(parsing: text) else { return "what was written is no JSON" }
    guard again.serialized == text else { return "what was written is read as something else" }
    guard let spaced = try? JSON(parsing: Array(value.indented.utf8)) else { return "the lines for people are no JSON" }
    // The lines are a string: bytes that are no UTF-8 are not in them.
    guard String(validating: text, as: UTF8.self) == nil || spaced.serialized == text else {
      return "the lines for people say something else"
    }
    return nil
  }

  static func canonicalViolation(in bytes: [UInt8]) -> String? {
    guard let value = try? CanonicalJSON.parse(bytes) else { return nil }
    guard let text = try? CanonicalJSON.bytes(of: value) else { return "what was read cannot be written" }
    guard let again = try? CanonicalJSON.parse(text) else { return "what was written cannot be read" }
    return (try? CanonicalJSON.bytes(of: again)) == text ? nil : "the canonical form has another canonical form"
  }
}

/// An event's body and the copies that stand beside it agree.
enum EventPromise {
  static func violation(in bytes: [UInt8]) -> String? {
    guard let body = try? EventBody(bytes: bytes) else { return nil }
    guard let copies = try? EventCopies(body: bytes) else { return "a body has no copies" }
    guard copies.kind == body.kind, copies.at == body.stamp.at, copies.analyst == body.stamp.analyst,
      copies.caseID == body.caseID
    else { return "the copies are not what the body says" }
    // What a later version says is kept as it came and never written anew; a reference may have no hash yet.
    if case .other = body.payload { return nil }
    guard let text = try? body.bytes() else { return nil }
    guard let again = try? EventBody(bytes: text) else { return "a body that was written cannot be read" }
    return (try? again.bytes()) == text ? nil : "a body changes when it is written again"
  }
}
