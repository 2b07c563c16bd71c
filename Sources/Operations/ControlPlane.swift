internal import ConfigurationFile
internal import Deployment
internal import Domain
internal import Transport

/// What lists the models of a context beside its service: Seldon's scheduler, the Kubernetes API, both or neither.
struct ControlPlane: Sendable {
  private let scheduler: Result<Scheduler, DeploymentError>?
  private let kubernetes: Result<Kubernetes, DeploymentError>?

  init(_ context: Context) {
    scheduler = context.scheduler.map { endpoint in
      Result { () throws(DeploymentError) in
        try Scheduler(base: endpoint.url, transport: Transport(configuration: endpoint.transport))
      }
    }
    let namespace = context.namespace ?? ""
    kubernetes = context.kubernetes.map { endpoint in
      Result { () throws(DeploymentError) in
        try Kubernetes(
          base: endpoint.url, namespace: namespace, transport: Transport(configuration: endpoint.transport))
      }
    }
  }

  var isThere: Bool { scheduler != nil || kubernetes != nil }

  /// What all that is there tells, as one.
  func inventory() async -> ControlPlaneAnswer {
    async let scheduled = Self.answer(scheduler) { await $0.inventory() }
    async let applied = Self.answer(kubernetes) { await $0.inventory() }
    let (first, second) = (await scheduled, await applied)
    var answer = ControlPlaneAnswer(
      inventory: Inventory(scheduler: first.inventory, kubernetes: second.inventory),
      failures: first.failures + second.failures)
    answer.lists = first.lists.union(second.lists)
    return answer
  }

  private static func answer<Source: Sendable>(
    _ source: Result<Source, DeploymentError>?, _ ask: (Source) async -> ControlPlaneAnswer
  ) async -> ControlPlaneAnswer {
    switch source {
    case nil: ControlPlaneAnswer()
    case .success(let source): await ask(source)
    case .failure(let failure): ControlPlaneAnswer(failures: [failure])
    }
  }
}
