public import HTTPTypes
public import Hummingbird
internal import Logging
internal import NIOEmbedded

/// Asks a server's responder in this process: a request in, the whole answer out, no socket between.
public struct InProcessClient: Sendable {
  public struct Answer: Sendable {
    public var status: Int
    public var headers: HTTPFields
    public var body: [UInt8]

    public init(status: Int, headers: HTTPFields, body: [UInt8]) {
      self.status = status
      self.headers = headers
      self.body = body
    }
  }

  private let respond: @Sendable (Request) async throws -> Response

  public init<Responder: HTTPResponder>(_ responder: Responder)
  where Responder.Context: InitializableFromSource<ApplicationRequestContextSource> {
    respond = { request in
      let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
      let source = ApplicationRequestContextSource(channel: NIOAsyncTestingChannel(), logger: logger)
      return try await responder.respond(to: request, context: Responder.Context(source: source))
    }
  }

  /// Sends a request with its length, as a client on a socket would; a responder that throws answers 500, as a server
  /// would for it.
  public func call(
    _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: [UInt8]? = nil
  ) async throws -> Answer {
    var headers = headers
    if let body { headers[.contentLength] = String(body.count) }
    let request = Request(
      head: HTTPRequest(
        method: method, scheme: "http", authority: "localhost", path: path, headerFields: headers),
      body: RequestBody(buffer: ByteBuffer(bytes: body ?? [])))
    let response: Response
    do { response = try await respond(request) } catch { response = Response(status: .internalServerError) }
    let sink = Sink()
    try await response.body.write(sink)
    return Answer(status: response.status.code, headers: response.headers, body: await sink.collected.bytes)
  }
}

/// Gathers a body.
private struct Sink: ResponseBodyWriter {
  actor Collected {
    var bytes: [UInt8] = []

    func append(_ buffer: ByteBuffer) { bytes.append(contentsOf: buffer.readableBytesView) }
  }

  let collected = Collected()

  func write(_ buffer: ByteBuffer) async throws { await collected.append(buffer) }

  func finish(_ trailers: HTTPFields?) async throws {}
}
