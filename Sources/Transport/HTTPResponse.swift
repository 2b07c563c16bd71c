/// The head of an answer, and how it came.
public struct HTTPHead: Sendable {
  /// 200 to 999. A redirect is an answer like another: it is never followed.
  public var status: Int
  public var headers: HTTPHeaders
  /// `1.1`, `2`, as a person writes it.
  public var version: String
  /// Whether the request went over a connection that an earlier one had opened.
  public var isConnectionReused: Bool
  /// The address that answered (of the proxy, where there is one); for messages.
  public var peer: String

  public init(
    status: Int, headers: HTTPHeaders = HTTPHeaders(), version: String = "1.1", isConnectionReused: Bool = false,
    peer: String = ""
  ) {
    self.status = status
    self.headers = headers
    self.version = version
    self.isConnectionReused = isConnectionReused
    self.peer = peer
  }
}

/// When things happened, counted from the call.
public struct HTTPTimings: Hashable, Sendable {
  /// Until the connection, with TLS, was ready; zero where it was kept from an earlier request.
  public var connect: Duration
  /// Until the first byte of the answer.
  public var firstByte: Duration
  /// Until the last byte; waits for a token or for a free connection are part of it.
  public var total: Duration

  public init(connect: Duration = .zero, firstByte: Duration = .zero, total: Duration = .zero) {
    self.connect = connect
    self.firstByte = firstByte
    self.total = total
  }
}

/// A whole answer.
public struct HTTPResponse: Sendable {
  public var head: HTTPHead
  /// Decompressed.
  public var body: [UInt8]
  /// Fields that came after the body: `grpc-status` and its like.
  public var trailers: HTTPHeaders
  public var timings: HTTPTimings

  public var status: Int { head.status }
  public var headers: HTTPHeaders { head.headers }
  /// Whether the status is 200 to 299.
  public var isSuccess: Bool { (200...299).contains(head.status) }

  public init(
    head: HTTPHead, body: [UInt8] = [], trailers: HTTPHeaders = HTTPHeaders(), timings: HTTPTimings = HTTPTimings()
  ) {
    self.head = head
    self.body = body
    self.trailers = trailers
    self.timings = timings
  }
}
