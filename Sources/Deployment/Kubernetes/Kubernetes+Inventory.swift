internal import Domain

extension Kubernetes {
  /// All lists, read side by side; one that fails does not take the others with it.
  public func inventory() async -> ControlPlaneAnswer {
    async let models = result { () async throws(DeploymentError) in try await self.models() }
    async let pipelines = result { () async throws(DeploymentError) in try await self.pipelines() }
    async let experiments = result { () async throws(DeploymentError) in try await self.experiments() }
    async let servers = result { () async throws(DeploymentError) in try await self.servers() }
    async let runtimes = result { () async throws(DeploymentError) in try await self.runtimes() }
    async let scales = result { () async throws(DeploymentError) in try await self.scales() }
    var answer = ControlPlaneAnswer()
    answer.take(.models, await models, into: \.models)
    answer.take(.pipelines, await pipelines, into: \.pipelines)
    answer.take(.experiments, await experiments, into: \.experiments)
    answer.take(.servers, await servers, into: \.servers)
    answer.take(.runtimes, await runtimes, into: \.runtimes)
    answer.take(.scales, await scales, into: \.scales)
    return answer
  }
}
