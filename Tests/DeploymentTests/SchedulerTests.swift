import Deployment
import Domain
import SchedulerMessages
import SwiftProtobuf
import Testing
import Transport
import WireFixtures

/// Runs a test against a scheduler whose answers a closure gives; the server and the connections end with it.
func withScheduler(
  deadline: Duration = .seconds(10), _ answer: @escaping @Sendable (GRPCCall) -> [GRPCStep],
  _ test: (Scheduler) async throws -> Void
) async throws {
  let server = try ScriptedServer(calls: { answer($0) })
  var configuration = TransportConfiguration()
  configuration.proxy = .none
  let transport = Transport(configuration: configuration)
  do {
    try await test(try Scheduler(base: server.base + "/", transport: transport, deadline: deadline))
  } catch {
    await transport.close()
    server.close()
    throw error
  }
  await transport.close()
  server.close()
}

@Suite("Seldon's scheduler", .timeLimit(.minutes(1)))
struct SchedulerTests {
  static func version(
    _ number: UInt32, _ state: SchedulerModelStatus.ModelState, reason: String = "", available: UInt32 = 0,
    unavailable: UInt32 = 0
  ) -> SchedulerModelVersionStatus {
    var version = SchedulerModelVersionStatus()
    version.version = number
    version.serverName = "mlserver"
    version.kubernetesMeta.namespace = "seldon"
    version.state.state = state
    version.state.reason = reason
    version.state.availableReplicas = available
    version.state.unavailableReplicas = unavailable
    version.modelDefn.modelSpec.uri = "gs://models/iris"
    version.modelDefn.modelSpec.requirements = ["sklearn"]
    version.modelDefn.deploymentSpec.replicas = 2
    return version
  }

  static func model(_ name: String, _ versions: [SchedulerModelVersionStatus]) -> SchedulerModelStatusResponse {
    var model = SchedulerModelStatusResponse()
    model.modelName = name
    model.versions = versions
    return model
  }

  static func steps(_ messages: [any SwiftProtobuf.Message]) -> [GRPCStep] {
    (try? GRPCStep.answers(messages)) ?? [.hangUp]
  }

  @Test("lists models with their versions, the last one current; those that are gone are left out")
  func models() async throws {
    try await withScheduler({ call in
      // subscriberName = "mds", allVersions = true.
      guard call.method == "ModelStatus", call.body == [0, 0, 0, 0, 7, 0x0A, 3, 0x6D, 0x64, 0x73, 0x18, 1] else {
        return [.hangUp]
      }
      var explainer = Self.version(1, .modelAvailable, available: 1)
      explainer.modelDefn.modelSpec.explainer.type = "anchor_tabular"
      explainer.modelDefn.modelSpec.explainer.pipelineRef = "income-prod"
      var loading = Self.version(4, .modelProgressing)
      loading.modelReplicaState[1] = .with { $0.reason = "rclone: no such bucket" }
      return Self.steps([
        Self.model(
          "iris",
          [
            Self.version(1, .modelTerminated), Self.version(2, .modelAvailable, available: 2),
            Self.version(3, .modelAvailable, available: 1, unavailable: 1),
          ]), Self.model("gone", [Self.version(1, .modelTerminated)]), Self.model("income-explainer", [explainer]),
        Self.model("slow", [loading]),
        Self.model("broken", [Self.version(1, .scheduleFailed, reason: "no server has room\u{1B}[2J")]),
      ])
    }) { scheduler in
      let models = try await scheduler.models()
      #expect(models.map(\.name) == ["iris", "income-explainer", "slow", "broken"])
      #expect(models[0].versions.map(\.name) == ["2", "3"])
      #expect(models[0].versions.map(\.state) == [.ready, .degraded])
      #expect(models[0].versions.last?.replicas == ReplicaCount(desired: 2, available: 1))
      #expect(models[0].namespace == "seldon" && models[0].platform == "sklearn")
      #expect(models[0].versions.last?.server == "mlserver" && models[0].versions.last?.word == "ModelAvailable")
      #expect(models[1].explains == .pipeline("income-prod") && models[1].isExplainer)
      #expect(models[2].versions.last?.state == .loading)
      #expect(models[2].versions.last?.reason == "replica 1: rclone: no such bucket")
      #expect(models[3].versions.last?.state == .failed)
      #expect(models[3].versions.last?.reason == "no server has room\u{1B}[2J")
    }
  }

  @Test("lists pipelines, experiments, servers and itself")
  func others() async throws {
    let pipeline = SchedulerPipelineStatusResponse.with { answer in
      answer.pipelineName = "choice"
      answer.versions = [
        .with {
          $0.pipeline.version = 1
          $0.state.status = .pipelineTerminated
        },
        .with {
          $0.pipeline.version = 2
          $0.pipeline.steps = [
            .with {
              $0.name = "mul10"
              $0.inputs = ["choice.inputs.INPUT"]
              $0.triggers = ["is-one.outputs.choice"]
              $0.inputsJoin = .outer
            }, .with { $0.name = "is-one" },
          ]
          $0.pipeline.output.steps = ["mul10.outputs"]
          $0.pipeline.output.stepsJoin = .any
          $0.state.status = .pipelineReady
          $0.state.modelsReady = false
          $0.state.lastChangeTimestamp.seconds = 1_700_000_000
        },
      ]
    }
    try await withScheduler({ _ in Self.steps([pipeline]) }) { scheduler in
      let choice = try await scheduler.pipelines()[0]
      #expect(choice.versions.map(\.name) == ["2"] && choice.address == "choice.pipeline")
      #expect(choice.versions[0].state == .degraded && choice.versions[0].reason == "not every model of it is ready")
      #expect(choice.versions[0].since == Timestamp(seconds: 1_700_000_000))
      #expect(choice.steps.map(\.name) == ["mul10", "is-one"] && choice.steps[0].inputsJoin == .outer)
      #expect(choice.output == ["mul10.outputs"] && choice.outputJoin == .any)
    }
    let experiment = SchedulerExperimentStatusResponse.with {
      $0.experimentName = "ab"
      $0.active = true
      $0.candidatesReady = false
      $0.mirrorReady = true
      $0.statusDescription = "candidate iris2 is not ready"
    }
    try await withScheduler({ _ in Self.steps([experiment]) }) { scheduler in
      let ab = try await scheduler.experiments()[0]
      #expect(ab.state == .degraded && ab.reason == "candidate iris2 is not ready" && ab.candidates.isEmpty)
    }
    let server = SchedulerServerStatusResponse.with {
      $0.serverName = "mlserver"
      $0.expectedReplicas = 2
      $0.availableReplicas = 1
      $0.numLoadedModelReplicas = 5
      $0.resources = [
        .with {
          $0.replicaIdx = 0
          $0.totalMemoryBytes = 1 << 40
          $0.availableMemoryBytes = 1 << 39
          $0.numLoadedModels = 5
        }
      ]
    }
    try await withScheduler({ _ in Self.steps([server]) }) { scheduler in
      let mlserver = try await scheduler.servers()[0]
      #expect(mlserver.state == .degraded && mlserver.replicas.text == "1/2" && mlserver.loadedModels == 5)
      #expect(mlserver.places == [.init(index: 0, totalMemory: 1 << 40, availableMemory: 1 << 39, loadedModels: 5)])
    }
    let status = SchedulerSchedulerStatusResponse.with { $0.applicationVersion = "2.9.1" }
    try await withScheduler({ _ in Self.steps([status]) }) { scheduler in
      let version = try await scheduler.version()
      #expect(version == "2.9.1")
    }
  }

  @Test("a list longer than a window of HTTP/2, in one message and in many")
  func long() async throws {
    let models = (0..<3000).map { Self.model("model-\($0)", [Self.version(1, .modelAvailable, available: 1)]) }
    try await withScheduler({ _ in Self.steps(models) }) { scheduler in
      let names = try await scheduler.models().map(\.name.string)
      #expect(names == (0..<3000).map { "model-\($0)" })
    }
  }

  /// What a status call fails with when the server does these steps.
  static func failure(_ steps: [GRPCStep], deadline: Duration = .seconds(10)) async throws -> DeploymentError? {
    var error: DeploymentError?
    try await withScheduler(deadline: deadline, { _ in steps }) { scheduler in
      error = await deploymentError { _ = try await scheduler.models() }
    }
    return error
  }

  @Test("a refusal of trailers only has its status and its words, decoded")
  func trailersOnly() async throws {
    let error = try await Self.failure([
      .trailers([("grpc-status", "5"), ("grpc-message", "no model %1b[2J%c3%a9")], isAlone: true)
    ])
    #expect(error?.reason == .call(.status(.notFound, message: "no model \u{1B}[2Jé")))
    #expect(error?.problem.summary == "The scheduler could not list the models (NOT_FOUND).")
    #expect(error?.problem.detail.contains("no model \u{1B}[2Jé") == true)
  }

  @Test("a status after answers counts; answers without one do not")
  func statuses() async throws {
    let answer = try GRPCStep.framed(Self.model("iris", [Self.version(1, .modelAvailable)]))
    let refused = try await Self.failure([.head(), .data(answer), .trailers([("grpc-status", "16")])])
    #expect(refused?.reason == .call(.status(.unauthenticated, message: "")))
    #expect(refused?.problem.advice.contains("9044") == true)
    let none = try await Self.failure([.head(), .data(answer), .trailers([("x-other", "1")])])
    #expect(none?.reason == .call(.noStatus))
    let cut = try await Self.failure([.head(), .data(answer.dropLast()), .trailers([("grpc-status", "0")])])
    #expect(cut?.reason == .call(.cutOff))
    let odd = try await Self.failure([.head(), .trailers([("grpc-status", "ok")])])
    #expect(odd?.reason == .call(.unreadable("grpc-status is no number")))
  }

  @Test("frames that are compressed, too large or no message are refused, each with its own words")
  func frames() async throws {
    let compressed = try await Self.failure([
      .head(), .data([1, 0, 0, 0, 1, 0]), .trailers([("grpc-status", "0")]),
    ])
    #expect(compressed?.reason == .call(.compressed))
    let large = try await Self.failure([.head(), .data([0, 0x7F, 0, 0, 0]), .trailers([("grpc-status", "0")])])
    #expect(large?.reason == .call(.tooLarge(0x7F00_0000, limit: 16 << 20)))
    let odd = try await Self.failure([
      .head(), .data([0, 0, 0, 0, 2, 0x0A, 0x7F]), .trailers([("grpc-status", "0")]),
    ])
    guard case .call(.unreadable) = odd?.reason else {
      Issue.record("a message that is none was read: \(String(describing: odd))")
      return
    }
  }

  @Test("a stream that is reset, or a connection that ends, is a lost connection")
  func lost() async throws {
    let answer = try GRPCStep.framed(Self.model("iris", [Self.version(1, .modelAvailable)]))
    for steps in [[GRPCStep.head(), .data(answer), .reset(2)], [.head(), .data(answer), .hangUp]] {
      let error = try await Self.failure(steps)
      guard case .transport(.connectionLost) = error?.reason else {
        Issue.record("not a lost connection: \(String(describing: error))")
        continue
      }
      #expect(error?.problem.kind == .unreachable && error?.problem.advice.contains("port 9004") != nil)
    }
  }

  @Test("a server that says nothing is not waited for beyond the deadline")
  func deadline() async throws {
    let error = try await Self.failure([.head(), .silence], deadline: .milliseconds(200))
    guard case .transport(.timedOut) = error?.reason else {
      Issue.record("no timeout: \(String(describing: error))")
      return
    }
  }

  @Test("what is no gRPC is named, with the ports that are")
  func otherServers() async throws {
    let page = try await Self.failure([.head(status: "404", type: "text/plain"), .trailers([("x", "y")])])
    #expect(page?.reason == .call(.notGRPC(status: 404, contentType: "text/plain")))
    #expect(page?.problem.summary == "What answers is no scheduler: HTTP 404 text/plain.")
    #expect(page?.problem.advice.contains("Port 9004") == true)
    // A server of HTTP/1.1 on that port.
    let server = try ScriptedServer { _ in ScriptedServer.response("hello") }
    var configuration = TransportConfiguration()
    configuration.proxy = .none
    let transport = Transport(configuration: configuration)
    let scheduler = try Scheduler(base: server.base, transport: transport)
    let answer = await scheduler.inventory()
    await transport.close()
    server.close()
    #expect(answer.failures.count == 1 && answer.inventory == Inventory())
    #expect(answer.failures[0].problem.advice.contains("Port 9004"), "\(answer.failures[0])")
  }

  @Test("changes are told as they come, in frames split over pieces, until the scheduler ends the call")
  func follow() async throws {
    let first = try GRPCStep.framed(Self.model("iris", [Self.version(1, .modelProgressing)]))
    let second = try GRPCStep.framed(Self.model("wine", [Self.version(1, .modelTerminated)]))
    let bytes = first + second
    let steps: [GRPCStep] =
      [.head()] + bytes.map { .data([$0]) } + [.trailers([("grpc-status", "14"), ("grpc-message", "restarting")])]
    try await withScheduler({ _ in steps }) { scheduler in
      var news: [ControlNews] = []
      let error = await deploymentError { try await scheduler.follow(.models) { news.append($0) } }
      #expect(news == [.began, .changed("iris"), .changed("wine")])
      #expect(error?.reason == .call(.status(.unavailable, message: "restarting")))
      #expect(error?.isFinalForFollowing == false)
    }
  }

  @Test("each list has a subscription of its own, which may say nothing for longer than a call may take")
  func subscriptions() async throws {
    let names = [
      "SubscribeModelStatus": SchedulerModelStatusResponse.with { $0.modelName = "SubscribeModelStatus" }
        as any SwiftProtobuf.Message,
      "SubscribePipelineStatus": SchedulerPipelineStatusResponse.with { $0.pipelineName = "SubscribePipelineStatus" },
      "SubscribeExperimentStatus": SchedulerExperimentStatusResponse.with {
        $0.experimentName = "SubscribeExperimentStatus"
      }, "SubscribeServerStatus": SchedulerServerStatusResponse.with { $0.serverName = "SubscribeServerStatus" },
    ]
    // subscriberName = "mds".
    let request: [UInt8] = [0, 0, 0, 0, 5, 0x0A, 3, 0x6D, 0x64, 0x73]
    try await withScheduler(
      deadline: .milliseconds(1),
      { call in
        guard call.body == request, let answer = names[call.method] else { return [.hangUp] }
        return Self.steps([answer])
      }
    ) { scheduler in
      var told: [RawText] = []
      for list in Scheduler.followed {
        try await scheduler.follow(list) { if case .changed(let name) = $0 { told.append(name) } }
      }
      #expect(
        told == [
          "SubscribeModelStatus", "SubscribePipelineStatus", "SubscribeExperimentStatus", "SubscribeServerStatus",
        ])
    }
  }

  @Test("a subscription that is refused, or that a scheduler does not have, is not asked for again")
  func refusedSubscription() async throws {
    for (status, name) in [("7", "PERMISSION_DENIED"), ("12", "UNIMPLEMENTED")] {
      try await withScheduler({ _ in [.trailers([("grpc-status", status)], isAlone: true)] }) { scheduler in
        let error = await deploymentError { try await scheduler.follow(.models) { _ in } }
        #expect(error?.isFinalForFollowing == true)
        #expect(
          error?.problemOfFollowing.summary
            == "The models do not follow by themselves: subscribing is refused (\(name)).")
      }
    }
  }
}
