/// What a control plane (Seldon's scheduler, or Kubernetes) says is deployed, in its own order.
public struct Inventory: Hashable, Sendable {
  public var models: [DeployedModel]
  public var pipelines: [Pipeline]
  public var experiments: [Experiment]
  public var servers: [ModelServer]
  public var runtimes: [Runtime]
  public var scales: [ScaleRow]

  public init(
    models: [DeployedModel] = [], pipelines: [Pipeline] = [], experiments: [Experiment] = [],
    servers: [ModelServer] = [], runtimes: [Runtime] = [], scales: [ScaleRow] = []
  ) {
    self.models = models
    self.pipelines = pipelines
    self.experiments = experiments
    self.servers = servers
    self.runtimes = runtimes
    self.scales = scales
  }
}

/// How many copies of something there are to be, and how many answer.
public struct ReplicaCount: Hashable, Sendable {
  /// Nil where the source tells only how many there are.
  public var desired: Int?
  public var available: Int

  public init(desired: Int? = nil, available: Int) {
    self.desired = desired
    self.available = available
  }

  /// `1/2`, or `1` where nobody said how many there are to be.
  public var text: String { desired.map { "\(available)/\($0)" } ?? "\(available)" }
}

/// One version of a model or a pipeline, and how it does.
public struct DeployedVersion: Hashable, Sendable {
  /// As the control plane counts them: `1`, `2`; empty where it does not say.
  public var name: RawText
  public var state: ModelState
  /// The control plane's own word for the state, `ModelAvailable`; foreign.
  public var word: RawText
  /// Why it is in that state; empty where it is well or nobody says.
  public var reason: RawText
  public var replicas: ReplicaCount?
  /// The server that it was given to; empty where none was.
  public var server: RawText
  /// When the state was reached.
  public var since: Timestamp?

  public init(
    name: RawText, state: ModelState, word: RawText = "", reason: RawText = "", replicas: ReplicaCount? = nil,
    server: RawText = "", since: Timestamp? = nil
  ) {
    self.name = name
    self.state = state
    self.word = word
    self.reason = reason
    self.replicas = replicas
    self.server = server
    self.since = since
  }
}

/// Whom an explainer explains.
public enum ExplainedBy: Hashable, Sendable {
  case model(RawText)
  case pipeline(RawText)

  /// What the explained one is called by on the data plane.
  public var target: RawText {
    switch self {
    case .model(let name): name
    case .pipeline(let name): name.appending(Pipeline.suffix)
    }
  }
}

/// A model as it was asked for, and what became of it.
public struct DeployedModel: Hashable, Sendable {
  public var name: RawText
  /// Empty where the source knows no namespaces.
  public var namespace: RawText
  /// Oldest first, without those that are gone; the last one is current.
  public var versions: [DeployedVersion]
  /// What a server must be able to do to load it: `sklearn`, `alibi-detect`.
  public var requirements: [RawText]
  /// Where its artefacts come from: `gs://…`.
  public var storage: RawText
  /// The kind of explainer, `anchor_tabular`; empty where it is none.
  public var explainer: RawText
  public var explains: ExplainedBy?

  public init(
    name: RawText, namespace: RawText = "", versions: [DeployedVersion] = [], requirements: [RawText] = [],
    storage: RawText = "", explainer: RawText = "", explains: ExplainedBy? = nil
  ) {
    self.name = name
    self.namespace = namespace
    self.versions = versions
    self.requirements = requirements
    self.storage = storage
    self.explainer = explainer
    self.explains = explains
  }

  public var isExplainer: Bool { !explainer.isEmpty || explains != nil || requirements.contains("alibi-explain") }
  public var isDetector: Bool { requirements.contains("alibi-detect") }

  /// What runs it: the first requirement that is no server's name; empty where none says.
  public var platform: RawText {
    requirements.first { !["mlserver", "triton"].contains($0) } ?? requirements.first ?? ""
  }
}

/// A server of models: MLServer or Triton, in so many replicas.
public struct ModelServer: Hashable, Sendable {
  /// One replica and the room in it.
  public struct Replica: Hashable, Sendable {
    public var index: Int
    /// Bytes for models; nil where the source does not tell.
    public var totalMemory: UInt64?
    public var availableMemory: UInt64?
    public var loadedModels: Int

    public init(index: Int, totalMemory: UInt64? = nil, availableMemory: UInt64? = nil, loadedModels: Int = 0) {
      self.index = index
      self.totalMemory = totalMemory
      self.availableMemory = availableMemory
      self.loadedModels = loadedModels
    }
  }

  public var name: RawText
  public var namespace: RawText
  public var state: ModelState
  public var reason: RawText
  public var replicas: ReplicaCount
  /// Models with their replicas: a model on two replicas counts twice.
  public var loadedModels: Int
  /// By index; empty where the source does not tell them apart.
  public var places: [Replica]

  public init(
    name: RawText, namespace: RawText = "", state: ModelState = .unknown, reason: RawText = "",
    replicas: ReplicaCount, loadedModels: Int = 0, places: [Replica] = []
  ) {
    self.name = name
    self.namespace = namespace
    self.state = state
    self.reason = reason
    self.replicas = replicas
    self.loadedModels = loadedModels
    self.places = places
  }
}

/// A condition as Kubernetes writes it: whether something holds, and why not.
public struct DeploymentCondition: Hashable, Sendable {
  public enum Status: String, Hashable, Sendable {
    case yes = "True"
    case no = "False"
    case unknown = "Unknown"
  }

  /// What it is about: `SchedulerReady`; foreign.
  public var type: RawText
  public var status: Status
  public var reason: RawText
  public var message: RawText
  public var since: Timestamp?

  public init(
    type: RawText, status: Status, reason: RawText = "", message: RawText = "", since: Timestamp? = nil
  ) {
    self.type = type
    self.status = status
    self.reason = reason
    self.message = message
    self.since = since
  }

  /// Message and reason in one line; empty where there is neither.
  public var words: RawText {
    if message.isEmpty { return reason }
    return reason.isEmpty || reason == message ? message : message.appending(" (").appending(reason).appending(")")
  }
}

/// The parts of one installation of Seldon Core 2, and how they do.
public struct Runtime: Hashable, Sendable {
  public var name: RawText
  public var namespace: RawText
  public var conditions: [DeploymentCondition]

  public init(name: RawText, namespace: RawText = "", conditions: [DeploymentCondition] = []) {
    self.name = name
    self.namespace = namespace
    self.conditions = conditions
  }
}

/// How KEDA scales something (`scaledobjects.keda.sh`).
public struct ScaleRow: Hashable, Sendable {
  public var name: RawText
  public var namespace: RawText
  /// What is scaled: `Model/income`, `Deployment/…`.
  public var targetKind: RawText
  public var target: RawText
  /// KEDA's own bounds where none are set: 0 and 100.
  public var minimum: Int
  public var maximum: Int
  /// Nil where nobody has counted: KEDA itself tells it of what is paused only.
  public var current: Int?
  public var isActive: Bool
  public var isPaused: Bool
  public var conditions: [DeploymentCondition]

  public init(
    name: RawText, namespace: RawText = "", targetKind: RawText, target: RawText, minimum: Int = 0,
    maximum: Int = 100, current: Int? = nil, isActive: Bool = false, isPaused: Bool = false,
    conditions: [DeploymentCondition] = []
  ) {
    self.name = name
    self.namespace = namespace
    self.targetKind = targetKind
    self.target = target
    self.minimum = minimum
    self.maximum = maximum
    self.current = current
    self.isActive = isActive
    self.isPaused = isPaused
    self.conditions = conditions
  }
}
