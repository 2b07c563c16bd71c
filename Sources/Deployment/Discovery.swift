internal import Domain
public import Transport

/// Finds out what speaks at an address.
public struct Discovery: Sendable {
  private let base: String
  private let transport: Transport
  private let deadline: Duration

  /// `base` is an address with or without `/v2` at its end.
  public init(base: String, transport: Transport, deadline: Duration = .seconds(10)) throws(DeploymentError) {
    self.base = try InferenceService(base: base, transport: transport).base
    self.transport = transport
    self.deadline = deadline
  }

  /// What it is. Only questions are asked: nothing is called, loaded or changed.
  public func run() async throws(DeploymentError) -> Discovered {
    let first: Probe
    do {
      first = try await ask(.openInference)
    } catch {
      // A server of gRPC hangs up on HTTP/1.1.
      if let found = try await askGRPC() { return found }
      throw error
    }
    if let found = first.discovered { return found }
    let rest = Probe.Question.allCases.filter { $0 != .openInference }
    let answers = await concurrently(rest, limit: rest.count) { question in try? await ask(question) }
    for case let answer? in answers { if let found = answer.discovered { return found } }
    if first.status == 401 || first.status == 403 {
      throw DeploymentError(.connect, .status(first.status, message: ""), exchange: exchange(first))
    }
    let hasMetrics = answers.contains { $0?.isMetrics == true }
    throw DeploymentError(.connect, .unrecognized(hasMetrics ? .metrics : .other), exchange: exchange(first))
  }

  private func ask(_ question: Probe.Question) async throws(DeploymentError) -> Probe {
    var request = HTTPRequest("GET", base + question.rawValue)
    request.deadline = deadline
    request.bodyLimit = 1 << 20
    do {
      let response = try await transport.send(request)
      return Probe(
        question: question, status: response.status, headers: response.headers, body: response.body)
    } catch {
      throw DeploymentError(
        .connect, .transport(error), exchange: DeploymentError.Exchange(method: "GET", path: question.rawValue))
    }
  }

  /// Asks Seldon's scheduler for its version by gRPC: an empty message behind five bytes of length. Another server of
  /// gRPC says that it does not have the method, which is worth knowing: the port beside it is the right one.
  private func askGRPC() async throws(DeploymentError) -> Discovered? {
    let path = "/seldon.mlops.scheduler.Scheduler/SchedulerStatus"
    var request = HTTPRequest(
      "POST", base + path, headers: [("content-type", "application/grpc"), ("te", "trailers")],
      body: .bytes([0, 0, 0, 0, 0]))
    request.version = .http2PriorKnowledge
    request.deadline = deadline
    request.acceptsGzip = false
    request.bodyLimit = 1 << 20
    guard let response = try? await transport.send(request) else { return nil }
    switch response.trailers["grpc-status"] ?? response.headers["grpc-status"] {
    case "0": return Discovered(.scheduler)
    case nil: return nil
    default:
      let exchange = DeploymentError.Exchange(method: "POST", path: path, status: response.status)
      throw DeploymentError(.connect, .unrecognized(.grpc), exchange: exchange)
    }
  }

  private func exchange(_ probe: Probe) -> DeploymentError.Exchange {
    DeploymentError.Exchange(
      method: "GET", path: probe.question.rawValue, status: probe.status,
      contentType: probe.headers["content-type"] ?? "", size: probe.body.count,
      body: RawText(bytes: probe.body.prefix(512)))
  }
}
