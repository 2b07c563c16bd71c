import ArgumentParser
import Domain
import Glibc
import Operations
import SafeText
import Transport

/// Enrols this device at the researchers' collector.
struct ConnectCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect", abstract: "Enrol this device at the researchers' collector.",
    discussion: """
      The token that the researchers gave you says who you are; keep it in a file that only you can read. What you \
      saved in this context before goes to the collector too, under the name that it was saved with.
      """)

  @Argument(help: "The collector's address: https, or http on this machine.") var address: String
  @Option(help: "The file that holds the token.") var tokenFile: String?
  @Option(help: "A command that prints the token; its words are split at spaces.") var tokenCommand: String?
  @Option(help: "A PEM file of the authorities to trust, in place of the system's.") var caFile: String?
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard (tokenFile == nil) != (tokenCommand == nil) else {
      throw ValidationError("give --token-file or --token-command: the token itself is never an argument")
    }
  }

  func run() async throws {
    var token: TokenSource?
    if let tokenFile { token = .file(path: Files.absolute(tokenFile)) }
    if let tokenCommand { token = .command(tokenCommand.split(separator: " ").map(String.init)) }
    let endpoint = CollectorEndpoint(
      address: address, token: token, authorityPath: caFile.map { Files.absolute($0) })
    let context = try target.resolved()
    let result = try await Attempt.run { () async throws(Problem) in
      try await Connection.connect(context, to: endpoint)
    }
    if json {
      print(
        JSON.object([
          "collector": .text(endpoint.address), "collector_id": .string(result.collectorID),
          "analyst": .string(result.analyst), "device": .string(result.device),
          "waiting": .integer(Int64(result.waiting)),
        ]).serializedString)
      return
    }
    print("enrolled at \(endpoint.address) as \(SafeText(bytes: result.analyst.bytes).text)")
    if !result.canWrite { print("the token cannot send: what you save stays here") }
    if !result.canRead { print("the token cannot read: colleagues' judgements stay unseen") }
    if result.waiting > 0 { print("\(result.waiting) events wait: mds sync sends them") }
  }
}

/// One exchange with the collector.
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync", abstract: "Send what waits to the collector, and fetch what colleagues said.",
    discussion: """
      Ends with 0 also when the collector does not answer: what you save is kept and sent another time. Ends with 4 \
      where a person has to act.
      """)

  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let summary = try await Attempt.run { () async throws(Problem) in try await workspace.sync() }
    if json {
      print(
        JSON.object([
          "sent": .integer(Int64(summary.sent)), "received": .integer(Int64(summary.received)),
          "fetched": .integer(Int64(summary.fetched)), "waiting": .integer(Int64(summary.waiting)),
          "problem": summary.problem.map { .text($0.summary) } ?? .null,
          "next_try": summary.nextTry.map { .text($0.description) } ?? .null,
        ]).serializedString)
    } else {
      let rest = summary.waiting == 0 ? "nothing waits" : "\(summary.waiting) wait"
      print("\(summary.sent) sent, \(summary.received) received, \(summary.fetched) fetched; \(rest)")
    }
    guard let problem = summary.problem else { return }
    Standard.error(Failure(problem).description + "\n")
    if summary.nextTry == nil { throw ExitCode(4) }
  }
}
