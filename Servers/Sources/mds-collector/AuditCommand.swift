internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

/// Shows the audit.
struct AuditCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "audit",
    abstract: "Show who did what: tokens, enrolments, publications, exports, reads, imports, backups, redactions.",
    discussion: """
      Each line is chained to the one before by its hash; `verify` walks the chain. Keep the last line's hash somewhere \
      else, or have /metrics collected: whoever has it knows whether anything before it was changed.
      """)

  @Option(help: ArgumentHelp("Only what was done at this time (UTC, ISO 8601) or later.", valueName: "time"))
  var since: TimeArgument?

  @Flag(help: "Print a JSON object a line, with the hashes.") var json = false
  @OptionGroup var file: DatabaseOption

  func run() throws {
    let database = try file.open()
    try AuditBook(database).forEach(since: since?.time) { entry in
      try StandardOutput.write(json ? entry.json.serializedString : entry.line)
    }
    try database.close()
  }
}

extension AuditEntry {
  fileprivate var line: String {
    [String(number), at, actor, action, object, detail, String(hash.hex.prefix(16))].map(StandardOutput.plain)
      .joined(separator: "\t")
  }

  fileprivate var json: JSON {
    .object([
      "number": .integer(number), "at": .text(at), "actor": .text(actor), "action": .text(action),
      "object": .text(object), "detail": (try? JSON(parsing: detail)) ?? .text(detail), "prev": .text(prev.hex),
      "hash": .text(hash.hex),
    ])
  }
}

/// A time as it is typed: `2026-11-23` or `2026-11-23T12:00:00Z`.
struct TimeArgument: ExpressibleByArgument {
  var time: Timestamp

  init?(argument: String) {
    guard let time = Timestamp(argument) else { return nil }
    self.time = time
  }
}
