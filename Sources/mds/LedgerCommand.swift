import ArgumentParser
import Domain
import Operations

/// The ledger as a file.
struct LedgerCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ledger", abstract: "Say where the ledger is and what it holds; check, copy, move, purge and end it.",
    subcommands: [Show.self, Verify.self, Backup.self, Restore.self, Move.self, Purge.self, LedgerEnd.self],
    defaultSubcommand: Show.self)

  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Say where the ledger is and what it holds.")

    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let report = try await Attempt.run { () async throws(Problem) in try await workspace.ledgerReport() }
      if json {
        Standard.json([report.json])
        return
      }
      Standard.lines(
        [
          "ledger   \(report.path)", "size     \(report.bytes) bytes", "cases    \(report.cases)",
          "events   \(report.events)", "drafts   \(report.drafts)", "waiting  \(report.waiting)",
        ] + report.kinds.map { "  \($0.count) \($0.kind.string)" })
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "verify",
      abstract: "Walk the hash chain of every stream, and look at contents and at SQLite's pages.",
      discussion: """
        Once a day, and when a session ends, the workbench signs where the stream stands with the device's key: a past that was \
        written anew with all its hashes is found by that. A signature of another key is told: a ledger that was put back on \
        another machine has some.
        """)

    @Flag(help: "Print one JSON object.") var json = false
    @Flag(help: "Work out anew from the events what stands on each case, before they are compared.") var rebuild = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      if rebuild { try await Attempt.run { () async throws(Problem) in try await workspace.rebuildStanding() } }
      let found = try await Attempt.run { () async throws(Problem) in try await workspace.verification() }
      if json {
        Standard.json([
          .object([
            "verified": .integer(Int64(found.verified)), "fault": found.fault.map { .text($0) } ?? .null,
            "unreadable": .array(found.unreadable.map { .text($0) }),
            "signed": .integer(Int64(found.signed.here)), "signed_elsewhere": .integer(Int64(found.signed.elsewhere)),
            "signed_up_to": found.pinned.map { .integer(Int64($0.seq)) } ?? .null,
            "signed_text": found.pinned.map { .text($0.message) } ?? .null,
            "signature": found.pinned.map { .text($0.signature) } ?? .null,
          ])
        ])
      } else {
        Standard.line(found.fault ?? "every chain is whole: \(found.verified) events")
        Standard.lines(found.unreadable)
        if let pinned = found.pinned {
          Standard.line("signed with this device's key up to #\(pinned.seq), on \(pinned.at.dayText)")
        }
        if found.signed.elsewhere > 0 {
          Standard.line(
            "\(found.signed.elsewhere) signed with another key: by another device, or by whoever had the file")
        }
      }
      if found.fault != nil { throw ExitStatus.failure.code }
    }
  }

  struct Backup: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "backup", abstract: "Write a whole copy of the ledger to a new file.")

    @Argument(help: "The new file.", completion: .file()) var file: String
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      try await Attempt.run { () async throws(Problem) in
        try await workspace.backUpLedger(to: Files.absolute(file))
      }
      Standard.errorLine("copied to \(file)")
    }
  }
}
