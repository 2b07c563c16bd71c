public import Domain

/// What a control plane told, and the lists that it did not give.
public struct ControlPlaneAnswer: Hashable, Sendable {
  public var inventory: Inventory
  /// Each reason once.
  public var failures: [DeploymentError]
  /// The lists that came.
  public var lists: Set<ControlList> = []

  public init(inventory: Inventory = Inventory(), failures: [DeploymentError] = []) {
    self.inventory = inventory
    self.failures = failures
  }

  /// Takes a list, or notes why there is none. What concerns the whole endpoint is noted once.
  mutating func take<Value>(
    _ list: ControlList, _ result: Result<Value, DeploymentError>, into path: WritableKeyPath<Inventory, Value>
  ) {
    switch result {
    case .success(let value):
      inventory[keyPath: path] = value
      lists.insert(list)
    case .failure(let failure):
      if !failures.contains(where: { $0.reason == failure.reason }) { failures.append(failure) }
    }
  }
}

extension Scheduler {
  /// All lists, read side by side; one that fails does not take the others with it.
  public func inventory() async -> ControlPlaneAnswer {
    async let models = result { () async throws(DeploymentError) in try await self.models() }
    async let pipelines = result { () async throws(DeploymentError) in try await self.pipelines() }
    async let experiments = result { () async throws(DeploymentError) in try await self.experiments() }
    async let servers = result { () async throws(DeploymentError) in try await self.servers() }
    var answer = ControlPlaneAnswer()
    answer.take(.models, await models, into: \.models)
    answer.take(.pipelines, await pipelines, into: \.pipelines)
    answer.take(.experiments, await experiments, into: \.experiments)
    answer.take(.servers, await servers, into: \.servers)
    return answer
  }
}
