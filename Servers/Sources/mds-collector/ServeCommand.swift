internal import ArgumentParser
internal import Collector
internal import Domain
internal import Hummingbird
internal import SyncProtocol

/// Serves a database.
struct ServeCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "serve",
    abstract: "Receive and serve events.",
    discussion: """
      Once it answers it prints one line of JSON with its url. Over a network it speaks plain HTTP only to a proxy \
      that ends TLS before it (--behind-tls-proxy).
      """)

  @Option(help: "The port; 0 takes a free one.")
  var port = 0

  @Option(help: "The address to listen at.")
  var host = "127.0.0.1"

  @Flag(help: "Listen beyond this machine, where a proxy ends TLS.")
  var behindTLSProxy = false

  @OptionGroup var file: DatabaseOption

  @Flag(help: "End when standard input closes.")
  var stdinCloses = false

  @Option(help: "For demonstrations: make a token for this analyst and print it. May be repeated.")
  var demoAnalyst: [String] = []

  @OptionGroup var kafka: KafkaOptions

  func validate() throws {
    guard behindTLSProxy || ["127.0.0.1", "::1", "localhost"].contains(host) else {
      throw ValidationError("beyond this machine only behind a proxy that ends TLS: add --behind-tls-proxy")
    }
    guard (0...65535).contains(port) else { throw ValidationError("a port is a number from 0 to 65535") }
  }

  func run() async throws {
    let database = try file.open(creating: true)
    let lock = try database.serve()
    defer { withExtendedLifetime(lock) {} }
    let tokens = try demoTokens(TokenBook(database))
    let collector = try Collector(database, kafka: try kafka.settings())
    if stdinCloses { StandardInput.endWhenClosed() }
    let host = host
    let application = collector.application(host: host, port: port) { port in
      let name = host.contains(":") ? "[\(host)]" : host
      var members = [
        JSON.Member("url", .text("http://\(name):\(port)")), JSON.Member("collector_id", .text(database.id)),
      ]
      if !tokens.isEmpty { members.append(JSON.Member("tokens", .object(tokens))) }
      StandardOutput.write(JSON.object(members).serializedString)
    }
    let sending = Task { await collector.sendOn() }
    try await application.runService()
    sending.cancel()
    await sending.value
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
