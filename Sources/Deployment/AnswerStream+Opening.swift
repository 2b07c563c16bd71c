internal import Domain
internal import OpenInference
internal import Transport

/// An answer as it was opened.
enum OpenedAnswer {
  case events(AnswerEvents)
  case whole(ServiceAnswer)
}

/// The events of an answer whose head has come.
struct AnswerEvents {
  let exchange: DeploymentError.Exchange
  let route: RawText
  private var body: HTTPStream.Body.Iterator
  private var parser: ServerSentEvents
  private let longest: Duration
  private let origin: String
  private var eventBegan: ContinuousClock.Instant?

  init(_ stream: HTTPStream, _ exchange: DeploymentError.Exchange, origin: String, options: InferenceOptions) {
    self.exchange = exchange
    self.origin = origin
    route = RawText(stream.head.headers.all("x-seldon-route").joined(separator: " "))
    body = stream.body.makeAsyncIterator()
    parser = ServerSentEvents(limit: options.eventLimit)
    longest = options.streamStall
  }

  /// The events that the next bytes end; nil at a proper end.
  mutating func next() async throws(DeploymentError.Interruption) -> [ServerSentEvents.Event]? {
    // What was wrong behind the last events stands before whatever became of the connection since.
    _ = try take([])
    let piece: [UInt8]?
    do {
      piece = try await body.next()
    } catch {
      throw .transport(error)
    }
    guard let piece else {
      if parser.isUnfinished { throw .unfinished }
      return nil
    }
    let events = try take(piece)
    try watch(events.isEmpty)
    return events
  }

  private mutating func take(
    _ bytes: [UInt8]
  ) throws(DeploymentError.Interruption) -> [ServerSentEvents.Event] {
    do {
      return try parser.take(bytes)
    } catch {
      throw .unreadable(error)
    }
  }

  /// A byte now and then is no silence: an event has as long to come whole as a silence may last.
  private mutating func watch(_ goesOn: Bool) throws(DeploymentError.Interruption) {
    guard parser.isUnfinished else {
      eventBegan = nil
      return
    }
    let now = ContinuousClock.now
    guard goesOn, let began = eventBegan else {
      eventBegan = now
      return
    }
    if now - began > longest {
      throw .transport(.timedOut(phase: .receiving, after: longest, origin: origin))
    }
  }
}

extension AnswerStream {
  /// Asks in each way that the service may know, until it knows one; says what it answered to the first if it knows
  /// none.
  func open() async throws(DeploymentError) -> OpenedAnswer {
    let ways = StreamEndpoint.order(for: try await service.knownKind())
    var first: DeploymentError?
    for way in ways {
      do throws(DeploymentError) {
        return try await open(way)
      } catch {
        guard case .status(let status, _) = error.reason, StreamEndpoint.isMissing(status) else { throw error }
        first = first ?? error
      }
    }
    throw first ?? DeploymentError(.stream(model), .noRecords)
  }

  private func open(_ way: StreamEndpoint) async throws(DeploymentError) -> OpenedAnswer {
    let operation = DeploymentError.Operation.stream(model)
    let path = InferenceService.path(model, way.path)
    let message: EncodedMessage
    do {
      message = try way.encoded(request, signature: signature)
    } catch {
      throw DeploymentError(operation, .unsendable(error))
    }
    var http = service.request(
      "POST", path, body: message, call: call, routedTo: model.name, deadline: service.options.inferenceDeadline)
    // MLServer holds a packed answer back until all of it is there.
    http.acceptsGzip = false
    http.stallTimeout = service.options.streamStall
    http.bodyLimit = service.options.streamLimit
    if way != .infer { http.headers.append(("Accept", "text/event-stream, application/json")) }
    var exchange = DeploymentError.Exchange(method: "POST", path: path, requestID: call.requestID)
    let stream: HTTPStream
    do {
      stream = try await service.transport.stream(http)
    } catch {
      throw DeploymentError(operation, .transport(error), exchange: exchange)
    }
    exchange.status = stream.head.status
    exchange.contentType = stream.head.headers["content-type"] ?? ""
    let isSuccess = (200...299).contains(stream.head.status)
    if isSuccess, exchange.contentType.lowercased().hasPrefix("text/event-stream") {
      return .events(AnswerEvents(stream, exchange, origin: service.origin, options: service.options))
    }
    return .whole(try await whole(stream, exchange, operation))
  }

  /// Reads an answer that does not come in pieces: all of it, or the beginning of a refusal.
  private func whole(
    _ stream: HTTPStream, _ exchange: DeploymentError.Exchange, _ operation: DeploymentError.Operation
  ) async throws(DeploymentError) -> ServiceAnswer {
    var exchange = exchange
    let isSuccess = (200...299).contains(stream.head.status)
    var body: [UInt8] = []
    var iterator = stream.body.makeAsyncIterator()
    do {
      while let piece = try await iterator.next() {
        body += piece
        if !isSuccess, body.count > 64 << 10 { break }
      }
    } catch {
      if isSuccess { throw DeploymentError(operation, .transport(error), exchange: exchange) }
    }
    exchange.size = body.count
    let answer = ServiceAnswer(
      operation: operation, exchange: exchange, response: HTTPResponse(head: stream.head, body: body))
    guard isSuccess else {
      throw answer.failure(.status(stream.head.status, message: ErrorBody(decoding: body).message))
    }
    return answer
  }

  /// Reads an answer that came whole; a success that says it failed is told as such.
  func read(
    _ answer: ServiceAnswer, _ decoded: ([UInt8]) throws(OpenInferenceError) -> InferenceResponse
  ) throws(DeploymentError) -> InferenceResponse {
    do {
      return try decoded(answer.response.body)
    } catch {
      guard case .failed(let words) = error.reason else { throw answer.failure(.unreadable(error)) }
      throw answer.failure(.interrupted(pieces: 0, by: .failed(words)))
    }
  }

  /// A failure as an error: one that came before any piece is what it would have been without pieces.
  func error(
    _ interruption: DeploymentError.Interruption, after pieces: Int, in exchange: DeploymentError.Exchange
  ) -> DeploymentError {
    if pieces == 0, case .transport(let error) = interruption {
      return DeploymentError(.stream(model), .transport(error), exchange: exchange)
    }
    return DeploymentError(.stream(model), .interrupted(pieces: pieces, by: interruption), exchange: exchange)
  }
}
