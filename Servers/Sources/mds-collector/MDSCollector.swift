internal import ArgumentParser
internal import Collector

/// The researchers' side of mds.
@main
struct MDSCollector: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mds-collector",
    abstract: "Receives, keeps and serves what analysts say of predictions.",
    version: Collector.program,
    subcommands: [ServeCommand.self, TokenCommand.self, BackupCommand.self, RestoreCommand.self])
}

/// The option that every command has.
struct DatabaseOption: ParsableArguments {
  @Option(help: ArgumentHelp("The collector's database.", valueName: "file"))
  var database: String

  func open() throws -> CollectorDatabase { try CollectorDatabase(path: database) }
}
