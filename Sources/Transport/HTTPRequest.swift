/// One request to one URL, with the limits on its answer.
public struct HTTPRequest: Sendable {
  /// Which HTTP to speak.
  public enum Version: Sendable {
    /// HTTP/2 where TLS agrees on it, HTTP/1.1 elsewhere.
    case automatic
    case http1
    /// HTTP/2 from the first byte, also without TLS (h2c): what a gRPC port such as Seldon's scheduler expects.
    case http2PriorKnowledge
  }

  public var method: String
  public var url: String
  /// Sent in this order with this spelling (HTTP/2 sends names in lower case).
  public var headers: [(name: String, value: String)]
  public var body: HTTPBody
  public var version = Version.automatic
  /// From the call to the last byte of the answer; of a stream, to the end of its head.
  public var deadline: Duration = .seconds(30)
  /// For name, connection and TLS together.
  public var connectTimeout: Duration = .seconds(5)
  /// The longest silence inside a body; nil waits for the deadline only. Time that the reader of a stream takes does
  /// not count.
  public var stallTimeout: Duration?
  /// The most bytes of a body, counted after decompression; of a stream, none by default.
  public var bodyLimit: Int?
  /// The most bytes of all header lines together.
  public var headerLimit = 64 << 10
  /// Whether to ask for a gzip answer, which is unpacked on arrival.
  public var acceptsGzip = true
  /// Whether to send the bytes of the body packed, with `Content-Encoding: gzip`.
  public var compressesBody = false
  /// Whether it may be sent a second time when a kept connection turns out to be dead and no byte of an answer came.
  /// Nil means by the method: yes for GET, HEAD, PUT, DELETE and OPTIONS, no for POST, because an inference that may
  /// have run is not run twice unasked.
  public var isRepeatable: Bool?

  public init(
    _ method: String = "GET", _ url: String, headers: [(name: String, value: String)] = [], body: HTTPBody = .none
  ) {
    self.method = method
    self.url = url
    self.headers = headers
    self.body = body
  }

  /// The limit of a body that is collected and has none of its own: 256 MiB.
  static let defaultBodyLimit = 256 << 20
}
