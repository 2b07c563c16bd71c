public import Deployment
public import Domain
internal import Synchronization
public import Workbench

extension Workspace {
  /// The models that the context's sources list, with what serves them; remembered for when none can be reached.
  public func models() async throws(Problem) -> [ModelGroup] { try await listing().groups }

  /// The models as they were listed last, in this session or an earlier one; nil where they never were.
  public func rememberedModels() -> ModelsScreen.Listing? {
    knownModels.withLock { known in
      known.at.map { ModelsScreen.Listing(groups: ModelGroup.groups(of: known.models), at: $0) }
    }
  }

  /// A model's group; lists the service's models where that was not done yet.
  public func group(of model: RawText) async throws(Problem) -> ModelGroup {
    let isListed = knownModels.withLock { known in
      known.isFresh && known.models.contains { $0.id.name == model || $0.name == model }
    }
    if !isListed { _ = try await models() }
    if let group = knownGroup(of: model) { return group }
    let names = knownModels.withLock { known in known.models.filter(\.role.isPredictor).map(\.name) }
    let near = names.min {
      EditDistance.between($0.bytes, model.bytes) < EditDistance.between($1.bytes, model.bytes)
    }
    throw Problem(
      "The service has no model \(model.string)", advice: near.map { "Did you mean \($0.string)?" } ?? "",
      kind: .invalidInput)
  }

  /// A model's group as far as it is known, by its address or by what people call it; the service is not asked.
  func knownGroup(of model: RawText) -> ModelGroup? {
    let groups = ModelGroup.groups(of: knownModels.withLock { $0.models })
    return groups.first { $0.id.name == model } ?? groups.first { $0.model.name == model }
  }

  /// A model's metadata, asked for once a session.
  public func description(of model: ModelID) async throws(Problem) -> ModelDescription {
    let (known, names) = knownModels.withLock { known in
      (known.isFresh ? known.descriptions[model] : nil, known.models.map(\.id.name))
    }
    if let known { return known }
    do {
      let description = try await metadata(of: model, among: names)
      knownModels.withLock { $0.describe(description) }
      return description
    } catch {
      throw error.problem
    }
  }

  /// Metadata as it was read last, in this session or an earlier one; the service is not asked.
  public func knownDescription(of model: ModelID) -> ModelDescription? {
    knownModels.withLock { $0.descriptions[model] }
  }
}
