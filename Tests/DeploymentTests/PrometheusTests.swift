import Deployment
import Domain
import Testing
import Transport
import WireFixtures

@Suite("Prometheus", .timeLimit(.minutes(1))) struct PrometheusTests {
  static let expectations = Expectations("recorded-prometheus.txt", beside: #filePath)

  @Test("every recorded answer reads as expected, or is refused as expected")
  func recorded() throws {
    let lines = try WireExchange.all(of: ["prometheus"]).map { exchange in
      (name: exchange.name, value: try Self.described(exchange))
    }
    #expect(lines.count == 40)
    if Expectations.isRecording { try Self.expectations.record(lines) }
    for (name, value) in lines { #expect(Self.expectations[name] == value, "\(name)") }
    #expect(Self.expectations.names == Set(lines.map(\.name)))
  }

  private static func described(_ exchange: WireExchange) throws -> String {
    let answer = exchange.answer
    let isPacked = answer.headers["content-encoding"] == "gzip"
    let body = isPacked ? try Gzip.decompress(answer.body, limit: 1 << 20) : answer.body
    let status = answer.status ?? 0
    let path = exchange.request.path.prefix { $0 != "?" }
    do throws(PrometheusError) {
      if ["/api/v1/query", "/api/v1/query_range"].contains(path) {
        return "\(status) \(described(try MetricValue(decoding: body)))"
      }
      let data = try MetricValue.data(decoding: body)
      return
        "\(status) data: \(data.array.map { "\($0.count) elements" } ?? data.members.map { "\($0.count) members" } ?? "?")"
    } catch {
      switch error {
      case .refused(let type, let words): return "\(status) refused, \(type): \(words)"
      case .foreign(let words): return "\(status) foreign: \(words.string.prefix(60).replacing("\n", with: "⏎"))"
      case .unexpected(let what): return "\(status) unexpected: \(what)"
      }
    }
  }

  private static func described(_ value: MetricValue) -> String {
    switch value {
    case .vector(let samples):
      return "vector: " + samples.map { "\(text($0.labels)) \($0.point.value)" }.joined(separator: "; ")
    case .matrix(let series):
      return "matrix: "
        + series.map { "\(text($0.labels)) \($0.points.map { "\($0.value)" }.joined(separator: " "))" }
        .joined(separator: "; ")
    case .scalar(let point): return "scalar: \(point.value) at \(point.at.microseconds)"
    case .string(let text, let at): return "string: \(text) at \(at.microseconds)"
    }
  }

  private static func text(_ labels: [MetricLabel]) -> String {
    "{" + labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",") + "}"
  }

  /// Runs a test against a Prometheus whose answers a closure gives.
  private func withPrometheus(
    _ answer: @escaping ScriptedServer.Answer, _ test: (Prometheus, ScriptedServer) async throws -> Void
  ) async throws {
    let server = try ScriptedServer(answer)
    let transport = Transport()
    do {
      try await test(try Prometheus(base: server.base + "/", transport: transport), server)
    } catch {
      await transport.close()
      server.close()
      throw error
    }
    await transport.close()
    server.close()
  }

  private func error(_ answer: [UInt8]) async throws -> DeploymentError? {
    var caught: DeploymentError?
    try await withPrometheus({ _ in answer }) { prometheus, _ in
      caught = await deploymentError { _ = try await prometheus.query("up") }
    }
    return caught
  }

  @Test("expressions and times go out as they are meant")
  func asked() async throws {
    let instant = try WireExchange.named("prometheus/007-query-scalar").answer.bytes
    let range = try WireExchange.named("prometheus/018-range").answer.bytes
    try await withPrometheus({ $0.line.contains("query_range") ? range : instant }) { prometheus, server in
      let at = Timestamp(microseconds: 1_795_336_095_170_000)
      let two = try await prometheus.query("a{b=\"c d\"} + 1", at: at).number
      #expect(two == 2)
      let series = try await prometheus.query("up", from: at, to: at.advanced(bySeconds: 60), step: 15)
      #expect(series.first?.points.count == 5)
      #expect(
        server.requests.map(\.line) == [
          "GET /api/v1/query?query=a%7Bb%3D%22c%20d%22%7D%20%2B%201&time=1795336095.170000 HTTP/1.1",
          "GET /api/v1/query_range?query=up&start=1795336095.170000&end=1795336155.170000&step=15 HTTP/1.1",
        ])
    }
  }

  @Test("its refusals, other servers and what cannot be read are told apart")
  func errors() async throws {
    let syntax = try await error(try WireExchange.named("prometheus/013-err-query-syntax").answer.bytes)
    guard case .query(.refused("bad_data", _)) = syntax?.reason else {
      Issue.record("\(String(describing: syntax))")
      return
    }
    #expect(syntax?.problem.summary.hasPrefix("Prometheus refused the query: bad_data, invalid parameter") == true)
    let missing = try await error(ScriptedServer.response("404 page not found\n", status: 404, headers: [:]))
    #expect(missing?.reason == .status(404, message: "404 page not found"))
    let page = try await error(
      ScriptedServer.response("<html><title>Grafana</title></html>", headers: ["content-type": "text/html"]))
    #expect(page?.reason == .query(.foreign("Grafana")))
    #expect(page?.problem.summary == "What answers is no Prometheus.")
    let strange = try await error(
      ScriptedServer.response(#"{"status":"success","data":{"resultType":"x","result":[]}}"#))
    #expect(strange?.reason == .query(.unexpected("data.resultType: x is not known")))
  }

  @Test("a model's traffic is read where there are metrics of it, and only there")
  func traffic() async throws {
    @Sendable func vector(_ value: String) -> [UInt8] {
      ScriptedServer.response(
        #"{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[1,"\#(value)"]}]}}"#)
    }
    let nothing = ScriptedServer.response(#"{"status":"success","data":{"resultType":"vector","result":[]}}"#)
    try await withPrometheus({ request in
      let line = request.line
      if line.contains("quantile") { return vector(line.contains("0.99") ? "41.5" : "NaN") }
      if line.contains("duration") { return vector("12.25") }
      return vector(line.contains("failure") ? "0.5" : "1.5")
    }) { prometheus, server in
      let traffic = try await prometheus.traffic(of: "wi\"ne")
      #expect(traffic?.rate == 2 && traffic?.failedShare == 0.25)
      #expect(traffic?.median == nil && traffic?.p99 == 41.5 && traffic?.mean == 12.25)
      #expect(server.requests.allSatisfy { $0.line.contains("model%3D%22wi%5C%22ne%22") })
    }
    try await withPrometheus({ _ in nothing }) { prometheus, _ in
      let traffic = try await prometheus.traffic(of: "wine")
      #expect(traffic == nil)
    }
  }

  @Test("the share of drift in each window leaves out windows without an answer")
  func drift() async throws {
    let body =
      #"{"status":"success","data":{"resultType":"matrix","result":[{"metric":{},"values":[[60,"0.25"],[120,"NaN"],[180,"1"]]}]}}"#
    try await withPrometheus({ _ in ScriptedServer.response(body) }) { prometheus, server in
      let shares = try await prometheus.driftShares(
        of: "wine-drift", from: Timestamp(microseconds: 60_000_000), to: Timestamp(microseconds: 180_000_000), step: 60)
      #expect(shares.map(\.value) == [0.25, 1] && shares.map(\.at.microseconds) == [60_000_000, 180_000_000])
      #expect(
        server.requests.first?.line.contains("seldon_model_drift_sum%7Bmodel_name%3D%22wine-drift%22%7D%5B60s%5D")
          == true)
    }
  }
}
