public import Domain
public import OpenInference
public import Transport

/// A deployment service that speaks the Open Inference Protocol: Seldon Core 2, MLServer, Triton, KServe, or ours.
///
/// Nothing is ever sent twice: a 5xx is often the input's fault, and a proxy may have retried already.
public struct InferenceService: Sendable {
  /// The service's address without a slash at its end and without `/v2`.
  public let base: String
  /// The address without its path, as errors name it.
  let origin: String
  public let options: InferenceOptions
  let transport: Transport
  private var gate: RequestGate?
  /// What the service said of itself, once it was asked.
  let known = KnownServer()

  /// What speaks there: as it was told, or as it was found out.
  public var kind: ServiceKind { known.kind ?? options.kind }

  public init(
    base: String, transport: Transport, options: InferenceOptions = InferenceOptions()
  ) throws(DeploymentError) {
    let address = try BaseAddress(base)
    origin = address.origin
    self.base = address.text.hasSuffix("/v2") ? String(address.text.dropLast(3)) : address.text
    self.transport = transport
    self.options = options
  }

  /// Sends one request; any status but success is an error with the service's words. `model` is the name that Envoy
  /// routes by, where it is Envoy that is asked.
  func exchange(
    _ operation: DeploymentError.Operation, _ method: String, _ path: String, body: EncodedMessage? = nil,
    call: InferenceCall? = nil, routedTo model: RawText? = nil, deadline: Duration
  ) async throws(DeploymentError) -> ServiceAnswer {
    let request = self.request(method, path, body: body, call: call, routedTo: model, deadline: deadline)
    var exchange = DeploymentError.Exchange(method: method, path: path, requestID: call?.requestID ?? "")
    let response: HTTPResponse
    do {
      response = try await send(request, operation)
    } catch {
      throw DeploymentError(operation, .transport(error), exchange: exchange)
    }
    exchange.status = response.status
    exchange.contentType = response.headers["content-type"] ?? ""
    exchange.size = response.body.count
    exchange.milliseconds = response.timings.total.milliseconds
    // A date is taken by the service's own clock.
    let now = response.headers["date"].flatMap { RetryAfter.seconds(httpDate: $0, now: 0) } ?? .max
    exchange.retryAfter = response.headers["retry-after"].flatMap { RetryAfter.delay($0, now: now) }
      .map { $0.milliseconds / 1000 }
    let answer = ServiceAnswer(operation: operation, exchange: exchange, response: response)
    guard response.isSuccess else {
      throw answer.failure(.status(response.status, message: ErrorBody(decoding: response.body).message))
    }
    return answer
  }

  /// Sends a request; one to a model waits for its turn at the gate, where there is one.
  private func send(
    _ request: HTTPRequest, _ operation: DeploymentError.Operation
  ) async throws(TransportError) -> HTTPResponse {
    guard let gate, case .infer = operation else { return try await transport.send(request) }
    guard await gate.enter() else { throw .cancelled }
    do throws(TransportError) {
      let response = try await transport.send(request)
      await gate.leave(failed: [408, 429].contains(response.status) || response.status > 500)
      return response
    } catch {
      await gate.leave(failed: true)
      throw error
    }
  }

  /// The same service, whose models are asked through a gate.
  public func through(_ gate: RequestGate) -> InferenceService {
    var service = self
    service.gate = gate
    return service
  }

  /// One request to the service, with what its body, its call and Envoy need in the head.
  func request(
    _ method: String, _ path: String, body: EncodedMessage?, call: InferenceCall?, routedTo model: RawText?,
    deadline: Duration
  ) -> HTTPRequest {
    var request = HTTPRequest(method, base + path, body: body.map { .bytes($0.body) } ?? .none)
    if let body {
      request.headers.append(("Content-Type", body.contentType))
      if let length = body.headerLength { request.headers.append((EncodedMessage.headerLengthField, "\(length)")) }
    }
    if let call {
      request.headers.append(("x-request-id", call.requestID))
      if let traceparent = call.traceparent { request.headers.append(("traceparent", traceparent)) }
    }
    if let model { request.headers += routing(to: model, keepsRoute: call?.keepsRoute ?? false) }
    request.deadline = deadline
    request.bodyLimit = options.answerLimit
    return request
  }

  /// What the service is and which extensions it has.
  public func serverMetadata() async throws(DeploymentError) -> ServerMetadata {
    let answer = try await exchange(.serverMetadata, "GET", "/v2", deadline: options.listingDeadline)
    let metadata = try answer.read { (body) throws(OpenInferenceError) in try ServerMetadata(decoding: body) }
    known.metadata = metadata
    return metadata
  }

  /// What the service said of itself, asked once.
  func knownMetadata() async throws(DeploymentError) -> ServerMetadata {
    if let metadata = known.metadata { return metadata }
    return try await serverMetadata()
  }

  /// What completes or corrects the service's metadata: what is published, and over it what the options have.
  var catalogue: Catalogue { Catalogue(entries: known.published.entries + options.catalogue.entries) }

  /// Takes what the researchers published of the service's models, in the place of what they published before.
  public func take(published catalogue: Catalogue) { known.published = catalogue }

  /// Whether tensors may travel as binary data; asked once, no where the service does not say.
  func takesBinary() async throws(DeploymentError) -> Bool {
    do {
      return try await knownMetadata().takesBinary
    } catch {
      if error.isCancellation { throw error }
      return false
    }
  }

  /// `/v2/models/wine/versions/2`.
  static func path(_ model: ModelID, _ ending: String = "") -> String {
    var path = "/v2/models/" + URLParts.encoded(segment: model.name.bytes)
    if let version = model.version { path += "/versions/" + URLParts.encoded(segment: version.bytes) }
    return path + ending
  }
}
