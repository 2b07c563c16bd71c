internal import Domain
internal import HTTPTypes
internal import Hummingbird

/// A response before it is packed and sent.
struct Answer: Sendable {
  var status: HTTPResponse.Status
  var headers: HTTPFields
  var body: [UInt8]

  /// 200 without a body or a type, as health and repository calls are answered.
  static let empty = Answer([])

  init(_ body: [UInt8], type: String? = nil, status: HTTPResponse.Status = .ok) {
    self.status = status
    self.body = body
    headers = [:]
    if let type { headers[.contentType] = type }
  }

  init(_ json: JSON, status: HTTPResponse.Status = .ok) {
    self.init(json.serialized, type: "application/json", status: status)
  }

  init(_ refusal: Refusal) { self.init(refusal.body, status: refusal.status) }

  /// Sets a header whose value may come from outside: control characters end a header and are dropped.
  mutating func set(_ header: String, _ value: String) {
    guard let name = HTTPField.Name(header) else { return }
    headers[name] = String(
      String.UnicodeScalarView(value.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }))
  }
}
