/// HTTP/1.1 and HTTP/2 to one endpoint and its kin: requests, streams, limits, TLS. Connections are kept and shared.
///
/// A thread of its own does the work; it starts with the first request and ends with `close()` or with the last
/// reference. Every error is a `TransportError`; a status of any kind, redirects included, is an answer.
public final class Transport: Sendable {
  private let engine: Engine

  public init(configuration: TransportConfiguration = TransportConfiguration()) {
    engine = Engine(configuration)
  }

  deinit { engine.submit(.stop) }

  /// Sends a request and collects the answer. Cancelling the task frees it at once.
  public func send(_ request: HTTPRequest) async throws(TransportError) -> HTTPResponse {
    try await Transfer(request, mode: .whole, engine: engine).response()
  }

  /// Sends a request and returns when the head of the answer is here; its body is read from the stream.
  public func stream(_ request: HTTPRequest) async throws(TransportError) -> HTTPStream {
    let transfer = try Transfer(request, mode: .stream, engine: engine)
    return HTTPStream(head: try await transfer.head(), transfer: transfer)
  }

  /// Fails what is in flight with `closed`, ends the connections and the thread, and returns when they are gone.
  public func close() async { await engine.close() }
}
