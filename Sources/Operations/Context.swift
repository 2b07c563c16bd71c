public import ConfigurationFile
public import Domain
internal import Feedback

/// A named set of endpoints, and who judges there.
public struct Context: Sendable {
  public var name: String
  /// How the deployment service is reached.
  public var serviceEndpoint: EndpointSettings
  /// What speaks there, where that is known before it is asked.
  public var kind: ServiceKind?
  /// Seldon Core 2's scheduler and the Kubernetes API, which list what the service serves; nil where there is none.
  public var scheduler: EndpointSettings?
  public var kubernetes: EndpointSettings?
  /// The Prometheus that has the service's metrics.
  public var prometheus: EndpointSettings?
  /// The Kubernetes namespace of the models; nil where nobody said.
  public var namespace: String?
  /// Files that complete what the service says of its models, as absolute paths; a later one stands over an earlier.
  public var catalogues: [String] = []
  /// Whether models may be loaded and unloaded from here.
  public var allowsLoading = false
  /// The collector; nil where the ledger's enrolment says, or where there is none.
  public var collector: CollectorEndpoint?
  public var analyst: RawText
  public var ledgerPath: String
  /// What of a record goes into events.
  var retention = SeenRecord.Retention.full
  /// How what is shown is to be handled, in a line above all; nil where nobody asked for one.
  public var banner: String?
  /// What the configuration calls the service in the identity of its cases; nil where it leaves that to the collector.
  var serviceName: String?

  /// What the service is called in the identity of its cases: as the configuration says, else as the collector does,
  /// else the context's name, which other analysts need not share.
  func serviceName(at account: CollectorAccount?) -> RawText {
    if let serviceName { return RawText(serviceName) }
    return account.flatMap { $0.service.isEmpty ? nil : $0.service } ?? RawText(name)
  }

  /// The deployment service's address.
  public var service: String { serviceEndpoint.url }

  /// Whether something beside the service lists models, and can tell changes.
  public var hasControlPlane: Bool { scheduler != nil || kubernetes != nil }

  public init(
    name: String, service: EndpointSettings, collector: CollectorEndpoint? = nil, analyst: RawText,
    ledgerPath: String, banner: String? = nil
  ) {
    self.name = name
    serviceEndpoint = service
    self.collector = collector
    self.analyst = analyst
    self.ledgerPath = ledgerPath
    self.banner = banner
  }

  public init(name: String, service: String, collector: CollectorEndpoint? = nil, analyst: RawText, ledgerPath: String)
  {
    self.init(
      name: name, service: EndpointSettings(url: service), collector: collector, analyst: analyst,
      ledgerPath: ledgerPath)
  }

  /// A context of the configuration file; paths in it are beside the file, `~` is the home folder.
  public init(_ settings: ContextSettings, of file: UserSettings) {
    self.init(
      name: settings.name, service: settings.service.located(by: file),
      collector: settings.collector.map { CollectorEndpoint($0.located(by: file)) },
      analyst: settings.analyst.map { RawText($0) } ?? Context.localAnalyst,
      ledgerPath: settings.ledger.map { file.located($0) } ?? Context.defaultLedger(for: settings.name),
      banner: settings.banner ?? file.settings?.banner)
    kind = settings.kind
    scheduler = settings.scheduler?.located(by: file)
    kubernetes = settings.kubernetes?.located(by: file)
    prometheus = settings.prometheus?.located(by: file)
    namespace = settings.namespace
    catalogues = settings.catalogues.map { file.located($0) }
    allowsLoading = settings.allowsLoading
    serviceName = settings.serviceName
    retention = SeenRecord.Retention(rawValue: settings.keepsInputs.rawValue) ?? .full
  }

  /// Who judges before a collector knows them.
  public static var localAnalyst: RawText { RawText("unix:\(Machine.user)@\(Machine.host)") }

  /// The ledger of a context where nothing else is said: `$XDG_DATA_HOME/mds/<context>.sqlite`.
  public static func defaultLedger(for context: String) -> String { "\(Machine.dataFolder)/\(context).sqlite" }
}
