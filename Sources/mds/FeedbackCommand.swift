import ArgumentParser
import Domain
import Operations
import Workbench

/// What was judged.
struct FeedbackCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "feedback", abstract: "List, show, check and export what was judged.",
    subcommands: [List.self, Show.self, Verify.self, Export.self])

  struct List: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the events of this ledger.")

    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      for line in try await Attempt.run({ () async throws(Problem) in try await workspace.eventLines() }) {
        print(line)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify", abstract: "Walk the hash chain of every stream.")

    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let found = try await Attempt.run { () async throws(Problem) in try await workspace.verification() }
      if let fault = found.fault {
        print(fault)
        throw ExitCode(1)
      }
      print("every chain is whole: \(found.verified) events")
    }
  }
}
