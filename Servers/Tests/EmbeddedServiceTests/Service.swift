internal import Domain
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import InProcess
internal import NIOCore

@testable internal import EmbeddedService

/// The service in this process, without a socket: requests in, answers out.
struct Service: Sendable {
  let responder: ServiceResponder

  private static let loading = Task { await EmbeddedService.responder(models: Fixtures.root.appending(path: "models")) }

  /// One service with every shipped model, for the tests that change nothing.
  static var shared: Service {
    get async { Service(responder: await loading.value) }
  }

  init(responder: ServiceResponder) { self.responder = responder }

  init(models: URL) async { responder = await EmbeddedService.responder(models: models) }

  struct Answered: Sendable {
    var status: Int
    var headers: HTTPFields
    var body: [UInt8]

    var json: JSON { (try? JSON(parsing: body, elements: 8_000_000)) ?? .null }
    var error: String { json["error"]?.string ?? "" }

    /// The elements of an output, as JSON wrote them.
    func output(_ name: RawText) -> [JSON] {
      json["outputs"]?.array?.first { $0["name"]?.text == name }?["data"]?.array ?? []
    }

    func numbers(_ name: RawText) -> [Double] { output(name).map { $0.numberOrNaN ?? .nan } }

    func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }

    /// An explainer's JSON, which travels as text.
    var explanation: JSON {
      output("explanation").first?.text.flatMap { try? JSON(parsing: $0.bytes, elements: 8_000_000) } ?? .null
    }
  }

  func get(_ path: String, headers: [String: String] = [:]) async throws -> Answered {
    try await send(.get, path, headers: headers, body: [])
  }

  func post(_ path: String, _ json: JSON, headers: [String: String] = [:]) async throws -> Answered {
    try await send(.post, path, headers: headers, body: json.serialized)
  }

  func infer(_ model: String, _ request: JSON) async throws -> Answered {
    try await post("/v2/models/\(model)/infer", request)
  }

  func send(
    _ method: HTTPRequest.Method, _ path: String, headers: [String: String] = [:], body: [UInt8]
  ) async throws -> Answered {
    var fields: HTTPFields = [:]
    for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
    let answer = try await InProcessClient(responder).call(method, path, headers: fields, body: body)
    return Answered(status: answer.status, headers: answer.headers, body: answer.body)
  }
}

extension JSON {
  /// Every number below this value, in order.
  var leaves: [Double] { array.map { $0.flatMap(\.leaves) } ?? [numberOrNaN ?? .nan] }
}

/// The largest difference between two lists; infinity where they differ in length or hold a NaN.
func gap(_ left: [Double], _ right: [Double]) -> Double {
  guard left.count == right.count else { return .infinity }
  let gaps = zip(left, right).map { abs($0 - $1) }
  return gaps.contains(where: \.isNaN) ? .infinity : gaps.max() ?? 0
}
