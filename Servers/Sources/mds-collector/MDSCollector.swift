internal import ArgumentParser
internal import Collector
internal import Glibc

/// The researchers' side of mds.
@main
struct MDSCollector: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "mds-collector",
    abstract: "Receives, keeps and serves what analysts say of predictions.",
    discussion: "mds-collector --version says which one this is.",
    subcommands: [
      ServeCommand.self, TokenCommand.self, ImportCommand.self, PublishCommand.self, AnswersCommand.self,
      ExportCommand.self, StreamsCommand.self, BackupCommand.self, RestoreCommand.self, VerifyCommand.self,
      RedactCommand.self, AuditCommand.self,
    ])

  static func main() async {
    // A reader that has gone and a file that may not grow are errors to handle, not ends of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    do {
      // The configuration's own would be an option of every command, also of one that has another meaning for it.
      if CommandLine.arguments.dropFirst() == ["--version"] { return try StandardOutput.write(Collector.program) }
      var command = try parseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch let fault as Unusable {
      StandardError.write("Error: \(fault)")
      Glibc.exit(Unusable.status)
    } catch {
      exit(withError: error)
    }
  }
}

/// The option that every command has.
struct DatabaseOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The collector's database: a file of SQLite's, or a postgresql:// address. A password stands in ~/.pgpass, never \
      in the address.
      """, valueName: "file|address"))
  var database: String

  var location: DatabaseLocation { get throws { try DatabaseLocation(database) } }

  func validate() throws {
    do throws(CollectorError) {
      _ = try DatabaseLocation(database)
    } catch {
      throw ValidationError(error.description)
    }
  }

  /// Only `serve` and `token create` make a database where there is none: elsewhere the path is mistaken.
  func open(creating: Bool = false) throws -> CollectorDatabase {
    try CollectorDatabase(at: location, creating: creating)
  }
}
