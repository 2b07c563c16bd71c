internal import Deployment
public import Domain
internal import Synchronization

extension Workspace {
  /// Why models are not loaded or unloaded from here; nil where they may be.
  public func refusalToLoad(_ model: RawText) -> Problem? {
    guard context.allowsLoading else {
      return Problem(
        "Models are not loaded or unloaded from this context.",
        advice: "`allow_load = true` in [contexts.\(context.name)] allows it; everybody who uses the server notices.",
        kind: .invalidInput)
    }
    let isDeployed = knownModels.withLock { known in
      known.models.contains { ($0.id.name == model || $0.name == model) && $0.deployed != nil }
    }
    guard isDeployed || context.kind == .seldonCore2 else { return nil }
    return Problem(
      "\(model.string) belongs to Seldon Core 2, which is only read from here.",
      advice: "Whoever operates the platform loads it: as a Model in Kubernetes, or with `seldon model load`.",
      kind: .invalidInput)
  }

  /// Loads a model of the server's repository, anew if it is loaded; returns when the server says that it is.
  public func load(_ model: RawText) async throws(Problem) { try await change(model, loads: true) }

  /// Unloads a model; Triton returns before it is done.
  public func unload(_ model: RawText) async throws(Problem) { try await change(model, loads: false) }

  private func change(_ model: RawText, loads: Bool) async throws(Problem) {
    if let problem = refusalToLoad(model) { throw problem }
    do throws(DeploymentError) {
      if loads {
        try await service.load(model)
      } else {
        try await service.unload(model)
      }
    } catch {
      throw error.problem
    }
  }

  /// A server as the control plane told of it in this session; nil where it did not.
  public func knownServer(_ name: RawText) -> ModelServer? {
    knownModels.withLock { $0.servers.first { $0.name == name } }
  }
}
