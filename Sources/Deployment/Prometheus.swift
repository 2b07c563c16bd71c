public import Domain
internal import OpenInference
public import Transport

/// A Prometheus, asked for numbers: https://prometheus.io/docs/prometheus/latest/querying/api/
public struct Prometheus: Sendable {
  private let base: String
  private let transport: Transport
  private let deadline: Duration

  /// `base` is its address, with the path that a proxy gives it, if any.
  public init(base: String, transport: Transport, deadline: Duration = .seconds(10)) throws(DeploymentError) {
    self.base = try BaseAddress(base, for: .metrics).text
    self.transport = transport
    self.deadline = deadline
  }

  /// The value of an expression at a time, now where none is given.
  public func query(_ expression: String, at time: Timestamp? = nil) async throws(DeploymentError) -> MetricValue {
    var fields = [("query", expression)]
    if let time { fields.append(("time", Prometheus.seconds(time))) }
    return try await ask("/api/v1/query", fields)
  }

  /// The values of an expression over time, one each `step` seconds from `from` to `to`, both included.
  public func query(
    _ expression: String, from: Timestamp, to: Timestamp, step: Int
  ) async throws(DeploymentError) -> [MetricSeries] {
    let value = try await ask(
      "/api/v1/query_range",
      [
        ("query", expression), ("start", Prometheus.seconds(from)), ("end", Prometheus.seconds(to)),
        ("step", "\(max(1, step))"),
      ])
    guard case .matrix(let series) = value else {
      throw DeploymentError(.metrics, .query(.unexpected("data.resultType: a matrix is expected")))
    }
    return series
  }

  private func ask(_ path: String, _ fields: [(String, String)]) async throws(DeploymentError) -> MetricValue {
    let query = fields.map { "\($0.0)=\(URLParts.encoded(segment: $0.1))" }.joined(separator: "&")
    var request = HTTPRequest("GET", "\(base)\(path)?\(query)")
    request.deadline = deadline
    request.bodyLimit = 32 << 20
    var exchange = DeploymentError.Exchange(method: "GET", path: path)
    let response: HTTPResponse
    do {
      response = try await transport.send(request)
    } catch {
      throw DeploymentError(.metrics, .transport(error), exchange: exchange)
    }
    exchange.status = response.status
    exchange.contentType = response.headers["content-type"] ?? ""
    exchange.size = response.body.count
    exchange.body = RawText(bytes: response.body.prefix(ErrorBody.longestMessage))
    do {
      let value = try MetricValue(decoding: response.body)
      if response.isSuccess { return value }
    } catch {
      // Its own refusals come with 400, 422 and 503, and say more than the number.
      if case .refused = error { throw DeploymentError(.metrics, .query(error), exchange: exchange) }
      if response.isSuccess { throw DeploymentError(.metrics, .query(error), exchange: exchange) }
    }
    let message = ErrorBody(decoding: response.body).message
    throw DeploymentError(.metrics, .status(response.status, message: message), exchange: exchange)
  }

  /// Seconds since 1970 with their fraction.
  private static func seconds(_ time: Timestamp) -> String {
    let (whole, rest) = (time.microseconds / 1_000_000, time.microseconds % 1_000_000)
    return rest == 0 ? "\(whole)" : "\(whole).\(String("\(rest + 1_000_000)".dropFirst()))"
  }
}

/// The words of a body that is no JSON.
enum ErrorText {
  static func of(_ body: [UInt8]) -> RawText { ErrorBody(decoding: body).message }
}
