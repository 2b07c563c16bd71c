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

  /// The group of the model that a person names, `iris` or `iris@2`; lists the service's models where that was not
  /// done yet.
  public func group(of name: RawText) async throws(Problem) -> ModelGroup {
    let model = try await model(named: name.string)
    if let group = knownModels.withLock({ $0.group(of: model) }) { return group }
    throw Problem(
      "\(name.string) \(model.role.words).",
      advice: model.role.target.map { "Ask \($0.string) itself." } ?? "`mds models` lists what can be asked.",
      kind: .invalidInput)
  }

  /// The group of a model as far as it is known; the service is not asked.
  func knownGroup(of name: RawText) -> ModelGroup? {
    knownModels.withLock { known in known.model(named: name).flatMap { known.group(of: $0) } }
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
      throw failed(model, error)
    }
  }

  /// Why a model's metadata did not come: what lists it may know the reason better than what it answers.
  private func failed(_ model: ModelID, _ error: DeploymentError) -> Problem {
    var problem = error.problem
    let listed = knownModels.withLock { known in known.models.first { $0.id == model } }
    guard !error.isUnreachable, let listed, [.failed, .stopped, .loading].contains(listed.state) else { return problem }
    problem.detail = problem.summary + (problem.detail.isEmpty ? "" : "\n" + problem.detail)
    problem.summary = listed.standing
    problem.advice = "`mds models` says when it is ready."
    return problem
  }

  /// Metadata as it was read last, in this session or an earlier one; the service is not asked.
  public func knownDescription(of model: ModelID) -> ModelDescription? {
    knownModels.withLock { $0.descriptions[model] }
  }

  /// What a case's values are called: as its own version is described. Another version may have its fields in another
  /// order, so that nil where nobody has asked for that one yet is better than the listed one's.
  func knownSignature(of model: ModelID) -> Signature? { knownDescription(of: model)?.signature }
}

extension Model {
  /// `wine is failed: no file of that name`, as far as what lists it says why.
  public var standing: String {
    "\(name.string) is \(state.word.lowercased())" + (reason.isEmpty ? "" : ": \(reason.string)")
  }
}

extension ModelRole {
  /// What it does, after its name.
  fileprivate var words: String {
    switch self {
    case .predictor: "predicts"
    case .explainer: "explains another model"
    case .driftDetector: "watches another model for drift"
    case .outlierDetector: "looks for outliers among another model's inputs"
    }
  }
}
