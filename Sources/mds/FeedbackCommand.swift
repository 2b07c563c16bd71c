import ArgumentParser
import Domain
import Operations

/// What was judged.
struct FeedbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feedback", abstract: "List, show, check, sum up, export and redact what was judged.",
    subcommands: [List.self, Show.self, LedgerCommand.Verify.self, Stats.self, Export.self, Redact.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the events of this ledger.")

    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      // Labels and notes are foreign text.
      let lines = try await Attempt.run { () async throws(Problem) in try await workspace.eventLines() }
      Standard.lines(workspace.framed(lines))
    }
  }
}
