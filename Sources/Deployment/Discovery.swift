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
    // Whoever limits requests did not say who they are.
    if let busy = ([first] + answers.compactMap(\.self)).first(where: { $0.status == 429 }) {
      let seconds = busy.headers["retry-after"].flatMap { Int($0) }
      throw DeploymentError(.connect, .unrecognized(.busy(seconds: seconds)), exchange: exchange(busy))
    }
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

  /// Asks Seldon's scheduler for its version. Another server of gRPC says that it does not have the method, which is
  /// worth knowing: the port beside it is the right one.
  private func askGRPC() async throws(DeploymentError) -> Discovered? {
    do throws(DeploymentError) {
      let scheduler = try Scheduler(base: base, transport: transport, deadline: deadline)
      return Discovered(.scheduler, version: try await scheduler.version())
    } catch {
      guard case .call(.status) = error.reason else { return nil }
      throw DeploymentError(.connect, .unrecognized(.grpc), exchange: error.exchange)
    }
  }

  private func exchange(_ probe: Probe) -> DeploymentError.Exchange {
    DeploymentError.Exchange(
      method: "GET", path: probe.question.rawValue, status: probe.status,
      contentType: probe.headers["content-type"] ?? "", size: probe.body.count,
      body: RawText(bytes: probe.body.prefix(512)))
  }
}
