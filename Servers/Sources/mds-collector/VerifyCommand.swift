internal import ArgumentParser
internal import Collector
internal import Domain

/// Looks whether everything is as it was written.
struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Walk every chain from its stored bytes, and name the first bad link of each.",
    discussion: """
      Looks at every stream (each body against its hash, each hash against its place and the one before, the columns \
      against the body, aliases against what they stand for, what a backup holds), at the audit, and at publications and \
      tokens against what the audit says of them, and at large contents against their hashes. A server may run meanwhile. Ends with 0 where all is as it was \
      written, with 1 where something is not.
      """)

  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var file: DatabaseOption

  func run() throws {
    let database = try file.open()
    let began = ContinuousClock.now
    let report = try Verification(database).run()
    let seconds = (ContinuousClock.now - began) / .seconds(1)
    try database.close()
    if json {
      try StandardOutput.write(report.json(seconds: seconds).serializedString)
    } else {
      for fault in report.faults { try StandardOutput.write(StandardOutput.plain(fault.description)) }
      try StandardOutput.write(report.summary(seconds: seconds))
    }
    if !report.faults.isEmpty { throw ExitCode(1) }
  }
}

extension Verification.Report {
  fileprivate func summary(seconds: Double) -> String {
    let end = faults.isEmpty ? "all as it was written" : "\(faults.count) places are not as they were written"
    return
      "\(events) events in \(streams) streams, \(complete) complete (\(withoutBody) without a body), "
      + "\(auditEntries) entries of the audit, "
      + "\(publications) publications, \(tokens) tokens, \(contents) contents"
      + (missingContents == 0
        ? "" : " (\(missingContents) that views name are not here: on their way)")
      + ": \(end); \((seconds * 100).rounded() / 100) s"
  }

  fileprivate func json(seconds: Double) -> JSON {
    .object([
      "streams": .integer(Int64(streams)), "complete": .integer(Int64(complete)), "events": .integer(Int64(events)),
      "without_body": .integer(Int64(withoutBody)), "audit_entries": .integer(Int64(auditEntries)),
      "publications": .integer(Int64(publications)), "tokens": .integer(Int64(tokens)),
      "contents": .integer(Int64(contents)), "missing_contents": .integer(Int64(missingContents)),
      "seconds": .number(seconds),
      "faults": .array(
        faults.map { fault in
          .object([
            "place": .text(fault.place), "number": fault.number.map { .integer(Int64($0)) } ?? .null,
            "reason": .text(fault.reason),
          ])
        }),
    ])
  }
}
