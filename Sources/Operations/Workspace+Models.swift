public import Deployment
public import Domain
internal import Ledger
internal import Synchronization
public import Workbench

extension Workspace {
  /// The models that the service lists, with what serves them; remembered for when it cannot be reached.
  public func models() async throws(Problem) -> [ModelGroup] {
    let models: [Model]
    do {
      models = try await service.describedModels()
    } catch {
      throw error.problem
    }
    let now = Machine.now
    knownModels.withLock { $0.list(models, at: now) }
    let name = contextName
    try await onLedger { ledger throws(LedgerError) in try ledger.rememberModels(models, context: name, at: now) }
    return ModelGroup.groups(of: models)
  }

  /// The models as they were listed last, in this session or an earlier one; nil where they never were.
  public func rememberedModels() -> ModelsScreen.Listing? {
    knownModels.withLock { known in
      known.at.map { ModelsScreen.Listing(groups: ModelGroup.groups(of: known.models), at: $0) }
    }
  }

  /// A model's group; lists the service's models where that was not done yet.
  public func group(of model: RawText) async throws(Problem) -> ModelGroup {
    let isListed = knownModels.withLock { known in known.isFresh && known.models.contains { $0.id.name == model } }
    if !isListed { _ = try await models() }
    if let group = knownGroup(of: model) { return group }
    let names = knownModels.withLock { known in known.models.filter(\.role.isPredictor).map(\.id.name) }
    let near = names.min {
      EditDistance.between($0.bytes, model.bytes) < EditDistance.between($1.bytes, model.bytes)
    }
    throw Problem(
      "The service has no model \(model.string)", advice: near.map { "Did you mean \($0.string)?" } ?? "",
      kind: .invalidInput)
  }

  /// A model's group as far as it is known; the service is not asked.
  func knownGroup(of model: RawText) -> ModelGroup? {
    knownModels.withLock { known in ModelGroup.groups(of: known.models).first { $0.id.name == model } }
  }

  /// A model's metadata, asked for once a session.
  public func description(of model: ModelID) async throws(Problem) -> ModelDescription {
    let (known, names) = knownModels.withLock { known in
      (known.isFresh ? known.descriptions[model] : nil, known.models.map(\.id.name))
    }
    if let known { return known }
    do {
      let description = try await service.metadata(model, among: names)
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
