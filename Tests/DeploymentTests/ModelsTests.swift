import Alibi
import Deployment
import Domain
import OpenInference
import Testing
import Transport
import WireFixtures

@Suite("models of a service", .timeLimit(.minutes(1))) struct ModelsTests {
  @Test("the repository index lists the models, a version each, with roles by their names")
  func index() async throws {
    try await withRecording("mlserver/030-index-with-unloaded") { service, server in
      let models = try await service.models()
      #expect(
        server.requests[0].line == "POST /v2/repository/index HTTP/1.1" && server.requests[0].body == Array("{}".utf8))
      #expect(models.count == 26)
      #expect(models.filter { $0.id.name == "wine" }.map(\.id.version) == ["2", "1"])
      let diabetes = models.first { $0.id.name == "diabetes" }
      #expect(diabetes?.state == .stopped && diabetes?.role == .predictor)
      let roles = Dictionary(models.map { ($0.id.name, $0.role) }) { first, _ in first }
      #expect(roles["wine-anchor"] == .explainer(of: "wine"))
      #expect(roles["wine-kernelshap"] == .explainer(of: "wine"))
      #expect(roles["wine-drift-online"] == .driftDetector(of: "wine"))
      #expect(roles["wine-outlier-maha"] == .outlierDetector(of: "wine"))
      #expect(roles["cargo-coded"] == .predictor)
    }
  }

  @Test("a failed load keeps the service's reason")
  func failed() async throws {
    try await withRecording("triton/134-repo-index-after-broken") { service, _ in
      let broken = try await service.models().first { $0.id.name == "broken" }
      #expect(broken?.state == .failed && broken?.reason.string.contains("weights file missing") == true)
    }
  }

  @Test("a service without an index is asked for its ready models")
  func kserve() async throws {
    try await withService({ request in
      request.line.hasPrefix("GET /v2/models ")
        ? ScriptedServer.response(#"{"models":["a","b"]}"#)
        : ScriptedServer.response(#"{"detail":"Not Found"}"#, status: 404)
    }) { service, _ in
      let models = try await service.models()
      #expect(models.map(\.id.name) == ["a", "b"] && models.allSatisfy { $0.state == .ready })
    }
  }

  @Test("a service with neither says what it said first")
  func neither() async throws {
    try await withService({ _ in ScriptedServer.response("", status: 404) }) { service, server in
      let error = await deploymentError { _ = try await service.models() }
      #expect(error?.reason == .status(404, message: "") && error?.exchange?.path == "/v2/repository/index")
      #expect(error?.problem.summary == "The service has no such path: 404.")
    }
  }

  @Test("metadata gives the signature; what it says of its role stands over its name")
  func metadata() async throws {
    try await withRecording("mlserver/007-meta-wine") { service, server in
      let wine = try await service.metadata(ModelID("wine"))
      #expect(wine.signature.fields.count == 13 && wine.platform == "sklearn" && wine.role == .predictor)
      #expect(server.requests[0].line == "GET /v2/models/wine HTTP/1.1")
    }
    let published = #"""
      {"name":"watch","platform":"alibi-detect","inputs":[],"outputs":[],"parameters":{"serves":"wine","role":"drift",
       "stateless":true,"reference":{"n":5,"p_value":0.05,"features":[{"name":"a","kind":"numeric","edges":[0,1],
       "counts":[5]}]}}}
      """#
    try await withService({ _ in ScriptedServer.response(published) }) { service, _ in
      let watch = try await service.metadata(ModelID("watch"))
      #expect(watch.role == .driftDetector(of: "wine") && watch.isStateless)
      let reference = try await service.reference(ModelID("watch"))
      #expect(reference?.reference.count == 5)
    }
    try await withRecording("mlserver/014-meta-wine-drift") { service, _ in
      let drift = try await service.metadata(ModelID("wine-drift"), among: ["wine", "wine-drift", "wine-drift-online"])
      #expect(drift.role == .driftDetector(of: "wine") && !drift.isStateless)
      let reference = try await service.reference(ModelID("wine-drift"))
      #expect(reference == nil)
    }
  }

  @Test("described models carry their metadata; one that cannot be read stays as listed")
  func described() async throws {
    try await withService({ request in
      if request.line.contains("index") {
        return ScriptedServer.response(
          #"[{"name":"a","version":"1","state":"READY"},{"name":"b","state":"READY"},{"name":"c","state":"UNAVAILABLE"}]"#
        )
      }
      return request.line.contains("/a/versions/1 ")
        ? ScriptedServer.response(
          #"{"name":"a","platform":"xgboost","inputs":[{"name":"x","datatype":"FP32","shape":[-1,2]}]}"#)
        : ScriptedServer.response("boom", status: 500)
    }) { service, server in
      let models = try await service.describedModels()
      #expect(models.map(\.id.name) == ["a", "b", "c"])
      #expect(models[0].platform == "xgboost" && models[0].signature?.fields.count == 2)
      #expect(models[1].signature == nil && models[1].state == .ready)
      #expect(server.requests.count { $0.line.contains("/v2/") } == 3)
    }
  }

  @Test(
    "readiness is a yes or a no where the service knows",
    arguments: [
      ("mlserver/019-ready-wine", true), ("mlserver/021-ready-unknown", false),
      ("triton/014-model-ready-unknown", false),
    ])
  func ready(name: String, expected: Bool) async throws {
    try await withRecording(name) { service, _ in
      let isReady = try await service.ready(ModelID("wine"))
      #expect(isReady == expected)
    }
  }

  @Test("loading and unloading name the model, also one with a blank, and pass on a refusal")
  func control() async throws {
    try await withRecording("mlserver/032-load") { service, server in
      try await service.load("a b")
      try await service.unload("wine")
      #expect(
        server.requests.map(\.line) == [
          "POST /v2/repository/models/a%20b/load HTTP/1.1", "POST /v2/repository/models/wine/unload HTTP/1.1",
        ])
    }
    try await withRecording("mlserver/034-load-unknown") { service, _ in
      let error = await deploymentError { try await service.load("nosuch") }
      #expect(error?.problem.summary == "The service has no nosuch: 404.")
    }
  }

  @Test("the service says what it is")
  func server() async throws {
    try await withRecording("triton/001-server-metadata") { service, _ in
      let metadata = try await service.serverMetadata()
      #expect(metadata.takesBinary && metadata.version == "2.51.0")
    }
  }
}
