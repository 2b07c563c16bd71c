internal import Domain
internal import SwiftProtobuf
internal import Transport

/// gRPC over our own HTTP/2: one request message, any number of answers, and a status in the trailers.
///
/// After "gRPC over HTTP2" (grpc/grpc, doc/PROTOCOL-HTTP2.md). Nothing is sent compressed and nothing compressed is
/// asked for. No call is repeated.
struct GRPCChannel: Sendable {
  /// The address without a slash at its end: `http://` is HTTP/2 without TLS.
  let base: String
  let transport: Transport
  var limits = Limits()

  struct Limits: Sendable {
    /// Bytes of one message.
    var message = 16 << 20
    /// Bytes of a whole answer.
    var body = 256 << 20
    /// Answers of one call.
    var messages = 200_000
  }

  /// All answers of a call that ends, in order.
  func call<Request: SwiftProtobuf.Message, Answer: SwiftProtobuf.Message>(
    _ operation: DeploymentError.Operation, _ method: String, _ message: Request, of type: Answer.Type,
    deadline: Duration
  ) async throws(DeploymentError) -> [Answer] {
    var exchange = DeploymentError.Exchange(method: "POST", path: "/" + method)
    var answers: [Answer] = []
    do {
      let response = try await transport.send(try request(method, message, deadline: deadline))
      exchange.note(response.head, size: response.body.count)
      exchange.milliseconds = response.timings.total.milliseconds
      try Self.check(response.head)
      var frames = GRPCFrames(limit: limits.message)
      frames.append(response.body)
      while let bytes = try frames.next() {
        guard answers.count < limits.messages else { throw GRPCFailure.unreadable("too many messages") }
        answers.append(try Self.message(bytes))
      }
      try Self.checkStatus(response.trailers, response.head, isCutOff: frames.isCutOff)
    } catch {
      throw Self.failure(operation, error, exchange)
    }
    return answers
  }

  func request(
    _ method: String, _ message: some SwiftProtobuf.Message, deadline: Duration?
  ) throws -> HTTPRequest {
    let bytes: [UInt8] = try message.serializedBytes()
    var request = HTTPRequest(
      "POST", "\(base)/\(method)", headers: [("content-type", "application/grpc"), ("te", "trailers")],
      body: .bytes(GRPCFrames.framed(bytes)))
    request.version = .http2PriorKnowledge
    request.acceptsGzip = false
    request.bodyLimit = limits.body
    if let deadline {
      request.deadline = deadline
      request.headers.append(("grpc-timeout", "\(max(1, Int(deadline.milliseconds)))m"))
    }
    return request
  }

  static func message<Answer: SwiftProtobuf.Message>(_ bytes: [UInt8]) throws(GRPCFailure) -> Answer {
    do {
      return try Answer(serializedBytes: bytes)
    } catch {
      throw .unreadable("\(error)")
    }
  }

  /// Whether what answers is gRPC at all. A refusal of the server's may come with another HTTP status too.
  static func check(_ head: HTTPHead) throws(GRPCFailure) {
    let type = head.headers["content-type"] ?? ""
    guard head.status == 200, type == "application/grpc" || type.hasPrefix("application/grpc+") else {
      if let failure = status(head.headers) { throw failure }
      throw .notGRPC(status: head.status, contentType: RawText(type))
    }
  }

  /// The call's end: trailers after the answers, or in the head where there were none.
  static func checkStatus(
    _ trailers: HTTPHeaders, _ head: HTTPHead, isCutOff: Bool
  ) throws(GRPCFailure) {
    let fields = trailers["grpc-status"] == nil ? head.headers : trailers
    guard fields["grpc-status"] != nil else { throw isCutOff ? .cutOff : .noStatus }
    if let failure = status(fields) { throw failure }
    if isCutOff { throw .cutOff }
  }

  /// The failure that fields name; nil where they name success or nothing.
  private static func status(_ fields: HTTPHeaders) -> GRPCFailure? {
    guard let text = fields["grpc-status"] else { return nil }
    guard let number = Int(text) else { return .unreadable("grpc-status is no number") }
    if number == 0 { return nil }
    return .status(GRPCStatus(rawValue: number), message: percentDecoded(fields["grpc-message"] ?? ""))
  }

  /// Text whose bytes may stand as `%` and two hexadecimal digits; what is none of these stays as it is.
  static func percentDecoded(_ text: String) -> RawText {
    let bytes = Array(text.utf8)
    var decoded: [UInt8] = []
    var index = 0
    while index < bytes.count {
      let digits = bytes[index...].dropFirst().prefix(2)
      let isHexadecimal = digits.count == 2 && digits.allSatisfy { Character(UnicodeScalar($0)).isHexDigit }
      if bytes[index] == UInt8(ascii: "%"), isHexadecimal,
        let byte = UInt8(String(decoding: digits, as: UTF8.self), radix: 16)
      {
        decoded.append(byte)
        index += 3
      } else {
        decoded.append(bytes[index])
        index += 1
      }
    }
    return RawText(bytes: decoded)
  }

  static func failure(
    _ operation: DeploymentError.Operation, _ error: any Error, _ exchange: DeploymentError.Exchange
  ) -> DeploymentError {
    var exchange = exchange
    switch error {
    case let error as TransportError: return DeploymentError(operation, .transport(error), exchange: exchange)
    case let error as GRPCFailure:
      if case .status(_, let message) = error { exchange.body = RawText(bytes: message.bytes.prefix(4096)) }
      return DeploymentError(operation, .call(error), exchange: exchange)
    case let error: return DeploymentError(operation, .call(.unreadable("\(error)")), exchange: exchange)
    }
  }
}

extension DeploymentError.Exchange {
  /// Notes what came back.
  mutating func note(_ head: HTTPHead, size: Int) {
    status = head.status
    contentType = head.headers["content-type"] ?? ""
    self.size = size
  }
}
