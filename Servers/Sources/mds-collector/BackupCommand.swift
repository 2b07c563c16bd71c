internal import ArgumentParser
internal import Collector

/// Copies the database while a server may run.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the database; what the copy holds counts as archived.",
    discussion: "Analysts' tools keep every event until it is in such a copy: make one every day, on another disk.")

  @OptionGroup var file: DatabaseOption

  @Option(help: ArgumentHelp("The new file.", valueName: "file"))
  var output: String

  func run() throws {
    let database = try file.open()
    try Backup.make(of: database, to: output)
    try database.close()
  }
}

/// Puts a copy in the database's place.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the database; stop the server first.",
    discussion: "A new epoch begins: every analyst's tool proves anew what is held and sends what is missing.")

  @OptionGroup var file: DatabaseOption

  @Option(help: ArgumentHelp("The backup.", valueName: "file"))
  var from: String

  func run() throws { try Backup.restore(from, to: file.location) }
}
