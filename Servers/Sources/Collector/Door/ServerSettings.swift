public import SyncProtocol

/// Where the collector listens, and what it bears.
public struct ServerSettings: Sendable {
  public var host = "127.0.0.1"
  /// 0 takes a free one.
  public var port = 0
  /// Nil for plain HTTP.
  public var identity: TLSIdentity?
  /// Whether a proxy that ends TLS stands before it, and says in `X-Forwarded-For` who asks.
  public var isBehindProxy = false
  /// Connections that may stand at once; more wait in the kernel until one ends.
  public var connections = 512
  /// Connections that may stand at once from one address; not counted behind a proxy.
  public var connectionsOfOne = 64
  /// How long a connection may stand still, a handshake and the head of a request may take.
  public var idle = Duration.seconds(60)
  /// How long a request's body may take at the least; one that comes faster than `bytesPerSecond` may take longer.
  public var request = Duration.seconds(30)
  /// The oldest mds that is asked to send; nil for any. The others keep what they have.
  public var minimumClient: ProgramVersion?
  /// How bundles come in; nil where none do.
  public var bundles: BundleSettings?
  /// The slowest line on which a long body is still waited for.
  static let bytesPerSecond = 1024
  /// Bytes of a request's head.
  static let headerBytes = 16 << 10
  static let headerFields = 100

  public init() {}
}
