public import Domain

/// What speaks at an address, as its answers tell.
public struct Discovered: Hashable, Sendable {
  /// What it is to `mds`.
  public enum Kind: Hashable, Sendable {
    case service(ServiceKind)
    /// What lists the models of Seldon Core 2.
    case scheduler
    case kubernetes
    case prometheus
    /// The researchers' collector.
    case collector
  }

  public var kind: Kind
  /// Its own name, where it gives one.
  public var name: RawText
  public var version: RawText

  public init(_ kind: Kind, name: RawText = "", version: RawText = "") {
    self.kind = kind
    self.name = name
    self.version = version
  }
}

extension Discovered.Kind {
  /// The kind as a configuration file and `--json` write it.
  public var word: String {
    switch self {
    case .service(let kind): kind.rawValue
    case .scheduler: "scheduler"
    case .kubernetes: "kubernetes"
    case .prometheus: "prometheus"
    case .collector: "collector"
    }
  }

  /// The kind as its makers write it.
  public var title: String {
    switch self {
    case .service(.mlserver): "MLServer"
    case .service(.triton): "Triton"
    case .service(.kserve): "KServe"
    case .service(.seldonCore2): "Seldon Core 2"
    case .service(.seldonV1): "Seldon Core 1"
    case .service(.embedded): "mds-service"
    case .service(.openInference): "a server of the Open Inference Protocol"
    case .scheduler: "the scheduler of Seldon Core 2"
    case .kubernetes: "Kubernetes"
    case .prometheus: "Prometheus"
    case .collector: "a collector"
    }
  }
}
