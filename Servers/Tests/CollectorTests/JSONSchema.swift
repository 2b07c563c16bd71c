internal import Domain

/// As much of JSON Schema 2020-12 as docs/openapi.json uses. Stricter than the standard in one thing: a member that the
/// schema does not name is a fault, because nobody has said what it means.
struct JSONSchema {
  let document: JSON

  /// What is wrong with a value, with the place of each fault in it.
  func faults(of value: JSON, by schema: JSON, at place: String = "$") -> [String] {
    if let path = schema["$ref"]?.string {
      guard let target = resolved(path) else { return ["\(place): no \(path) in the document"] }
      return faults(of: value, by: target, at: place)
    }
    return (schema.members ?? []).flatMap { keyword in
      faults(of: value, keyword: keyword.key.string, keyword.value, schema, place)
    }
  }

  /// The part of the document that a local reference names.
  func resolved(_ path: String) -> JSON? {
    path.split(separator: "/").dropFirst().reduce(document as JSON?) { $0?[RawText(String($1))] }
  }

  private func faults(
    of value: JSON, keyword: String, _ rule: JSON, _ schema: JSON, _ place: String
  ) -> [String] {
    switch keyword {
    case "description", "format", "contentEncoding": return []
    case "type": return isA(value, rule.string ?? "") ? [] : ["\(place) is no \(rule.string ?? "")"]
    case "const": return value == rule ? [] : ["\(place) is not \(rule.serializedString)"]
    case "enum": return rule.array?.contains(value) == true ? [] : ["\(place) is none of \(rule.serializedString)"]
    case "minimum": return (value.integer ?? .min) >= (rule.integer ?? 0) ? [] : ["\(place) is too small"]
    case "maximum": return (value.integer ?? .max) <= (rule.integer ?? 0) ? [] : ["\(place) is too large"]
    case "pattern":
      guard let text = value.string, let pattern = try? Regex(rule.string ?? "") else {
        return ["\(place): no pattern"]
      }
      return text.firstMatch(of: pattern) == nil ? ["\(place) is not of the form \(rule.string ?? "")"] : []
    case "items":
      return (value.array ?? []).enumerated().flatMap { faults(of: $1, by: rule, at: "\(place)[\($0)]") }
    case "required":
      return (rule.texts ?? []).filter { value[$0] == nil }.map { "\(place).\($0.string) is missing" }
    case "properties":
      return (value.members ?? []).flatMap { member in
        guard let rule = rule[member.key] else { return ["\(place).\(member.key.string) is not in the document"] }
        return faults(of: member.value, by: rule, at: "\(place).\(member.key.string)")
      }
    case "additionalProperties":
      return (value.members ?? []).filter { schema["properties"]?[$0.key] == nil }
        .flatMap { faults(of: $0.value, by: rule, at: "\(place).\($0.key.string)") }
    default: return ["\(place): the keyword \(keyword) is not checked"]
    }
  }

  private func isA(_ value: JSON, _ type: String) -> Bool {
    switch type {
    case "object": value.members != nil
    case "array": value.array != nil
    case "string": value.text != nil
    case "integer": value.integer != nil
    default: false
    }
  }
}
