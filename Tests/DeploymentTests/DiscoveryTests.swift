import Deployment
import Domain
import Testing
import Transport
import WireFixtures

@Suite("What speaks at an address")
struct DiscoveryTests {
  /// Runs discovery against a server that gives recorded answers by path, and 404 elsewhere.
  private func discover(
    _ recordings: [String: String], otherwise: [UInt8] = ScriptedServer.response("no", status: 404, headers: [:])
  ) async throws -> Discovered {
    let answers = try recordings.mapValues { try WireExchange.named($0).answer.bytes }
    let server = try ScriptedServer { request in
      let path = request.line.split(separator: " ")[1]
      return answers[String(path)] ?? otherwise
    }
    defer { server.close() }
    var configuration = TransportConfiguration()
    configuration.proxy = .none
    let transport = Transport(configuration: configuration)
    do {
      let found = try await Discovery(base: server.base + "/v2/", transport: transport).run()
      await transport.close()
      return found
    } catch {
      await transport.close()
      throw error
    }
  }

  @Test("is told by its recorded answers: MLServer, Triton, KServe, Seldon Core 1, Prometheus")
  func servers() async throws {
    #expect(
      try await discover(["/v2": "mlserver/001-server-metadata"])
        == Discovered(.service(.mlserver), name: "mds-peer", version: "1.7.1"))
    #expect(
      try await discover(["/v2": "triton/001-server-metadata"])
        == Discovered(.service(.triton), name: "mds-triton", version: "2.51.0"))
    let kserve = try await discover(["/v2": "kserve/002-v2"])
    #expect(kserve.kind == .service(.kserve))
    #expect(
      try await discover(["/metadata": "seldon/018-metadata"])
        == Discovered(.service(.seldonV1), name: "iris", version: "2"))
    #expect(
      try await discover(["/api/v1/status/buildinfo": "prometheus/003-buildinfo"]).kind == .prometheus)
  }

  @Test("is the Envoy of Seldon Core 2 where Envoy knows no path without a model")
  func envoy() async throws {
    #expect(try await discover(["/v2": "envoy/003-unknown-model"]).kind == .service(.seldonCore2))
  }

  @Test("is a Kubernetes API also where it wants to know who asks")
  func kubernetes() async throws {
    let status =
      #"{"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","reason":"Unauthorized","code":401}"#
    let found = try await discover([:], otherwise: ScriptedServer.response(status, status: 401))
    #expect(found.kind == .kubernetes)
  }

  @Test("is not guessed: a web page, metrics, a login, a limit of requests and nothing each say what they are")
  func strangers() async throws {
    let page = ScriptedServer.response("<html>hi</html>", headers: ["content-type": "text/html"])
    let web = await deploymentError { _ = try await discover([:], otherwise: page) }
    #expect(web?.reason == .unrecognized(.other))
    #expect(web?.problem.summary == "A web page answers there that is no service mds knows.")

    let metrics = await deploymentError { _ = try await discover(["/metrics": "mlserver/140-metrics"]) }
    #expect(metrics?.reason == .unrecognized(.metrics))

    let login = ScriptedServer.response("", status: 401, headers: [:])
    let closed = await deploymentError { _ = try await discover([:], otherwise: login) }
    #expect(closed?.reason == .status(401, message: ""))
    #expect(closed?.problem.advice.contains("--token-file") == true)

    let full = ScriptedServer.response("no", status: 429, headers: ["Retry-After": "10"])
    let busy = await deploymentError { _ = try await discover([:], otherwise: full) }
    #expect(busy?.problem.summary == "What answers there takes no more requests for now: 429.")
    #expect(busy?.problem.advice == "Come again in 10 s.")

    let lost = await deploymentError {
      _ = try await Discovery(base: "http://127.0.0.1:1", transport: Transport()).run()
    }
    #expect(lost?.isUnreachable == true)
  }
}
