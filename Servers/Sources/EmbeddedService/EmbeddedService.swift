public import FoundationEssentials
public import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore

/// The deployment service that ships with `mds`: real models, their explainers and detectors, on loopback.
public enum EmbeddedService {
  /// The service's own version.
  public static let version = "0.1.0"

  /// The most bytes that a request's body may have, as sent and as unpacked.
  public static let bodyLimit = 64 << 20

  /// Loads the models below a folder and makes what answers for them.
  ///
  /// A model that is refused is listed as UNAVAILABLE with its reason; the others are served.
  public static func responder(
    models: URL, name: String = "mds-service", bodyLimit: Int = bodyLimit
  ) async -> ServiceResponder {
    let repository = Repository(root: models)
    await repository.loadAll()
    return ServiceResponder(repository: repository, metrics: Metrics(), name: name, bodyLimit: bodyLimit)
  }

  /// An application on 127.0.0.1; port 0 takes a free one, which `onRunning` learns.
  public static func application(
    responder: ServiceResponder, port: Int, onRunning: @escaping @Sendable (Int) async -> Void = { _ in }
  ) -> Application<ServiceResponder> {
    var logger = Logger(label: "mds-service")
    logger.logLevel = .error
    return Application(
      responder: responder,
      server: .http1(
        configuration: .init(additionalChannelHandlers: [ContinueHandler(bodyLimit: responder.bodyLimit)])),
      configuration: .init(address: .hostname("127.0.0.1", port: port), serverName: "mds-service"),
      onServerRunning: { channel in await onRunning(channel.localAddress?.port ?? port) }, logger: logger)
  }
}
