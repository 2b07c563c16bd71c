/// Something that two control planes may both tell of.
protocol Inventoried {
  var name: RawText { get }
  var namespace: RawText { get set }
}

extension DeployedModel: Inventoried {}
extension Pipeline: Inventoried {}
extension Experiment: Inventoried {}
extension ModelServer: Inventoried {}
extension ScaleRow: Inventoried {}

extension Inventory {
  /// What the scheduler and Kubernetes say, as one.
  ///
  /// The scheduler stands over Kubernetes for versions, states, replicas and servers: it is what acts. Kubernetes alone
  /// knows candidates and weights, conditions of the runtime and KEDA; it fills in what the scheduler leaves out, and
  /// what is applied but not yet scheduled. Two are the same where their names are, and their namespaces unless one
  /// source tells none.
  public init(scheduler: Inventory, kubernetes: Inventory) {
    self.init(
      models: Self.join(scheduler.models, kubernetes.models) { $0.fill(from: $1) },
      pipelines: Self.join(scheduler.pipelines, kubernetes.pipelines) { $0.fill(from: $1) },
      experiments: Self.join(scheduler.experiments, kubernetes.experiments) { $0.fill(from: $1) },
      servers: Self.join(scheduler.servers, kubernetes.servers) { server, other in
        if server.reason.isEmpty, server.state != .ready { server.reason = other.reason }
      },
      runtimes: scheduler.runtimes + kubernetes.runtimes, scales: scheduler.scales + kubernetes.scales)
    countScales()
  }

  private static func join<Item: Inventoried>(
    _ first: [Item], _ second: [Item], _ fill: (inout Item, Item) -> Void
  ) -> [Item] {
    var joined = first
    var places: [RawText: [Int]] = [:]
    for index in joined.indices { places[joined[index].name, default: []].append(index) }
    for other in second {
      let place = places[other.name]?.first { index in
        joined[index].namespace == other.namespace || joined[index].namespace.isEmpty || other.namespace.isEmpty
      }
      guard let place else {
        joined.append(other)
        continue
      }
      if joined[place].namespace.isEmpty { joined[place].namespace = other.namespace }
      fill(&joined[place], other)
    }
    return joined
  }

  /// KEDA does not tell how many there are now: what is scaled does.
  private mutating func countScales() {
    for index in scales.indices where scales[index].current == nil {
      let row = scales[index]
      switch row.targetKind {
      case "Model": scales[index].current = models.first { row.scales($0) }?.versions.last?.replicas?.available
      case "Server": scales[index].current = servers.first { row.scales($0) }?.replicas.available
      default: break
      }
    }
  }
}

extension ScaleRow {
  func scales(_ other: some Inventoried) -> Bool {
    target == other.name && (namespace == other.namespace || namespace.isEmpty || other.namespace.isEmpty)
  }
}

extension [DeployedVersion] {
  /// Takes versions, or a reason, from another source where there is none.
  fileprivate mutating func fill(from other: [DeployedVersion]) {
    guard let current = last else {
      self = other
      return
    }
    guard current.state != .ready, current.reason.isEmpty, let reason = other.last?.reason else { return }
    self[count - 1].reason = reason
  }
}

extension DeployedModel {
  fileprivate mutating func fill(from other: DeployedModel) {
    versions.fill(from: other.versions)
    if requirements.isEmpty { requirements = other.requirements }
    if storage.isEmpty { storage = other.storage }
    if explainer.isEmpty { explainer = other.explainer }
    if explains == nil { explains = other.explains }
  }
}

extension Pipeline {
  fileprivate mutating func fill(from other: Pipeline) {
    versions.fill(from: other.versions)
    guard steps.isEmpty else { return }
    steps = other.steps
    externalInputs = other.externalInputs
    output = other.output
    outputJoin = other.outputJoin
  }
}

extension Experiment {
  fileprivate mutating func fill(from other: Experiment) {
    resource = other.resource
    standard = other.standard
    candidates = other.candidates
    mirror = other.mirror
    if state != .ready, reason.isEmpty { reason = other.reason }
  }
}
