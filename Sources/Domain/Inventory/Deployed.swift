/// What a line of the browser stands for.
public enum ModelKind: Hashable, Sendable {
  case model
  /// Without its versions: they are the line's.
  case pipeline(Pipeline)
  case experiment(Experiment)

  public var word: String {
    switch self {
    case .model: "model"
    case .pipeline: "pipeline"
    case .experiment: "experiment"
    }
  }
}

/// What a control plane says of a model, a pipeline or an experiment, beyond its kind.
public struct Deployed: Hashable, Sendable {
  public var namespace: RawText
  /// Oldest first, without those that are gone; the last one is current. None of an experiment.
  public var versions: [DeployedVersion]
  public var requirements: [RawText]
  public var storage: RawText
  /// The pipelines and experiments that call it, by their addresses.
  public var usedBy: [RawText]
  /// How KEDA scales it; nil where it does not.
  public var scale: ScaleRow?

  public init(
    namespace: RawText = "", versions: [DeployedVersion] = [], requirements: [RawText] = [], storage: RawText = "",
    usedBy: [RawText] = [], scale: ScaleRow? = nil
  ) {
    self.namespace = namespace
    self.versions = versions
    self.requirements = requirements
    self.storage = storage
    self.usedBy = usedBy
    self.scale = scale
  }

  public var current: DeployedVersion? { versions.last }
  public var replicas: ReplicaCount? { current?.replicas }
  public var server: RawText { current?.server ?? "" }
}
