internal import ArgumentParser
internal import Collector
internal import Domain
internal import Glibc
internal import Hummingbird
internal import NIOCore
internal import SyncProtocol

/// Serves a database.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Receive and serve events.",
    discussion: """
      Once it answers it prints one line of JSON with its url. Over a network it speaks TLS (--tls-certificate, \
      --tls-key), or plain HTTP to a proxy that ends TLS before it (--behind-tls-proxy). SIGHUP reads the certificate \
      and the key again; connections that stand go on. SIGTERM takes no more connections, answers what is under way and \
      ends.
      """)

  @Option(help: "The port; 0 takes a free one.")
  var port = 0

  @Option(help: "The address to listen at.")
  var host = "127.0.0.1"

  @OptionGroup var tls: TLSOptions

  @Option(
    help: ArgumentHelp(
      """
      What the analysts' deployment service is called in the identity of its cases, so that a case is the same at all of \
      them; else each calls it as its context. Whoever connects from then on takes it up.
      """, valueName: "name"))
  var serviceName: String?

  @Option(
    help: ArgumentHelp(
      """
      The oldest mds that is to send, such as 1.4. An older one keeps what is saved on its machine, tells the analyst to \
      update, and asks again.
      """, valueName: "version"))
  var minClient: String?

  @OptionGroup var bundles: BundleOptions
  @OptionGroup var limits: LimitOptions
  @OptionGroup var file: DatabaseOption

  @Flag(help: "End when standard input closes.")
  var stdinCloses = false

  @Option(help: "For demonstrations: make a token for this analyst and print it. May be repeated.")
  var demoAnalyst: [String] = []

  @OptionGroup var kafka: KafkaOptions

  func validate() throws {
    guard tls.isEncrypted || ["127.0.0.1", "::1", "localhost"].contains(host) else {
      throw ValidationError(
        "plain HTTP only on this machine: give --tls-certificate and --tls-key, or --behind-tls-proxy where a proxy ends"
          + " TLS")
    }
    if let serviceName, serviceName.isEmpty || serviceName.count > 200 || serviceName.contains(where: \.isNewline) {
      throw ValidationError("--service-name is one line of 1 to 200 characters")
    }
    if let minClient, ProgramVersion(text: minClient) == nil {
      throw ValidationError("--min-client is a version: one to three numbers with dots between, such as 1.4")
    }
    for name in demoAnalyst {
      if let fault = TokenName.fault(in: name) { throw ValidationError("the name of --demo-analyst \(fault)") }
    }
    guard (0...65535).contains(port) else { throw ValidationError("a port is a number from 0 to 65535") }
  }

  func run() async throws {
    var settings = limits.settings
    settings.host = host
    settings.port = port
    settings.isBehindProxy = tls.behindTLSProxy
    settings.minimumClient = minClient.flatMap { ProgramVersion(text: $0) }
    settings.identity = try tls.files.map { try TLSIdentity($0) }
    if let identity = settings.identity { Signals.tell(identity) }
    settings.bundles = try bundles.settings(beside: file.location)
    // Before a database is made that nobody wants.
    let place = ListeningPlace(host: host, port: port)
    try place.require()
    let database = try file.open(creating: true)
    let lock = try database.serve()
    defer { withExtendedLifetime(lock) {} }
    let tokens = try demoTokens(TokenBook(database))
    let collector = try Collector(
      database, settings: settings, serviceName: RawText(serviceName ?? ""),
      rateLimit: limits.rate.map { RateLimit($0) }, kafka: try kafka.settings())
    if stdinCloses { StandardInput.endWhenClosed() }
    let signals = Signals(identity: settings.identity, stopSeconds: limits.stopTimeout) {
      Task { await collector.letGo() }
    }
    defer { withExtendedLifetime(signals.sources) {} }
    let (name, scheme) = (host.contains(":") ? "[\(host)]" : host, settings.identity == nil ? "http" : "https")
    let application = collector.application { port in
      var members = [
        JSON.Member("url", .text("\(scheme)://\(name):\(port)")), JSON.Member("collector_id", .text(database.id)),
      ]
      if !tokens.isEmpty { members.append(JSON.Member("tokens", .object(tokens))) }
      // Whoever cannot hear where it listens is no reason not to receive.
      try? StandardOutput.write(JSON.object(members).serializedString)
    }
    await database.cleanUp()
    let sending = Task { await collector.sendOn() }
    do {
      try await application.runService()
    } catch let error as IOError where error.errnoCode == EADDRINUSE {
      throw place.refusal(error.errnoCode)
    }
    sending.cancel()
    await sending.value
    try await collector.finish()
    try database.close()
  }

  private func demoTokens(_ book: TokenBook) throws -> [JSON.Member] {
    try demoAnalyst.map { analyst in
      try book.revoke(analyst: analyst, device: "demo")
      let secret = try book.create(analyst: analyst, device: "demo", scopes: [.write, .read])
      return JSON.Member(RawText(analyst), .text(secret))
    }
  }
}

/// Who ends TLS, and with what.
struct TLSOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp("A PEM file with the certificate, then those between it and its authority.", valueName: "file"))
  var tlsCertificate: String?

  @Option(help: ArgumentHelp("Its key, a PEM file for the owner alone to read.", valueName: "file"))
  var tlsKey: String?

  @Option(
    help: ArgumentHelp(
      "Let in only clients that show a certificate of an authority in this PEM file.", valueName: "file"))
  var tlsClientCA: String?

  @Flag(
    help: "Speak plain HTTP beyond this machine: a proxy ends TLS, and says in X-Forwarded-For who asks.")
  var behindTLSProxy = false

  var isEncrypted: Bool { behindTLSProxy || tlsCertificate != nil }

  var files: TLSIdentity.Files? {
    guard let tlsCertificate, let tlsKey else { return nil }
    return TLSIdentity.Files(certificate: tlsCertificate, key: tlsKey, clientAuthorities: tlsClientCA)
  }

  func validate() throws {
    guard (tlsCertificate == nil) == (tlsKey == nil) else {
      throw ValidationError("--tls-certificate and --tls-key go together")
    }
    guard tlsClientCA == nil || tlsCertificate != nil else {
      throw ValidationError("--tls-client-ca needs --tls-certificate and --tls-key")
    }
    guard !behindTLSProxy || tlsCertificate == nil else {
      throw ValidationError("either a proxy ends TLS or this server does: --behind-tls-proxy or --tls-certificate")
    }
  }
}

/// What the server bears.
struct LimitOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      Requests a minute of one token, or of one address without a token; 0 for no limit. A workbench makes four \
      requests an exchange, at most once a second.
      """, valueName: "n"))
  var rateLimit = 300

  @Option(help: ArgumentHelp("How many of them may come at once.", valueName: "n"))
  var rateBurst = 60

  @Option(help: ArgumentHelp("Connections that may stand at once; some more may for a moment.", valueName: "n"))
  var maxConnections = 512

  @Option(help: ArgumentHelp("How many of them from one address.", valueName: "n"))
  var maxConnectionsPerAddress = 64

  @Option(help: ArgumentHelp("How long a connection may stand still.", valueName: "seconds"))
  var idleTimeout = 60

  @Option(
    help: ArgumentHelp("How long a request may take to come; a second more for each KiB of it.", valueName: "seconds"))
  var requestTimeout = 30

  @Option(help: ArgumentHelp("How long a stop waits for what is under way.", valueName: "seconds"))
  var stopTimeout = 20

  var rate: TokenBucket.Rate? {
    rateLimit == 0 ? nil : TokenBucket.Rate(perMinute: rateLimit, burst: rateBurst)
  }

  var settings: ServerSettings {
    var settings = ServerSettings()
    settings.connections = maxConnections
    settings.connectionsOfOne = maxConnectionsPerAddress
    settings.idle = .seconds(idleTimeout)
    settings.request = .seconds(requestTimeout)
    return settings
  }

  func validate() throws {
    guard (0...1_000_000).contains(rateLimit) else { throw ValidationError("--rate-limit is from 0 to 1000000") }
    guard (TokenBucket.Rate.exchange...100_000).contains(rateBurst) else {
      throw ValidationError("--rate-burst is from \(TokenBucket.Rate.exchange), which one exchange takes, to 100000")
    }
    for (name, value) in [
      ("--max-connections", maxConnections),
      ("--max-connections-per-address", maxConnectionsPerAddress),
    ] where !(1...100_000).contains(value) {
      throw ValidationError("\(name) is from 1 to 100000")
    }
    for (name, value) in [
      ("--idle-timeout", idleTimeout), ("--request-timeout", requestTimeout), ("--stop-timeout", stopTimeout),
    ] where !(1...3600).contains(value) {
      throw ValidationError("\(name) is from 1 to 3600 seconds")
    }
  }
}
