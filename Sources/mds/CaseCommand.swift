import ArgumentParser
import Domain
import Operations
import Workbench

/// One case, for a report.
struct CaseCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case", abstract: "Show a case of the ledger.", subcommands: [Show.self])

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show one case as text.")

    @Argument(help: "Its number, or the beginning of its hexadecimal id.") var name: String
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let text = try await Attempt.run { () async throws(Problem) in try await workspace.outline(ofCaseNamed: name).text
      }
      print(text, terminator: "")
    }
  }
}
