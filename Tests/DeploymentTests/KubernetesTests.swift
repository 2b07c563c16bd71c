import Domain
import Foundation
import Testing
import Transport
import WireFixtures

@testable import Deployment

/// Runs a test against a Kubernetes API whose answers a closure gives; the server and the connections end with it.
func withKubernetes(
  namespace: String = "seldon", pageSize: Int = 500, _ answer: @escaping ScriptedServer.Answer,
  _ test: (Kubernetes, ScriptedServer) async throws -> Void
) async throws {
  let server = try ScriptedServer(answer)
  var configuration = TransportConfiguration()
  configuration.proxy = .none
  let transport = Transport(configuration: configuration)
  do {
    try await test(
      try Kubernetes(base: server.base + "/", namespace: namespace, transport: transport, pageSize: pageSize), server)
  } catch {
    await transport.close()
    server.close()
    throw error
  }
  await transport.close()
  server.close()
}

@Suite("the Kubernetes API", .timeLimit(.minutes(1)))
struct KubernetesTests {
  static func fixture(_ name: String) throws -> String {
    try String(contentsOf: WireExchange.folder.appending(path: "kubernetes/\(name).json"), encoding: .utf8)
  }

  static func refusal(_ code: Int, _ reason: String, _ message: String) -> [UInt8] {
    ScriptedServer.response(
      #"{"kind":"Status","status":"Failure","message":"\#(message)","reason":"\#(reason)","code":\#(code)}"#,
      status: code)
  }

  static func page(_ items: [String], _ metadata: String = "{}") -> [UInt8] {
    ScriptedServer.response(#"{"kind":"List","metadata":\#(metadata),"items":[\#(items.joined(separator: ","))]}"#)
  }

  static func condition(_ type: String, _ status: String, _ message: String = "", _ reason: String = "") -> String {
    #"{"type":"\#(type)","status":"\#(status)","message":"\#(message)","reason":"\#(reason)","#
      + #""lastTransitionTime":"2023-06-30T10:01:52Z"}"#
  }

  static func object(_ name: String, spec: String = "{}", status: String = "{}", conditions: [String] = []) -> String {
    let list = conditions.joined(separator: ",")
    let status = status == "{}" ? #"{"conditions":[\#(list)]}"# : status.dropLast() + #","conditions":[\#(list)]}"#
    return #"{"metadata":{"name":"\#(name)","namespace":"seldon"},"spec":\#(spec),"status":\#(status)}"#
  }

  @Test("samples are read: storage, requirements, explainers, steps, candidates")
  func samples() async throws {
    try await withKubernetes({ request in
      let kind = ["models", "pipelines", "experiments"].first { request.line.contains("/\($0)?") } ?? "models"
      return (try? Self.fixture(kind)).map { ScriptedServer.response($0) }
    }) { kubernetes, server in
      let models = try await kubernetes.models()
      #expect(
        server.requests[0].line
          == "GET /apis/mlops.seldon.io/v1alpha1/namespaces/seldon/models?limit=500 HTTP/1.1")
      let byName = Dictionary(uniqueKeysWithValues: models.map { ($0.name, $0) })
      #expect(byName["add10"]?.requirements == ["triton", "python"] && byName["add10"]?.platform == "python")
      #expect(byName["income-explainer"]?.explains == .pipeline("income-prod"))
      #expect(byName["sentiment-explainer"]?.explains == .model("sentiment"))
      #expect(byName["income-drift"]?.isDetector == true)
      #expect(byName["income"]?.versions.last?.state == .unknown)
      #expect(byName["income"]?.versions.last?.reason == "Kubernetes has no state of it yet")
      let pipelines = try await kubernetes.pipelines()
      let choice = pipelines.first { $0.name == "choice" }
      #expect(choice?.outputJoin == .any && choice?.output == ["mul10", "add10"])
      #expect(choice?.steps.first { $0.name == "mul10" }?.triggers == ["choice-is-one.outputs.choice"])
      let production = pipelines.first { $0.name == "income-production" }
      #expect(production?.steps.first { $0.name == "income-drift" }?.batch == 20)
      let experiments = try await kubernetes.experiments()
      #expect(experiments[0].standard == "iris" && experiments[0].candidates.map(\.weight) == [50, 50])
      #expect(experiments[1].resource == .pipeline)
      #expect(experiments[1].mirror == Experiment.Mirror(name: "pipeline-mul10", percent: 100))
    }
  }

  @Test("conditions come to a state and a reason")
  func states() async throws {
    let items = [
      Self.object(
        "ready", spec: #"{"replicas":1}"#, status: #"{"replicas":1}"#,
        conditions: [Self.condition("ModelReady", "True", "ModelAvailable"), Self.condition("Ready", "True")]),
      Self.object(
        "short", spec: #"{"replicas":3}"#, status: #"{"availableReplicas":1}"#,
        conditions: [Self.condition("Ready", "True")]),
      Self.object(
        "loading",
        conditions: [Self.condition("ModelReady", "False", "ModelProgressing"), Self.condition("Ready", "False")]),
      Self.object(
        "failed",
        conditions: [
          Self.condition("ModelReady", "False", "no server has the capabilities", "ScheduleFailed"),
          Self.condition("Ready", "False"),
        ]),
      Self.object("new", conditions: [Self.condition("Ready", "Unknown")]), Self.object("bare"), "7", "{}",
    ]
    try await withKubernetes({ _ in Self.page(items) }) { kubernetes, _ in
      let models = try await kubernetes.models()
      #expect(models.map(\.name) == ["ready", "short", "loading", "failed", "new", "bare"])
      #expect(
        models.map { $0.versions.last?.state } == [.ready, .degraded, .loading, .failed, .loading, .unknown])
      #expect(models[0].versions.last?.replicas?.text == "1/1" && models[0].versions.last?.word == "ModelAvailable")
      #expect(models[1].versions.last?.reason == "not every replica answers")
      #expect(models[3].versions.last?.reason == "ModelReady: no server has the capabilities (ScheduleFailed)")
      #expect(models[0].versions.last?.since == Timestamp("2023-06-30T10:01:52Z"))
    }
  }

  @Test("runtimes tell their parts, KEDA what it scales; a cluster without KEDA scales nothing")
  func runtimesAndScales() async throws {
    let runtime = Self.object(
      "seldon",
      conditions: [
        Self.condition("SchedulerReady", "True"), Self.condition("EnvoyReady", "False", "no pod", "Pending"),
      ])
    try await withKubernetes({ _ in Self.page([runtime]) }) { kubernetes, _ in
      let runtimes = try await kubernetes.runtimes()
      #expect(runtimes[0].conditions.map(\.status) == [.yes, .no])
      #expect(runtimes[0].conditions[1].words == "no pod (Pending)")
    }
    let scaled = #"""
      {"metadata":{"name":"income","namespace":"seldon","annotations":{"autoscaling.keda.sh/paused":"true"}},
       "spec":{"scaleTargetRef":{"apiVersion":"mlops.seldon.io/v1alpha1","kind":"Model","name":"income"},
       "minReplicaCount":1,"maxReplicaCount":9},
       "status":{"pausedReplicaCount":2,"conditions":[{"type":"Ready","status":"True"},
       {"type":"Active","status":"True"},{"type":"Fallback","status":"Unknown"}]}}
      """#
    try await withKubernetes({ _ in Self.page([scaled]) }) { kubernetes, server in
      let row = try await kubernetes.scales()[0]
      #expect(server.requests[0].line.hasPrefix("GET /apis/keda.sh/v1alpha1/namespaces/seldon/scaledobjects?"))
      #expect(row.targetKind == "Model" && row.target == "income" && row.minimum == 1 && row.maximum == 9)
      #expect(row.isActive && row.isPaused && row.current == 2 && row.conditions.count == 3)
    }
    for answer in [
      Self.refusal(404, "NotFound", "the server could not find the requested resource"),
      ScriptedServer.response("404 page not found", status: 404, headers: ["content-type": "text/plain"]),
    ] {
      try await withKubernetes({ _ in answer }) { kubernetes, _ in
        let rows = try await kubernetes.scales()
        #expect(rows.isEmpty)
        let error = await deploymentError { _ = try await kubernetes.models() }
        #expect(error?.problem.summary == "The Kubernetes API knows no models: 404.")
      }
    }
  }

  @Test("a list is read page by page, and anew when it went stale meanwhile")
  func pages() async throws {
    try await withKubernetes(
      namespace: "",
      pageSize: 2,
      { request in
        if request.line.contains("continue=old%2Ftoken") { return Self.refusal(410, "Expired", "too old") }
        return request.line.contains("continue=next")
          ? Self.page([Self.object("c")]) : Self.page([Self.object("a"), Self.object("b")], #"{"continue":"next"}"#)
      }
    ) { kubernetes, server in
      let models = try await kubernetes.models()
      #expect(models.map(\.name) == ["a", "b", "c"])
      #expect(
        server.requests.map(\.line) == [
          "GET /apis/mlops.seldon.io/v1alpha1/models?limit=2 HTTP/1.1",
          "GET /apis/mlops.seldon.io/v1alpha1/models?limit=2&continue=next HTTP/1.1",
        ])
    }
    let tokens = Counter()
    try await withKubernetes({ request in
      if request.line.contains("continue=") { return Self.refusal(410, "Expired", "too old") }
      return tokens.next() == 1
        ? Self.page([Self.object("a")], #"{"continue":"x"}"#) : Self.page([Self.object("b")], #"{"continue":""}"#)
    }) { kubernetes, _ in
      let models = try await kubernetes.models()
      #expect(models.map(\.name) == ["b"])
    }
  }

  @Test("refusals say what may not be done, where, and which role would help")
  func refusals() async throws {
    try await withKubernetes({ _ in
      Self.refusal(403, "Forbidden", #"User \"ana\" cannot list resource \"models\"\u001b[31m"#)
    }) { kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.models() }
      #expect(error?.problem.summary == "You may not list models in namespace seldon: 403.")
      #expect(error?.problem.advice == "The role needs get, list, watch on models.mlops.seldon.io.")
      #expect(error?.problem.detail.contains("cannot list resource") == true)
      let answer = await kubernetes.inventory()
      #expect(answer.failures.count >= 1)
    }
    try await withKubernetes(namespace: "", { _ in Self.refusal(401, "Unauthorized", "Unauthorized") }) {
      kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.servers() }
      #expect(error?.problem.summary == "The Kubernetes API wants to know who you are: 401.")
    }
    try await withKubernetes({ _ in ScriptedServer.response("<html>", headers: ["content-type": "text/html"]) }) {
      kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.models() }
      #expect(error?.problem.detail.contains("<html>") == true, "\(String(describing: error))")
    }
  }

  @Test("one list that is refused does not take the others with it")
  func partial() async throws {
    try await withKubernetes({ request in
      if request.line.contains("/servers?") { return Self.refusal(403, "Forbidden", "no") }
      return Self.page(request.line.contains("/models?") ? [Self.object("a")] : [])
    }) { kubernetes, _ in
      let answer = await kubernetes.inventory()
      #expect(answer.inventory.models.map(\.name) == ["a"])
      #expect(answer.failures.map(\.problem.summary) == ["You may not list servers in namespace seldon: 403."])
    }
  }

  static func events(_ lines: [String]) -> [UInt8] {
    // Each line in two chunks, so that none comes whole.
    let chunks = lines.flatMap { line -> [String] in
      let text = line + "\n"
      return [String(text.prefix(7)), String(text.dropFirst(7))]
    }
    let body = chunks.map { "\(String($0.utf8.count, radix: 16))\r\n\($0)\r\n" }.joined() + "0\r\n\r\n"
    return Array(
      "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-type: application/json\r\n\r\n\(body)".utf8)
  }

  @Test("a watch tells additions, changes, deletions and bookmarks until the server ends it")
  func watch() async throws {
    let item = #"{"metadata":{"name":"a","resourceVersion":"7"}}"#
    let lines = ["ADDED", "MODIFIED", "DELETED"].map { #"{"type":"\#($0)","object":\#(item)}"# }
    let bookmark = #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"#
    try await withKubernetes({ _ in Self.events(lines + [bookmark]) }) { kubernetes, server in
      guard var watch = try await kubernetes.watch(.models, from: "5") else {
        Issue.record("no watch")
        return
      }
      #expect(server.requests[0].line.contains("watch=1&allowWatchBookmarks=true&timeoutSeconds=300&resourceVersion=5"))
      let object = try JSON(parsing: item)
      var events: [KubernetesEvent] = []
      while let event = try await watch.next() { events.append(event) }
      #expect(events == [.added(object), .modified(object), .deleted(object), .bookmark("9")])
      #expect(watch.resourceVersion == "9")
    }
  }

  @Test("a watch from a version that is too old says so, whichever way the server does")
  func expired() async throws {
    try await withKubernetes({ _ in Self.refusal(410, "Expired", "too old") }) { kubernetes, _ in
      let watch = try await kubernetes.watch(.models, from: "1")
      #expect(watch == nil)
    }
    let gone = #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
    try await withKubernetes({ _ in Self.events([gone]) }) { kubernetes, _ in
      var watch = try await kubernetes.watch(.models, from: "1")
      let event = try await watch?.next()
      #expect(event == .expired)
    }
    try await withKubernetes({ _ in Self.refusal(403, "Forbidden", "no watch") }) { kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.watch(.models, from: "1") }
      #expect(error?.problem.summary == "You may not list models in namespace seldon: 403.")
    }
  }

  @Test("a list is followed from now on, or from where a watch ended")
  func follow() async throws {
    let lines = [("ADDED", "a"), ("MODIFIED", "b"), ("DELETED", "c")].map {
      #"{"type":"\#($0)","object":{"metadata":{"name":"\#($1)","resourceVersion":"8"}}}"#
    }
    let bookmark = #"{"type":"BOOKMARK","object":{"metadata":{"resourceVersion":"9"}}}"#
    try await withKubernetes({ request in
      request.line.contains("watch=1")
        ? Self.events(lines + [bookmark]) : Self.page([Self.object("a")], #"{"resourceVersion":"5","continue":"x"}"#)
    }) { kubernetes, server in
      var news: [ControlNews] = []
      let place = try await kubernetes.follow(.pipelines) { news.append($0) }
      #expect(news == [.began, .changed("a"), .changed("b"), .changed("c")] && place == "9")
      _ = try await kubernetes.follow(.pipelines, from: place) { _ in }
      let queries = server.requests.map { $0.line.split(separator: "?")[1] }
      #expect(queries.count == 3 && queries[0] == "limit=1 HTTP/1.1")
      #expect(queries[1].contains("resourceVersion=5 ") && queries[2].contains("resourceVersion=9 "))
    }
  }

  @Test("what is too old to go on from has no place to go on from; what is refused is not asked for again")
  func followingEnds() async throws {
    let gone = #"{"type":"ERROR","object":{"kind":"Status","code":410,"reason":"Expired","message":"too old"}}"#
    for answer in [Self.refusal(410, "Expired", "too old"), Self.events([gone])] {
      try await withKubernetes({ _ in answer }) { kubernetes, _ in
        let place = try await kubernetes.follow(.models, from: "1") { _ in }
        #expect(place == nil)
      }
    }
    try await withKubernetes({ _ in Self.refusal(403, "Forbidden", "no watch") }) { kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.follow(.models, from: "1") { _ in } }
      #expect(error?.isFinalForFollowing == true)
      #expect(error?.problemOfFollowing.summary == "The models do not follow by themselves: watching is refused (403).")
      #expect(error?.problemOfFollowing.advice.contains("get, list, watch on models.mlops.seldon.io") == true)
    }
    try await withKubernetes({ _ in nil }) { kubernetes, _ in
      let error = await deploymentError { _ = try await kubernetes.follow(.models) { _ in } }
      #expect(error?.isFinalForFollowing == false)
    }
  }

  @Test("a watch that ends inside a line, or tells what is no event, is a failure")
  func broken() async throws {
    for (line, isLost) in [
      (#"{"type":"ADDED""#, true), ("nonsense\n", false), (#"{"type":"OTHER","object":{}}\#n"#, false),
    ] {
      try await withKubernetes({ _ in
        Array("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n\(line)".utf8)
      }) { kubernetes, _ in
        var watch = try await kubernetes.watch(.models, from: "1")
        let error = await deploymentError { _ = try await watch?.next() }
        if isLost {
          guard case .transport(.connectionLost) = error?.reason else {
            Issue.record("not lost: \(String(describing: error))")
            return
          }
        } else {
          guard case .refused = error?.reason else {
            Issue.record("not refused: \(String(describing: error))")
            return
          }
        }
      }
    }
  }
}
