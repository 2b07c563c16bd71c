import ArgumentParser
import Domain
import Operations
import Workbench

/// One case, for a report.
struct CaseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "case", abstract: "Show a case of the ledger.", subcommands: [Show.self],
    defaultSubcommand: Show.self)

  /// How a case is written.
  enum Form: String, ExpressibleByArgument, CaseIterable {
    case text, md, json
  }

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one case as text, as Markdown for a report, or as JSON.",
      discussion: "The JSON is a line that `mds cases import` reads.")

    @Argument(help: "Its number, or the first digits of its id.") var name: String
    @Option(help: "text, md or json.") var format: Form?
    @Flag(help: "The same as --format json.") var json = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      try await Attempt.run { () async throws(Problem) in
        switch json ? .json : format ?? .text {
        case .text: Standard.lines(workspace.framed(try await workspace.outline(ofCaseNamed: name).lines))
        case .md:
          let text = try await workspace.outline(ofCaseNamed: name).markdown
          let lines = text.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
          Standard.lines(workspace.framed(lines))
        case .json: Standard.json([PredictionLine.json(try await workspace.case(named: name))])
        }
      }
    }
  }
}
