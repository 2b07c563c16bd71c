internal import Deployment
public import Domain
internal import Ledger
internal import Synchronization

extension Workspace {
  /// What the context's sources list, joined. A source that fails does not take the others with it; nothing is listed
  /// only where all fail, and then what was known before stays known. A refresh asks for the metadata of those models
  /// alone that are not as they were. `hear` is told what is listed before each is asked for its metadata.
  public func listing(
    isRefresh: Bool = false, hear: ([ModelGroup]) -> Void = { _ in }
  ) async throws(Problem) -> ModelListing {
    async let listed = result { () async throws(DeploymentError) in try await self.service.models() }
    async let told = controlPlane.inventory()
    let (service, answer) = (await listed, await told)
    var listing = ModelListing(groups: [], inventory: answer.inventory, missing: answer.failures.map(\.problem))
    var models: [Model] = []
    switch service {
    case .success(let listed): models = listed
    case .failure(let failure):
      if failure.isCancellation || answer.lists.isDisjoint(with: [.models, .pipelines, .experiments]) {
        throw nothing(failure, answer.failures)
      }
      if !failure.isWithoutList { listing.serviceProblem = failure.problem }
    }
    models = answer.inventory.models(joining: models) + remembered(without: answer.lists)
    let same = isRefresh ? takeDescriptions(&models) : []
    hear(ModelGroup.groups(of: models))
    if listing.serviceProblem == nil { models = try await described(models, except: same) }
    let (now, name, known) = (Machine.now, contextName, models)
    let servers = answer.inventory.servers
    let isSame = knownModels.withLock { state in
      let isSame = state.models == known
      state.list(known, at: now)
      state.servers = servers
      return isSame
    }
    listing.groups = ModelGroup.groups(of: models)
    listing.missing += catalogueProblems.withLock { $0 }
    if isRefresh, isSame { return listing }
    do throws(Problem) {
      try await onLedger { ledger throws(LedgerError) in try ledger.rememberModels(known, context: name, at: now) }
    } catch {
      // A ledger that cannot be written hides no model.
      listing.missing.append(error)
    }
    return listing
  }

  /// Gives models what metadata said of them before, those that are as they were: these are named.
  private func takeDescriptions(_ models: inout [Model]) -> Set<ModelID> {
    // Descriptions that a newly published catalogue made old are forgotten, and asked for again.
    let described = knownModels.withLock { known in known.models.filter { known.descriptions[$0.id] != nil } }
    let before = Dictionary(described.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    var same: Set<ModelID> = []
    for index in models.indices {
      guard let old = before[models[index].id], models[index].takeDescription(of: old) else { continue }
      same.insert(old.id)
    }
    return same
  }

  private func described(_ models: [Model], except known: Set<ModelID>) async throws(Problem) -> [Model] {
    do throws(DeploymentError) {
      return try await service.described(models, except: known)
    } catch {
      throw error.problem
    }
  }

  /// What was listed before of a kind whose list did not come now: it is shown as not known, and not lost.
  private func remembered(without lists: Set<ControlList>) -> [Model] {
    guard controlPlane.isThere else { return [] }
    return knownModels.withLock { $0.models }.filter { model in
      guard model.deployed != nil else { return false }
      switch model.kind {
      case .model: return !lists.contains(.models)
      case .pipeline: return !lists.contains(.pipelines)
      case .experiment: return !lists.contains(.experiments)
      }
    }.map { model in
      var model = model
      model.state = .unknown
      model.reason = "as it was listed last; the list did not come this time"
      return model
    }
  }

  /// Why there is no list at all: the control plane's reason where there is one, for it is what has the list.
  private func nothing(_ service: DeploymentError, _ failures: [DeploymentError]) -> Problem {
    guard var problem = failures.first?.problem else {
      guard service.isWithoutList else { return service.problem }
      var problem = service.problem
      problem.summary = "The service does not list its models."
      problem.advice =
        "Seldon Core 2 lists them by its scheduler or by Kubernetes: give the context a `scheduler` or a `kubernetes`."
      return problem
    }
    let others = failures.dropFirst().map(\.problem.summary) + [service.problem.summary]
    problem.detail = ([problem.detail] + others).filter { !$0.isEmpty }.joined(separator: "\n")
    return problem
  }

  /// What the service says of a model; of a pipeline, which has no metadata, what its first and last steps say.
  func metadata(of model: ModelID, among names: [RawText]) async throws(DeploymentError) -> ModelDescription {
    let known = knownModels.withLock { known in known.models.first { $0.id == model } }
    guard case .pipeline(let pipeline) = known?.kind else { return try await service.metadata(model, among: names) }
    do throws(DeploymentError) {
      return try await service.metadata(model, among: names)
    } catch {
      guard case .status = error.reason else { throw error }
      return ModelDescription(
        id: model, platform: known?.platform ?? "", signature: try await signature(of: pipeline), role: .predictor)
    }
  }

  /// The inputs of the steps that take the pipeline's, and the outputs of those that it answers with; each tensor once.
  private func signature(of pipeline: Pipeline) async throws(DeploymentError) -> Signature {
    var signature = Signature(inputs: [], outputs: [])
    for step in pipeline.entrances.prefix(16) {
      let metadata = try await service.metadata(ModelID(step.name)).signature
      signature.inputs += metadata.inputs.filter { new in !signature.inputs.contains { $0.name == new.name } }
    }
    for name in Set(pipeline.output.map { pipeline.source(of: $0) }).sorted().prefix(16) {
      let metadata = try await service.metadata(ModelID(name)).signature
      signature.outputs += metadata.outputs.filter { new in !signature.outputs.contains { $0.name == new.name } }
    }
    return Signature(inputs: signature.inputs, outputs: signature.outputs)
  }
}

extension Model {
  /// Takes what metadata said of it before, where it is still what it was; false where it is another, or was never
  /// described.
  fileprivate mutating func takeDescription(of old: Model) -> Bool {
    guard old.signature != nil, old.state == state, old.deployed?.versions == deployed?.versions else { return false }
    signature = old.signature
    platform = old.platform
    role = old.role
    return true
  }
}

extension DeploymentError {
  /// Whether the service answers and has no list of models, as Envoy before Seldon Core 2.
  var isWithoutList: Bool {
    guard operation == .list, case .status(let status, _) = reason else { return false }
    return [400, 404, 405, 501].contains(status)
  }
}

/// What the work returns or throws, as a value.
private func result<Value>(_ work: () async throws(DeploymentError) -> Value) async -> Result<Value, DeploymentError> {
  do throws(DeploymentError) {
    return .success(try await work())
  } catch {
    return .failure(error)
  }
}
