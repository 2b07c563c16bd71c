import ArgumentParser
import ConfigurationFile
import Deployment
import Domain
import Operations
import SafeText
import Transport

/// Makes an address known: a service as a context, what measures or lists it beside that, a collector by enrolment.
struct ConnectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect",
    abstract: "Find out what speaks at an address, and write it into the configuration file.",
    discussion: """
      Examples:
        mds connect http://127.0.0.1:8080
        mds connect https://mesh.example:9000 --name prod --token-file ~/prod.token --ca-file lab.pem
        mds connect http://127.0.0.1:9090
        mds connect https://collector.example --token-file ~/collector.token

      MLServer, Triton, KServe, Seldon Core 1, the Envoy of Seldon Core 2 and mds-service become a context of their \
      own, which is chosen. The scheduler of Seldon Core 2, a Kubernetes API and Prometheus are added to the current \
      context. At the researchers' collector this device is enrolled: the token that they gave you says who you are, \
      and what you saved in the context before goes there too, under the name that it was saved with. A collector that \
      moved is connected at its new address: what was for it goes there. Nothing is called, loaded or changed at the \
      address.

      A credential is never an argument: keep it in a file that only you can read, or name a command that prints it.
      """)

  @Argument(help: "The address: https, or http on this machine.") var address: String
  @Option(help: "The context's name; for what is added to one, that context.") var name: String?
  @OptionGroup var credentials: EndpointOptions
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let endpoint = try credentials.endpoint(address, isInsecure: target.insecure)
    let discovered = try await Attempt.run { () async throws(Problem) in try await Connection.discover(endpoint) }
    if discovered.kind == .collector {
      try await enrol(endpoint)
      return
    }
    guard target.service == nil else {
      throw ValidationError("--service has a use with a collector only: the address is the argument")
    }
    let found = try await Attempt.run { () async throws(Problem) in
      try await Connection.write(discovered, at: endpoint, named: name ?? target.context, into: try UserSettings())
    }
    if json { Standard.json([found.json(address)]) } else { Standard.lines(found.lines(address)) }
  }

  private func enrol(_ endpoint: EndpointSettings) async throws {
    guard endpoint.token != nil else {
      throw Failure(
        Problem(
          "A collector answers there, and asks who you are.",
          advice: "Name the file with the token that the researchers gave you: --token-file FILE.", kind: .invalidInput)
      )
    }
    let collector = CollectorEndpoint(endpoint)
    var target = target
    target.context = name ?? target.context
    let context = try target.resolved()
    let result = try await Attempt.run { () async throws(Problem) in
      try await Connection.connect(context, to: collector)
    }
    if json {
      Standard.json([
        .object([
          "kind": "collector", "collector": .text(collector.address), "collector_id": .string(result.collectorID),
          "analyst": .string(result.analyst), "device": .string(result.device),
          "former_addresses": .array(result.formerAddresses.map { .text($0) }),
          "service_name": .string(result.serviceName), "waiting": .integer(Int64(result.waiting)),
        ])
      ])
      return
    }
    Standard.line("enrolled at \(collector.address) as \(result.analyst.string)")
    if !result.canWrite { Standard.line("the token cannot send: what you save stays here") }
    if !result.canRead { Standard.line("the token cannot read: colleagues' judgements stay unseen") }
    if let words = result.serviceWords { Standard.line(words) }
    for address in result.formerAddresses {
      Standard.line("it is the collector that was at \(address): what went there comes here now")
    }
    if result.waiting > 0 { Standard.line("mds sync sends what waits: \(result.waiting)") }
  }
}

/// How an endpoint that is not in the file yet is reached.
struct EndpointOptions: ParsableArguments {
  @Option(help: "The file that holds the token.", completion: .file()) var tokenFile: String?
  @Option(help: "A command that prints the token; its words are split at spaces.") var tokenCommand: String?
  @Option(help: "A PEM file of the authorities to trust, in place of the system's.", completion: .file())
  var caFile: String?
  @Option(help: "A PEM file with the certificate that says who you are.", completion: .file()) var certificate: String?
  @Option(help: "Its key, for you alone to read.", completion: .file()) var key: String?
  @Option(help: "The SHA-256 of the server's public key in base64; may be given again.") var pin: [String] = []
  @Option(help: "The name that a mesh routes by, where it is not the address's.") var host: String?
  @Option(help: "The way there: none, or the address of a proxy; else as https_proxy and no_proxy say.")
  var proxy: String?

  func validate() throws {
    guard tokenFile == nil || tokenCommand == nil else {
      throw ValidationError("give --token-file or --token-command, not both")
    }
    guard (certificate == nil) == (key == nil) else { throw ValidationError("--certificate and --key go together") }
    for text in pin where !EndpointSettings.isDigest(text) {
      throw ValidationError("--pin \(text): a pin is the SHA-256 of a public key in base64, 44 characters")
    }
  }

  func endpoint(_ address: String, isInsecure: Bool) throws -> EndpointSettings {
    var token: EndpointSettings.Token?
    if let tokenFile { token = .file(Files.absolute(tokenFile)) }
    if let tokenCommand { token = .command(tokenCommand.split(separator: " ").map(String.init)) }
    var url = URLParts.withoutEndingSlashes(address)
    if url.hasSuffix("/v2") { url.removeLast(3) }
    return EndpointSettings(
      url: url, isInsecure: isInsecure, authority: caFile.map { Files.absolute($0) },
      certificate: certificate.map { Files.absolute($0) }, key: key.map { Files.absolute($0) }, token: token, pins: pin,
      proxy: proxy, host: host)
  }
}

extension Connection.Found {
  func json(_ address: String) -> JSON {
    .object([
      "kind": .text(discovered.kind.word), "name": .string(discovered.name), "version": .string(discovered.version),
      "address": .text(address), "context": .text(context), "known": .bool(wasKnown),
      "models": models.map { .integer(Int64($0.all)) } ?? .null,
      "ready": models.map { .integer(Int64($0.ready)) } ?? .null,
      "problem": listProblem.map { .text($0.summary) } ?? .null,
    ])
  }

  func lines(_ address: String) -> [String] {
    // The version that Seldon Core 1 tells is its model's.
    let isModels = discovered.kind == .service(.seldonV1)
    let version = discovered.version.isEmpty || isModels ? "" : " " + discovered.version.string
    var lines = ["\(discovered.kind.title)\(version) at \(address)"]
    guard case .service(let kind) = discovered.kind else {
      return lines + ["context \(context) \(wasKnown ? "has it already" : "has it now")"]
    }
    if let models { lines[0] += ": \(models.all) \(models.all == 1 ? "model" : "models"), \(models.ready) ready" }
    lines.append("context \(context) \(wasKnown ? "was there already" : "written") and chosen")
    if kind == .seldonCore2 {
      lines.append("Envoy lists no models: `mds connect` its scheduler (port 9004) or the Kubernetes API as well")
    }
    if let listProblem { lines += ["its models could not be listed: \(listProblem.summary)", listProblem.advice] }
    return lines + ["`mds` opens the workbench, `mds models` lists what is served"]
  }
}
