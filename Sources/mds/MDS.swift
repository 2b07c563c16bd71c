import ArgumentParser

/// The analyst's workbench for a model deployment service.
struct MDS: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mds", abstract: "The analyst's workbench for a model deployment service.",
    discussion: "Everything but inference works without the service; what you save stays in a ledger on this machine.",
    version: "mds 0.1",
    subcommands: [
      DemoCommand.self, WorkbenchCommand.self, ModelsCommand.self, InferCommand.self, CaseCommand.self,
      FeedbackCommand.self, ConnectCommand.self, SyncCommand.self, LedgerCommand.self, KeysCommand.self,
    ])
}
