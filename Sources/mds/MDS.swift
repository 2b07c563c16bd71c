import ArgumentParser
import Domain
import Operations

/// The analyst's workbench for a model deployment service.
struct MDS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mds", abstract: "The analyst's workbench for a model deployment service.",
    discussion: """
      Examples:
        mds                     the workbench on the current context
        mds demo                the workbench on a service of its own, with real models
        mds infer wine --input records.csv --output answers.jsonl

      Everything but inference works without the service; what you save stays in a ledger on this machine. Exit \
      status: 0 done, 1 failed, 2 wrong use, 3 the service cannot be reached, 4 a person has to choose, 5 the input \
      cannot be used.
      """,
    version: Workspace.tool.string,
    subcommands: [
      WorkbenchCommand.self, DemoCommand.self, ModelsCommand.self, SignatureCommand.self, InferCommand.self,
      GenerateCommand.self, ExplainCommand.self,
      DriftCommand.self, CasesCommand.self, CaseCommand.self, FeedbackCommand.self, ConnectCommand.self,
      SyncCommand.self, InboxCommand.self, PullCommand.self, LedgerCommand.self, ConfigCommand.self, DoctorCommand.self,
      KeysCommand.self, ThemesCommand.self,
      CompletionsCommand.self, ManualCommand.self,
    ],
    defaultSubcommand: WorkbenchCommand.self)
}
