internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

/// Takes what was said out of the log.
struct RedactCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "redact",
    abstract: "Take what an event says out of the log, for good; its place and its hash stay.",
    discussion: """
      Exports, readers and colleagues get nothing of it from now on, except those who have fetched it before. The chain \
      still verifies, and the same event does not come back when a device sends it again. Backups of before still have \
      it: make a new one, and delete those. An analyst's own redaction is done when it comes in, without this.
      """)

  @Argument(help: "The event, by its 32 digits or the first eight or more.")
  var event: String?

  @Option(
    name: .customLong("case"),
    help:
      """
      Everything that was said about this case, by its 32 digits or the first eight or more; what analysts asked to have removed stays, since \
      colleagues' tools obey it.
      """)
  var caseID: String?

  @Option(help: "Why; the audit keeps it.")
  var reason: String

  @OptionGroup var file: DatabaseOption

  private func target(in database: CollectorDatabase) throws -> Redaction.Target {
    if let event { return .event(try LogDigits(database).eventID(event)) }
    return .of(try LogDigits(database).caseID(caseID ?? ""))
  }

  func validate() throws {
    guard (event == nil) != (caseID == nil) else { throw ValidationError("name an event, or --case") }
    guard !reason.isEmpty else { throw ValidationError("--reason is empty: the audit needs it") }
  }

  func run() throws {
    let database = try file.open()
    let count = try Redaction(database).run(try target(in: database), reason: reason)
    if database.isScrubOwed {
      StandardError.write(
        "the database's files may still have the words: somebody reads, or the server did not do it; the same once more"
      )
    }
    try database.close()
    try StandardOutput.write(
      count == 0
        ? "it was redacted before"
        : "\(count) \(count == 1 ? "row of the log says" : "rows of the log say") nothing any more")
  }
}
