public import Domain
public import Hummingbird
internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import SyncProtocol

/// The researchers' side: receives streams, keeps them, and serves them.
public struct Collector: Sendable {
  /// What `/v1/hello` says of the program.
  public static let program = "mds-collector/1"
  /// What it says that it can do: bodies may be packed, there is an inbox,
  /// which may be waited for, it says when to come again, and it may take bundles.
  var capabilities: [RawText] {
    ["blobs"] + (settings.bundles == nil ? [] : ["bundles"]) + ["gzip", "inbox", "inbox-wait", "rate-limit"]
  }

  let database: CollectorDatabase
  let limits: Hello.Limits
  let streams: StreamBook
  let log: LogReader
  let publications: PublicationBook
  let watch: PublicationWatch
  let blobs: BlobBook
  let intake: Intake
  let telemetry = Telemetry()
  let kafka: KafkaSink?
  let guests = Guests()
  let desk = BundleDesk()
  let tally = AuditTally()
  let settings: ServerSettings
  /// What the deployment service is called in the identity of its cases; empty leaves that to the analysts.
  let serviceName: RawText
  private let rateLimit: RateLimit?
  /// In seconds since 1970.
  let startedAt = Int(Timestamp.now.microseconds / 1_000_000)

  /// Takes in and serves this database, and sends events on to Kafka where that is wanted. A copy of the database that is
  /// older than what was served before begins a new epoch. Without `rateLimit` every caller may ask as often as it likes.
  public init(
    _ database: CollectorDatabase, settings: ServerSettings = ServerSettings(), serviceName: RawText = "",
    rateLimit: RateLimit? = nil, kafka: KafkaSettings? = nil
  ) throws {
    try self.init(
      database, settings: settings, serviceName: serviceName, rateLimit: rateLimit, limits: Hello.Limits(), kafka: kafka
    )
  }

  init(
    _ database: CollectorDatabase, settings: ServerSettings = ServerSettings(), serviceName: RawText = "",
    rateLimit: RateLimit? = nil, limits: Hello.Limits, kafka: KafkaSettings? = nil
  ) throws {
    self.kafka = try kafka.map { kafka throws(KafkaFailure) in try KafkaSink(kafka, database: database) }
    self.database = database
    self.settings = settings
    self.serviceName = serviceName
    self.rateLimit = rateLimit
    self.limits = limits
    streams = StreamBook(database: database)
    log = LogReader(database: database)
    publications = PublicationBook(database)
    watch = PublicationWatch(database)
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
  public func router() -> Router<CallContext> {
    let router = Router(context: CallContext.self)
    router.add(middleware: Identification<CallContext>(collectorID: database.id, telemetry: telemetry))
    router.add(
      middleware: Admission(
        tokens: TokenBook(database), limit: rateLimit, isBehindProxy: settings.isBehindProxy,
        telemetry: telemetry, tally: tally))
    addRoutes(to: router)
    return router
  }

  /// Answers those who wait for something to be published: the server is about to end.
  public func letGo() async { await watch.end() }

  /// Writes down what was counted and not yet written; the last thing that a server does. Not on a disk that has failed.
  public func finish() async throws {
    guard await intake.isHealthy, let counts = tally.take(now: true) else { return }
    try await database.write { db in try counts.write(db) }
  }

  func addRoutes(to router: some RouterMethods<CallContext>) {
    addService(to: router)
    addStreams(to: router)
    addEvents(to: router)
    addInbox(to: router)
    addBlobs(to: router)
    addBundles(to: router)
  }

  /// The server; `ready` hears the port once requests are answered.
  public func application(ready: @escaping @Sendable (Int) async -> Void) -> some ApplicationProtocol {
    var logger = Logger(label: "mds-collector")
    logger.logLevel = .error
    let (settings, guests) = (settings, guests)
    return Application(
      router: router(),
      server: HTTPServerBuilder { responder in Door(settings, guests: guests, responder: responder) },
      configuration: .init(
        address: .hostname(settings.host, port: settings.port), serverName: Collector.program,
        availableConnectionsDelegate: .maximum(settings.connections, logger: logger)),
      onServerRunning: { channel in await ready(channel.localAddress?.port ?? settings.port) }, logger: logger)
  }
}
