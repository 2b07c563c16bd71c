/// What addresses a model on a service: its name and, where it has several, a version.
public struct ModelID: Hashable, Sendable, Comparable {
  public var name: RawText
  /// The version as the service writes it; nil where the service has none.
  public var version: RawText?

  public init(_ name: RawText, version: RawText? = nil) {
    self.name = name
    self.version = version
  }

  public static func < (left: ModelID, right: ModelID) -> Bool {
    left.name == right.name ? (left.version ?? "") < (right.version ?? "") : left.name < right.name
  }
}

/// How a model is doing, in the words of every screen.
public enum ModelState: String, Hashable, Sendable, CaseIterable, Codable {
  case ready, loading, degraded, failed, stopped, unknown

  /// The state as a word on screen.
  public var word: String {
    switch self {
    case .ready: "Ready"
    case .loading: "Loading"
    case .degraded: "Degraded"
    case .failed: "Failed"
    case .stopped: "Stopped"
    case .unknown: "Unknown"
    }
  }
}

/// What a model is for: to predict, or to serve another model.
public enum ModelRole: Hashable, Sendable {
  case predictor
  /// Explains the named model.
  case explainer(of: RawText?)
  /// Watches the named model's inputs for drift.
  case driftDetector(of: RawText?)
  /// Scores how far an input lies from what the named model was trained on.
  case outlierDetector(of: RawText?)

  public var isPredictor: Bool { self == .predictor }

  /// The role as a word: `drift` and `outlier` are detectors.
  public var word: String {
    switch self {
    case .predictor: "predictor"
    case .explainer: "explainer"
    case .driftDetector: "drift"
    case .outlierDetector: "outlier"
    }
  }

  /// The model that is served by this one; nil for a predictor or where it is not known.
  public var target: RawText? {
    switch self {
    case .predictor: nil
    case .explainer(let name), .driftDetector(let name), .outlierDetector(let name): name
    }
  }
}

/// A model that the service lists, and what is known of it.
public struct Model: Hashable, Sendable, Identifiable {
  public var id: ModelID
  public var state: ModelState
  /// Why the model is not ready, in the service's words; empty when it is.
  public var reason: RawText
  /// What runs it, for example `xgboost`; empty when the service does not say.
  public var platform: RawText
  public var role: ModelRole
  /// The typed fields of its inputs and outputs; nil until its metadata was read.
  public var signature: Signature?
  /// A model proper, or models put together.
  public var kind: ModelKind
  /// What a control plane says of it; nil where only the data plane lists it.
  public var deployed: Deployed?

  public init(
    id: ModelID, state: ModelState, reason: RawText = "", platform: RawText = "", role: ModelRole = .predictor,
    signature: Signature? = nil, kind: ModelKind = .model, deployed: Deployed? = nil
  ) {
    self.id = id
    self.state = state
    self.reason = reason
    self.platform = platform
    self.role = role
    self.signature = signature
    self.kind = kind
    self.deployed = deployed
  }

  /// What people call it: its name without what the data plane puts behind it.
  public var name: RawText {
    switch kind {
    case .model: id.name
    case .pipeline(let pipeline): pipeline.name
    case .experiment(let experiment): experiment.name
    }
  }

  /// The version that answers: the one that addresses it, else the control plane's current one.
  public var version: RawText? {
    if let version = id.version { return version }
    return deployed?.versions.last.flatMap { $0.name.isEmpty ? nil : $0.name }
  }
}

extension Model {
  /// The one that answers where no version is named: the highest ready version, as Triton, MLServer and Seldon choose;
  /// the highest where none is ready. Numbers compare as numbers.
  public static func newest(of versions: [Model]) -> Model? {
    let ready = versions.filter { $0.state == .ready }
    return (ready.isEmpty ? versions : ready).max { ModelID.isOlder($0.id.version, $1.id.version) }
  }
}

extension ModelID {
  fileprivate static func isOlder(_ left: RawText?, _ right: RawText?) -> Bool {
    guard let left, let right else { return left == nil && right != nil }
    if let first = UInt64(left.string), let second = UInt64(right.string) { return first < second }
    return left < right
  }
}
