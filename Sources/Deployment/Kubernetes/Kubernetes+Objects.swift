internal import Domain

/// The names of an object.
private struct ObjectName {
  let name: RawText
  let namespace: RawText

  init?(_ json: JSON) {
    guard let name = json["metadata"]?["name"]?.text, !name.isEmpty else { return nil }
    self.name = name
    namespace = json["metadata"]?["namespace"]?.text ?? ""
  }
}

extension JSON {
  /// A count that fits; foreign numbers may be anything.
  var count: Int? { integer.flatMap { (0...1_000_000).contains($0) ? Int($0) : nil } }
}

extension DeploymentCondition {
  /// The conditions of an object's status, in their order.
  static func all(of json: JSON) -> [DeploymentCondition] {
    (json["status"]?["conditions"]?.array ?? []).compactMap { condition in
      guard let type = condition["type"]?.text else { return nil }
      return DeploymentCondition(
        type: type, status: condition["status"]?.string.flatMap(Status.init(rawValue:)) ?? .unknown,
        reason: condition["reason"]?.text ?? "", message: condition["message"]?.text ?? "",
        since: condition["lastTransitionTime"]?.string.flatMap { Timestamp($0) })
    }
  }
}

/// What an object's conditions come to.
struct ConditionState {
  var state: ModelState
  var word: RawText = ""
  var reason: RawText = ""
  var since: Timestamp?

  /// By `Ready`, and where that is not `True` by the first condition that explains it. `fully` is whether all
  /// replicas answer.
  init(_ conditions: [DeploymentCondition], isDeleting: Bool, fully: Bool = true) {
    let ready = conditions.first { $0.type == "Ready" }
    since = ready?.since
    guard !isDeleting else {
      state = .stopped
      reason = "it is being deleted"
      return
    }
    guard let ready else {
      state = conditions.isEmpty ? .unknown : .loading
      if conditions.isEmpty { reason = "Kubernetes has no state of it yet" }
      return
    }
    // The condition of the object itself says in one word what the scheduler says.
    let own = conditions.filter { $0.type != "Ready" && $0.status != .yes }
    let told = own.first { !$0.words.isEmpty } ?? own.first ?? ready
    word =
      conditions.lazy.flatMap { [$0.message, $0.reason] }.first { ModelState(controlWord: $0.string) != nil } ?? ""
    switch ready.status {
    case .yes: state = fully ? .ready : .degraded
    case .no: state = ModelState(controlWord: word.string) ?? .failed
    case .unknown: state = ModelState(controlWord: word.string) ?? .loading
    }
    if state == .ready, ready.status != .yes { state = .degraded }
    if ready.status != .yes {
      let words = told.words.isEmpty ? ready.words : told.words
      reason = words.isEmpty ? told.type : told.type.appending(": ").appending(words)
    } else if !fully {
      reason = "not every replica answers"
    }
  }
}

extension ConditionState {
  init(_ json: JSON, fully: Bool = true) {
    self.init(
      DeploymentCondition.all(of: json), isDeleting: json["metadata"]?["deletionTimestamp"]?.text != nil, fully: fully)
  }

  /// As the only version that Kubernetes knows; it counts generations, not versions.
  func version(replicas: ReplicaCount?, server: RawText = "") -> DeployedVersion {
    DeployedVersion(
      name: "", state: state, word: word, reason: reason, replicas: replicas, server: server, since: since)
  }
}

extension DeployedModel {
  /// Nil where it has no name.
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    let (specification, status) = (json["spec"], json["status"])
    let desired = specification?["replicas"]?.count ?? specification?["minReplicas"]?.count
    let available = status?["availableReplicas"]?.count ?? status?["replicas"]?.count
    let fully = available.map { $0 >= desired ?? 0 } ?? true
    let state = ConditionState(json, fully: fully)
    self.init(
      name: id.name, namespace: id.namespace,
      versions: [
        state.version(
          replicas: available.map { ReplicaCount(desired: desired, available: $0) },
          server: specification?["server"]?.text ?? "")
      ],
      requirements: specification?["requirements"]?.texts ?? [], storage: specification?["storageUri"]?.text ?? "")
    guard let explainer = specification?["explainer"] else { return }
    self.explainer = explainer["type"]?.text ?? ""
    if let name = explainer["modelRef"]?.text, !name.isEmpty {
      explains = .model(name)
    } else if let name = explainer["pipelineRef"]?.text, !name.isEmpty {
      explains = .pipeline(name)
    }
  }
}

extension Pipeline {
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    let specification = json["spec"]
    func join(_ json: JSON?) -> Join { json?.string.flatMap(Join.init(rawValue:)) ?? .inner }
    self.init(
      name: id.name, namespace: id.namespace, versions: [ConditionState(json).version(replicas: nil)],
      steps: (specification?["steps"]?.array ?? []).compactMap { step in
        guard let name = step["name"]?.text else { return nil }
        return Step(
          name: name, inputs: step["inputs"]?.texts ?? [], inputsJoin: join(step["inputsJoinType"]),
          triggers: step["triggers"]?.texts ?? [], triggersJoin: join(step["triggersJoinType"]),
          batch: step["batch"]?["size"]?.count)
      },
      externalInputs: specification?["input"]?["externalInputs"]?.texts ?? [],
      output: specification?["output"]?["steps"]?.texts ?? [], outputJoin: join(specification?["output"]?["stepsJoin"]))
  }
}

extension Experiment {
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    let specification = json["spec"]
    let conditions = DeploymentCondition.all(of: json)
    func holds(_ type: RawText) -> Bool? { conditions.first { $0.type == type }.map { $0.status == .yes } }
    let state = ConditionState(json)
    self.init(
      name: id.name, namespace: id.namespace, state: state.state, reason: state.reason,
      resource: specification?["resourceType"]?.string.flatMap(Resource.init(rawValue:)) ?? .model,
      standard: specification?["default"]?.text.flatMap { $0.isEmpty ? nil : $0 },
      candidates: (specification?["candidates"]?.array ?? []).compactMap { candidate in
        candidate["name"]?.text.map { Candidate(name: $0, weight: candidate["weight"]?.count ?? 0) }
      },
      mirror: specification?["mirror"]?["name"]?.text.map {
        Mirror(name: $0, percent: specification?["mirror"]?["percent"]?.count ?? 0)
      }, isActive: holds("ExperimentReady") ?? (state.state == .ready),
      areCandidatesReady: holds("CandidatesReady"), isMirrorReady: holds("MirrorReady"))
  }
}

extension ModelServer {
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    let desired = json["spec"]?["replicas"]?.count
    let available = json["status"]?["replicas"]?.count ?? 0
    let state = ConditionState(json, fully: available >= desired ?? 0)
    self.init(
      name: id.name, namespace: id.namespace, state: state.state, reason: state.reason,
      replicas: ReplicaCount(desired: desired, available: available),
      loadedModels: json["status"]?["loadedModels"]?.count ?? 0)
  }
}

extension Runtime {
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    self.init(name: id.name, namespace: id.namespace, conditions: DeploymentCondition.all(of: json))
  }
}

extension ScaleRow {
  init?(kubernetes json: JSON) {
    guard let id = ObjectName(json) else { return nil }
    let (specification, status) = (json["spec"], json["status"])
    let conditions = DeploymentCondition.all(of: json)
    func holds(_ type: RawText) -> Bool { conditions.contains { $0.type == type && $0.status == .yes } }
    // Paused by an annotation; newer ones have a condition as well.
    let pauses: [RawText] = ["autoscaling.keda.sh/paused", "autoscaling.keda.sh/paused-replicas"]
    let notes = json["metadata"]?["annotations"]?.members ?? []
    let isPaused = notes.contains { pauses.contains($0.key) && $0.value.string != "false" }
    self.init(
      name: id.name, namespace: id.namespace,
      targetKind: specification?["scaleTargetRef"]?["kind"]?.text ?? "Deployment",
      target: specification?["scaleTargetRef"]?["name"]?.text ?? "",
      minimum: specification?["minReplicaCount"]?.count ?? 0, maximum: specification?["maxReplicaCount"]?.count ?? 100,
      current: status?["pausedReplicaCount"]?.count,
      isActive: holds("Active"), isPaused: isPaused || holds("Paused"), conditions: conditions)
  }
}
