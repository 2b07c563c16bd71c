public import Domain

/// What a configuration file says; what it leaves out is nil.
public struct Settings: Hashable, Sendable {
  /// When a judgement is committed.
  public enum SaveMoment: String, Hashable, Sendable, CaseIterable {
    /// With `s`, as one event.
    case onKey = "on-key"
    /// With the verdict's key.
    case onVerdict = "on-verdict"
  }

  /// The context to use where none is named.
  public var currentContext: String?
  /// In the order of the file.
  public var contexts: [ContextSettings]
  /// A theme's name.
  public var theme: String?
  /// Draws without lines and blocks.
  public var ascii: Bool?
  /// Opens the workbench without a screen, as lines.
  public var plain: Bool?
  /// How many cells the terminal gives to characters of ambiguous width: with 2, drawing is ASCII.
  public var ambiguousWidth: Int?
  /// The handling banner of every context that has none of its own.
  public var banner: String?
  public var save: SaveMoment?
  /// Whether a review queue starts with answers hidden.
  public var blind: Bool?
  /// Whether a start opens where the analyst left; nil is yes.
  public var restore: Bool?
  public var keys: [KeySetting]

  public init(
    currentContext: String? = nil, contexts: [ContextSettings] = [], theme: String? = nil, ascii: Bool? = nil,
    plain: Bool? = nil, ambiguousWidth: Int? = nil, banner: String? = nil, save: SaveMoment? = nil, blind: Bool? = nil,
    restore: Bool? = nil, keys: [KeySetting] = []
  ) {
    self.currentContext = currentContext
    self.contexts = contexts
    self.theme = theme
    self.ascii = ascii
    self.plain = plain
    self.ambiguousWidth = ambiguousWidth
    self.banner = banner
    self.save = save
    self.blind = blind
    self.restore = restore
    self.keys = keys
  }

  /// The context of a name.
  public func context(_ name: String) -> ContextSettings? { contexts.first { $0.name == name } }
}

/// A named set of endpoints, as a file gives it.
public struct ContextSettings: Hashable, Sendable {
  public var name: String
  public var service: EndpointSettings
  /// What speaks at the service's address; nil lets the answers tell.
  public var kind: ServiceKind?
  /// The researchers' collector.
  public var collector: EndpointSettings?
  /// Seldon Core 2's scheduler, which lists models, pipelines, experiments and servers.
  public var scheduler: EndpointSettings?
  /// The Kubernetes API that holds Seldon's objects.
  public var kubernetes: EndpointSettings?
  /// The Prometheus that has the service's metrics.
  public var prometheus: EndpointSettings?
  /// The Kubernetes namespace of the models.
  public var namespace: String?
  /// Files that complete what the service says of its models; a later one stands over an earlier.
  public var catalogues: [String]
  /// Whether models may be loaded and unloaded from here.
  public var allowsLoading: Bool
  /// Who judges, until a collector says so.
  public var analyst: String?
  /// The ledger's file.
  public var ledger: String?
  /// What of a record goes into a judgement's event, and so to the researchers: all, its hash, or nothing.
  public var keepsInputs: KeptInputs
  public var banner: String?
  /// What the deployment service is called in the identity of its cases, alike at all who judge them.
  public var serviceName: String?
  /// The line that the context begins on.
  public var line: Int

  public init(
    name: String, service: EndpointSettings, kind: ServiceKind? = nil, collector: EndpointSettings? = nil,
    scheduler: EndpointSettings? = nil, kubernetes: EndpointSettings? = nil, prometheus: EndpointSettings? = nil,
    namespace: String? = nil, catalogues: [String] = [], allowsLoading: Bool = false, analyst: String? = nil,
    ledger: String? = nil, keepsInputs: KeptInputs = .full, banner: String? = nil,
    serviceName: String? = nil, line: Int = 1
  ) {
    self.name = name
    self.service = service
    self.kind = kind
    self.collector = collector
    self.scheduler = scheduler
    self.kubernetes = kubernetes
    self.prometheus = prometheus
    self.namespace = namespace
    self.catalogues = catalogues
    self.allowsLoading = allowsLoading
    self.analyst = analyst
    self.ledger = ledger
    self.keepsInputs = keepsInputs
    self.banner = banner
    self.serviceName = serviceName
    self.line = line
  }
}

/// What `keep_inputs` says.
public enum KeptInputs: String, Hashable, Sendable, CaseIterable {
  case full, hash, none
}

extension ContextSettings {
  /// The endpoints beside the service, with the name of their setting.
  public var otherEndpoints: [(name: String, endpoint: EndpointSettings)] {
    [("collector", collector), ("scheduler", scheduler), ("kubernetes", kubernetes), ("prometheus", prometheus)]
      .compactMap { name, endpoint in endpoint.map { (name, $0) } }
  }
}
