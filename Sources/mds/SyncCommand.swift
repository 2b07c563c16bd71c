import ArgumentParser
import Domain
import Operations
import SafeText

/// One exchange with the collector.
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Send what waits to the collector, and fetch what colleagues said and researchers published.",
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
          "new_catalogue": .bool(summary.hasNewCatalogue),
          "problem": summary.problem.map { .text($0.summary) } ?? .null,
          "next_try": summary.nextTry.map { .text($0.description) } ?? .null,
        ]).serializedString)
    } else {
      let rest = summary.waiting == 0 ? "nothing waits" : "\(summary.waiting) wait"
      print("\(summary.sent) sent, \(summary.received) received, \(summary.fetched) fetched; \(rest)")
      if summary.hasNewCatalogue { print("the researchers' catalogue changed; mds signature shows what it says") }
    }
    guard let problem = summary.problem else { return }
    Standard.error(Failure(problem).description + "\n")
    if summary.nextTry == nil { throw ExitCode(4) }
  }
}
