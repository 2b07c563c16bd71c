internal import ArgumentParser
internal import Collector
internal import SyncProtocol

/// Copies the database while a server may run.
struct BackupCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backup",
    abstract: "Copy the database; what the copy holds counts as archived.",
    discussion: """
      Analysts' tools keep every event until it is in such a copy: make one every day, on another disk. Of SQLite it is \
      a database again, of PostgreSQL a dump by pg_dump. Where copies are made by other means (pg_basebackup, snapshots), \
      take --place before, and give it to --made once the copy is safe.
      """)

  @OptionGroup var file: DatabaseOption

  @Option(help: ArgumentHelp("The new file.", valueName: "file"))
  var output: String?

  @Flag(help: "Print where the log stands, and copy nothing.")
  var place = false

  @Option(
    help: ArgumentHelp(
      "What came in up to here is in a copy that was made by other means: count it as archived.", valueName: "place"))
  var made: CursorArgument?

  func validate() throws {
    guard [output != nil, place, made != nil].count(where: { $0 }) == 1 else {
      throw ValidationError("one of --output, --place and --made says what to do")
    }
  }

  func run() throws {
    let database = try file.open()
    if let output { try Backup.make(of: database, to: output) }
    if place { try StandardOutput.write(Backup.place(in: database).text) }
    if let made { try Backup.wasMade(of: database, upTo: made.cursor) }
    try database.close()
  }
}

/// Puts a copy in the database's place.
struct RestoreCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "restore",
    abstract: "Put a backup in the place of the database; stop the server first.",
    discussion: """
      A new epoch begins: every analyst's tool proves anew what is held and sends what is missing. In PostgreSQL it goes \
      into a database that holds no collector yet. Of SQLite's everything in the backup is verified before anything is \
      changed, and the database that was there stays beside it, as FILE.replaced, FILE.replaced-2 and so on; the tokens \
      and keys that are revoked in it stay revoked. Where it cannot be asked (a new disk, PostgreSQL, --done), who was \
      revoked since the backup is in force again: look through `token list`, and revoke them once more.
      """)

  @OptionGroup var file: DatabaseOption

  @Option(help: ArgumentHelp("The backup.", valueName: "file"))
  var from: String?

  @Flag(help: "A copy was put in place by other means: only begin the new epoch.")
  var done = false

  func validate() throws {
    guard (from != nil) != done else { throw ValidationError("say --from FILE, or --done") }
  }

  func run() throws {
    guard let from else {
      try Backup.wasRestored(at: file.location)
      return StandardError.write(RestoreCommand.forgotten)
    }
    let restored = try Backup.restore(from, to: file.location)
    if let old = restored.replaced {
      StandardError.write(
        "the database of before is \(old) now; tokens, publications and decisions made after the backup are in it alone"
      )
    }
    switch restored.revoked {
    case nil: StandardError.write(RestoreCommand.forgotten)
    case 0?: break
    case let count?:
      StandardError.write(
        "revoked as in the database of before: \(count) token\(count == 1 ? " or key" : "s or keys")")
    }
  }

  private static let forgotten =
    "tokens and keys that were revoked after the backup are in force again: `token list` shows them, `token revoke` revokes"
    + " them once more"
}
