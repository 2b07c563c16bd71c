internal import Domain
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// An answer with a status of 400 or above; thrown anywhere in a route.
struct Refused: Error, HTTPResponseError {
  var status: HTTPResponse.Status
  var refusal: Refusal

  init(_ status: HTTPResponse.Status, _ refusal: Refusal) {
    self.status = status
    self.refusal = refusal
  }

  /// The request's body is no message.
  init(_ error: WireError) { self.init(.badRequest, Refusal("bad-message", detail: RawText(error.reason))) }

  func response(from request: Request, context: some RequestContext) -> Response {
    var response = Response(refusal, status: status)
    if let milliseconds = refusal.retryAfter {
      response.headers[.retryAfter] = "\((milliseconds + 999) / 1000)"
    }
    if status == .unauthorized { response.headers[.wwwAuthenticate] = "Bearer" }
    return response
  }
}

extension Response {
  /// A message as JSON.
  init(_ message: some Message, status: HTTPResponse.Status = .ok) {
    self.init(
      status: status, headers: [.contentType: "application/json"],
      body: ResponseBody(byteBuffer: ByteBuffer(bytes: message.bytes)))
  }
}
