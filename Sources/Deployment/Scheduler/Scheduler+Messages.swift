internal import Domain
internal import SchedulerMessages
internal import SwiftProtobuf

extension ModelState {
  /// A control plane's word for a state; nil where it is none that is known.
  ///
  /// The words are the scheduler's enumerations and, in Kubernetes, the messages and reasons of conditions.
  init?(controlWord word: String) {
    switch word {
    case "ModelAvailable", "PipelineReady": self = .ready
    case "ModelProgressing", "ModelCreate", "PipelineCreate", "PipelineCreating", "PipelineRebalancing":
      self = .loading
    case "ModelFailed", "ModelTerminateFailed", "ScheduleFailed", "PipelineFailed", "PipelineFailedTerminating":
      self = .failed
    case "ModelTerminating", "ModelTerminate", "ModelScaledDown", "PipelineTerminate", "PipelineTerminating",
      "ModelTerminated", "PipelineTerminated":
      self = .stopped
    case "ModelStateUnknown", "PipelineStatusUnknown": self = .unknown
    default: return nil
    }
  }
}

extension DeployedModel {
  /// Nil where every version is gone.
  init?(_ answer: SchedulerModelStatusResponse) {
    let standing = answer.versions.filter { $0.state.state != .modelTerminated }
    guard let current = standing.last, !answer.deleted else { return nil }
    let specification = current.modelDefn.modelSpec
    self.init(
      name: RawText(answer.modelName), namespace: RawText(current.kubernetesMeta.namespace),
      versions: standing.map(DeployedVersion.init), requirements: specification.requirements.map { RawText($0) },
      storage: RawText(specification.uri))
    guard specification.hasExplainer else { return }
    explainer = RawText(specification.explainer.type)
    if !specification.explainer.modelRef.isEmpty {
      explains = .model(RawText(specification.explainer.modelRef))
    } else if !specification.explainer.pipelineRef.isEmpty {
      explains = .pipeline(RawText(specification.explainer.pipelineRef))
    }
  }
}

extension DeployedVersion {
  init(_ status: SchedulerModelVersionStatus) {
    let word = "\(status.state.state)".withCapital
    let available = Int(status.state.availableReplicas)
    let desired = max(
      Int(status.modelDefn.deploymentSpec.replicas), available + Int(status.state.unavailableReplicas))
    var state = ModelState(controlWord: word) ?? .unknown
    if state == .ready, status.state.unavailableReplicas > 0 { state = .degraded }
    self.init(
      name: RawText("\(status.version)"), state: state, word: RawText(word),
      reason: state == .ready ? "" : RawText(Self.reason(status)),
      replicas: ReplicaCount(desired: desired > 0 ? desired : nil, available: available),
      server: RawText(status.serverName),
      since: Timestamp(status.state.hasLastChangeTimestamp, status.state.lastChangeTimestamp))
  }

  /// The state's own reason, else those of its replicas.
  private static func reason(_ status: SchedulerModelVersionStatus) -> String {
    if !status.state.reason.isEmpty { return status.state.reason }
    let reasons = status.modelReplicaState.sorted { $0.key < $1.key }.filter { !$0.value.reason.isEmpty }
    return reasons.map { "replica \($0.key): \($0.value.reason)" }.joined(separator: "; ")
  }

  init(_ version: SchedulerPipelineWithState) {
    let status = version.state
    let word = "\(status.status)".withCapital
    var state = ModelState(controlWord: word) ?? .unknown
    var reason = status.reason
    if state == .ready, !status.modelsReady {
      state = .degraded
      reason = "not every model of it is ready"
    }
    self.init(
      name: RawText("\(version.pipeline.version)"), state: state, word: RawText(word),
      reason: state == .ready ? "" : RawText(reason),
      since: Timestamp(status.hasLastChangeTimestamp, status.lastChangeTimestamp))
  }
}

extension Pipeline {
  /// Nil where every version is gone.
  init?(_ answer: SchedulerPipelineStatusResponse) {
    let standing = answer.versions.filter { $0.state.status != .pipelineTerminated }
    guard let current = standing.last?.pipeline else { return nil }
    self.init(
      name: RawText(answer.pipelineName), namespace: RawText(current.kubernetesMeta.namespace),
      versions: standing.map(DeployedVersion.init),
      steps: current.steps.map { step in
        Step(
          name: RawText(step.name), inputs: step.inputs.map { RawText($0) },
          inputsJoin: Join(rawValue: "\(step.inputsJoin)") ?? .inner, triggers: step.triggers.map { RawText($0) },
          triggersJoin: Join(rawValue: "\(step.triggersJoin)") ?? .inner,
          batch: step.batch.size > 0 ? Int(step.batch.size) : nil)
      },
      externalInputs: current.input.externalInputs.map { RawText($0) },
      output: current.output.steps.map { RawText($0) },
      outputJoin: Join(rawValue: "\(current.output.stepsJoin)") ?? .inner)
  }
}

extension Experiment {
  init(_ answer: SchedulerExperimentStatusResponse) {
    let areReady = answer.candidatesReady && answer.mirrorReady
    let isReady = answer.active && areReady
    self.init(
      name: RawText(answer.experimentName), namespace: RawText(answer.kubernetesMeta.namespace),
      state: isReady ? .ready : answer.active ? .degraded : areReady ? .stopped : .failed,
      reason: isReady ? "" : RawText(answer.statusDescription), isActive: answer.active,
      areCandidatesReady: answer.candidatesReady, isMirrorReady: answer.mirrorReady)
  }
}

extension ModelServer {
  init(_ answer: SchedulerServerStatusResponse) {
    let (expected, available) = (Int(answer.expectedReplicas), Int(answer.availableReplicas))
    self.init(
      name: RawText(answer.serverName), namespace: RawText(answer.kubernetesMeta.namespace),
      state: available == 0 ? .stopped : available < expected ? .degraded : .ready,
      // The scheduler writes −1 where it was not told how many there are to be.
      replicas: ReplicaCount(desired: expected >= 0 ? expected : nil, available: max(0, available)),
      loadedModels: Int(answer.numLoadedModelReplicas),
      places: answer.resources.sorted { $0.replicaIdx < $1.replicaIdx }.map { replica in
        Replica(
          index: Int(replica.replicaIdx), totalMemory: replica.totalMemoryBytes,
          availableMemory: replica.availableMemoryBytes, loadedModels: Int(replica.numLoadedModels))
      })
  }
}

extension Timestamp {
  /// A moment of protobuf's; nil where there is none or it lies outside what a timestamp holds.
  init?(_ isThere: Bool, _ moment: Google_Protobuf_Timestamp) {
    guard isThere, abs(moment.seconds) < 1 << 40 else { return nil }
    self.init(microseconds: moment.seconds * 1_000_000 + Int64(moment.nanos / 1000))
  }
}

extension String {
  /// A case of an enumeration as its protocol writes it: `ModelAvailable` of `modelAvailable`.
  fileprivate var withCapital: String { prefix(1).uppercased() + dropFirst() }
}
