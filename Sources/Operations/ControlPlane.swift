internal import ConfigurationFile
internal import Deployment
internal import Domain
internal import Transport

/// What lists the models of a context beside its service: Seldon's scheduler, the Kubernetes API, both or neither.
struct ControlPlane: Sendable {
  private let scheduler: Result<Scheduler, DeploymentError>?
  private let kubernetes: Result<Kubernetes, DeploymentError>?
  private let transports: [Transport]

  init(_ context: Context) {
    let transports = [context.scheduler, context.kubernetes].map { endpoint in
      endpoint.map { Transport(configuration: $0.transport) }
    }
    self.transports = transports.compactMap(\.self)
    scheduler = Self.made(context.scheduler, transports[0]) { base, transport throws(DeploymentError) in
      try Scheduler(base: base, transport: transport)
    }
    let namespace = context.namespace ?? ""
    kubernetes = Self.made(context.kubernetes, transports[1]) { base, transport throws(DeploymentError) in
      try Kubernetes(base: base, namespace: namespace, transport: transport)
    }
  }

  private static func made<Source>(
    _ endpoint: EndpointSettings?, _ transport: Transport?,
    _ make: (String, Transport) throws(DeploymentError) -> Source
  ) -> Result<Source, DeploymentError>? {
    guard let endpoint, let transport else { return nil }
    return Result { () throws(DeploymentError) in try make(endpoint.url, transport) }
  }

  var isThere: Bool { scheduler != nil || kubernetes != nil }

  /// Every list of every source that tells its changes, in an order that stays.
  var lists: [FollowedList] {
    var lists: [FollowedList] = []
    if let scheduler = try? scheduler?.get() { lists += Scheduler.followed.map { .scheduler(scheduler, $0) } }
    if let kubernetes = try? kubernetes?.get() { lists += Kubernetes.followed.map { .kubernetes(kubernetes, $0) } }
    return lists
  }

  /// Ends every connection to it.
  func close() async { for transport in transports { await transport.close() } }

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
