public import Hummingbird
internal import Logging
internal import NIOCore
internal import SyncProtocol

/// The researchers' side: receives streams, keeps them, and serves them.
public struct Collector: Sendable {
  /// What `/v1/hello` says of the program.
  public static let program = "mds-collector/1"

  let database: CollectorDatabase
  let limits: Hello.Limits
  let gate: Gate
  let streams: StreamBook
  let log: LogReader
  let publications: PublicationBook
  let blobs: BlobBook
  let intake: Intake
  let telemetry = Telemetry()
  let kafka: KafkaSink?

  /// Serves this database, and sends events on to Kafka where that is wanted. A copy of the database that is older than
  /// what was served before begins a new epoch.
  public init(_ database: CollectorDatabase, kafka: KafkaSettings? = nil) throws {
    try self.init(database, limits: Hello.Limits(), kafka: kafka)
  }

  init(_ database: CollectorDatabase, limits: Hello.Limits, kafka settings: KafkaSettings? = nil) throws {
    kafka = settings.map { KafkaSink($0, database: database) }
    self.database = database
    self.limits = limits
    gate = Gate(tokens: TokenBook(database))
    streams = StreamBook(database: database)
    log = LogReader(database: database)
    publications = PublicationBook(database)
    blobs = BlobBook(database)
    let watermark = try database.store.watermark()
    if let watermark { try Collector.noticeOldCopy(database, watermark) }
    intake = Intake(database: database, watermark: watermark)
  }

  private static func noticeOldCopy(_ database: CollectorDatabase, _ watermark: Watermark) throws {
    let mark = try database.writeNow { db in
      if let last = watermark.mark, last.collector == database.id {
        let epoch = try Epochs.current(db)
        let row = try Epochs.lastRow(db)
        let isOlder = last.epoch > epoch || (last.epoch == epoch && last.row > row)
        if isOlder { try Epochs.advance(db, beyond: last.epoch) }
      }
      return Watermark.Mark(
        collector: database.id, epoch: try Epochs.current(db), row: try Epochs.lastRow(db))
    }
    watermark.remember(mark)
  }

  /// Sends events on until the task is cancelled; returns at once where nothing is to be sent.
  public func sendOn() async { await kafka?.run() }

  /// Every route.
  public func router() -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self)
    router.add(middleware: Identification(collectorID: database.id, telemetry: telemetry))
    addService(to: router)
    addStreams(to: router)
    addEvents(to: router)
    addInbox(to: router)
    addBlobs(to: router)
    return router
  }

  /// The server; `ready` hears the port once requests are answered.
  public func application(
    host: String = "127.0.0.1", port: Int, ready: @escaping @Sendable (Int) async -> Void
  ) -> some ApplicationProtocol {
    var logger = Logger(label: "mds-collector")
    logger.logLevel = .error
    return Application(
      router: router(),
      // A connection that stands still, or sends a byte now and then, holds nothing for long.
      server: .http1(configuration: .init(idleTimeout: .seconds(60))),
      configuration: .init(address: .hostname(host, port: port), serverName: Collector.program),
      onServerRunning: { channel in await ready(channel.localAddress?.port ?? port) }, logger: logger)
  }
}
