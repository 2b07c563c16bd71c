internal import Compression
internal import Domain
internal import Foundation
internal import HTTPTypes
internal import InProcess
internal import Synchronization

/// docs/openapi.json, to which every answer is held that a test gets.
final class OpenAPI: Sendable {
  static let shared = OpenAPI()

  let document: JSON

  /// How many answers of each kind were looked at.
  private let looked = Mutex<[String: Int]>([:])

  /// Whether an answer is worth a look: hundreds of one kind say no more, and a test that loops would spend its time here.
  func isDue(_ method: String, _ uri: String, _ status: Int) -> Bool {
    let name = uri.prefix { $0 != "?" }.split(separator: "/").last ?? ""
    let kind = "\(method) \(name) \(status)"
    return looked.withLock { looked in
      looked[kind, default: 0] += 1
      return looked[kind, default: 0] <= 50
    }
  }

  private init() {
    document = (try? JSON(parsing: Data(contentsOf: Repository.file("docs/openapi.json")))) ?? .null
  }

  private var schema: JSONSchema { JSONSchema(document: document) }

  /// `GET /v1/hello` and so on.
  var operations: [(method: String, path: String, operation: JSON)] {
    (document["paths"]?.members ?? []).flatMap { path in
      (path.value.members ?? []).map { ($0.key.string.uppercased(), path.key.string, $0.value) }
    }
  }

  /// The operation that a request's path belongs to.
  func operation(_ method: String, _ uri: String) -> JSON? {
    let words = uri.prefix { $0 != "?" }.split(separator: "/")
    return operations.first { operation in
      let pattern = operation.path.split(separator: "/")
      return operation.method == method && pattern.count == words.count
        && zip(pattern, words).allSatisfy { $0.hasPrefix("{") || $0 == $1 }
    }?.operation
  }

  /// What an answer has that the document does not say, or lacks of what it says.
  func faults(in answer: InProcessClient.Answer, to method: String, _ uri: String) -> [String] {
    guard let operation = operation(method, uri) else {
      guard answer.status == 404, let unknown = schema.resolved("#/components/responses/Unknown") else {
        return ["\(method) \(uri) is not in the document"]
      }
      return faults(in: answer, by: unknown)
    }
    guard var response = operation["responses"]?[RawText("\(answer.status)")] else {
      return ["\(method) \(uri) answers \(answer.status), which is not in the document"]
    }
    if let path = response["$ref"]?.string { response = schema.resolved(path) ?? .null }
    return faults(in: answer, by: response).map { "\(method) \(uri) \(answer.status): \($0)" }
  }

  private func faults(in answer: InProcessClient.Answer, by response: JSON) -> [String] {
    var faults: [String] = []
    for header in response["headers"]?.members ?? [] {
      let rule = header.value["$ref"]?.string.flatMap { schema.resolved($0) } ?? header.value
      let value = HTTPField.Name(header.key.string).flatMap { answer.headers[$0] }
      guard let value else {
        faults.append("the header \(header.key.string) is missing")
        continue
      }
      faults += schema.faults(of: .text(value), by: rule["schema"] ?? .null, at: header.key.string)
    }
    let type = String(answer.headers[.contentType]?.prefix { $0 != ";" } ?? "")
    guard let rule = response["content"]?[RawText(type)]?["schema"] else {
      return faults + ["its type \(type) is not in the document"]
    }
    return faults + self.faults(in: answer, of: type, by: rule)
  }

  private func faults(in answer: InProcessClient.Answer, of type: String, by rule: JSON) -> [String] {
    var body = answer.body
    if answer.headers[.contentEncoding] == "gzip" { body = (try? Gzip.unpacked(body, limit: 1 << 26)) ?? [] }
    switch type {
    case "application/json":
      guard let json = try? JSON(parsing: body) else { return ["the body is no JSON"] }
      return schema.faults(of: json, by: rule)
    case "application/jsonl":
      // A page has hundreds of lines of one kind.
      return body.split(separator: 0x0A).prefix(20).flatMap { line in
        guard let json = try? JSON(parsing: line) else { return ["a line is no JSON"] }
        return schema.faults(of: json, by: rule)
      }
    default: return []
    }
  }
}
