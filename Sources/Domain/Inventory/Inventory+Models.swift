extension Inventory {
  /// The models, pipelines and experiments as the browser lists them, joined with what the data plane lists.
  ///
  /// The control plane tells state, versions and roles; the data plane what addresses a model, its platform and its
  /// signature, and models of which the control plane knows nothing. A model that the control plane calls ready and the
  /// data plane does not is degraded.
  public func models(joining listed: [Model]) -> [Model] {
    let users = users
    let names = models.filter { !$0.isExplainer && !$0.isDetector }.map(\.name)
    var rows = models.map { model -> Model in
      var row = Model(model, role: role(of: model, among: names))
      row.deployed?.scale = scales.first { $0.targetKind == "Model" && $0.scales(model) }
      row.deployed?.scale?.conditions = []
      return row
    }
    rows += pipelines.map(Model.init) + experiments.map(Model.init)
    for index in rows.indices {
      let name = rows[index].id.name
      rows[index].deployed?.usedBy = users[name] ?? []
    }
    return Self.join(rows, listed)
  }

  private static func join(_ rows: [Model], _ listed: [Model]) -> [Model] {
    var joined: [Model] = []
    var byName = Dictionary(grouping: listed) { $0.id.name }
    for var row in rows {
      // The newest of several versions is what an address without a version means.
      if let same = byName.removeValue(forKey: row.id.name),
        let last = same.last(where: { $0.state == .ready }) ?? same.last
      {
        row.id = last.id
        if !last.platform.isEmpty { row.platform = last.platform }
        row.signature = last.signature
        if row.state == .ready, last.state == .failed || last.state == .stopped {
          row.state = .degraded
          row.reason = last.reason.isEmpty ? "the service does not have it" : last.reason
        }
      }
      joined.append(row)
    }
    return joined + listed.filter { byName[$0.id.name] != nil }
  }

  /// By name, whatever calls it: pipelines call models, experiments models or pipelines.
  private var users: [RawText: [RawText]] {
    var users: [RawText: [RawText]] = [:]
    for pipeline in pipelines {
      for step in pipeline.steps.map(\.name).removingRepetitions { users[step, default: []].append(pipeline.address) }
    }
    for experiment in experiments {
      let called = experiment.candidates.map(\.name) + [experiment.mirror?.name].compactMap(\.self)
      for name in called.removingRepetitions {
        users[experiment.address(of: name), default: []].append(experiment.address)
      }
    }
    return users
  }

  /// What it says of itself; whom a detector watches, which nothing says, by its name, else by the pipeline that it
  /// stands in.
  private func role(of model: DeployedModel, among names: [RawText]) -> ModelRole {
    if let explained = model.explains { return .explainer(of: explained.target) }
    let guessed = ModelRole(
      name: model.name,
      platform: model.isExplainer ? "alibi-explain" : model.isDetector ? "alibi-detect" : model.platform,
      among: names)
    guard model.isDetector, guessed.target == nil else { return guessed }
    let pipelines = pipelines.filter { $0.steps.contains { $0.name == model.name } }
    guard pipelines.count == 1, let target = pipelines.first?.address else { return guessed }
    if case .outlierDetector = guessed { return .outlierDetector(of: target) }
    return .driftDetector(of: target)
  }
}

extension Model {
  fileprivate init(_ model: DeployedModel, role: ModelRole) {
    let current = model.versions.last
    self.init(
      id: ModelID(model.name), state: current?.state ?? .unknown, reason: current?.reason ?? "",
      platform: model.platform, role: role,
      deployed: Deployed(
        namespace: model.namespace, versions: model.versions, requirements: model.requirements,
        storage: model.storage))
  }

  fileprivate init(_ pipeline: Pipeline) {
    let current = pipeline.versions.last
    var graph = pipeline
    graph.versions = []
    self.init(
      id: ModelID(pipeline.address), state: current?.state ?? .unknown, reason: current?.reason ?? "",
      platform: "pipeline", kind: .pipeline(graph),
      deployed: Deployed(namespace: pipeline.namespace, versions: pipeline.versions))
  }

  fileprivate init(_ experiment: Experiment) {
    self.init(
      id: ModelID(experiment.address), state: experiment.state, reason: experiment.reason, platform: "experiment",
      kind: .experiment(experiment), deployed: Deployed(namespace: experiment.namespace))
  }
}
