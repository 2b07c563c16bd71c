import ArgumentParser
import Domain
import Operations

extension LedgerCommand {
  struct Restore: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "restore", abstract: "Put a backup in the place of the ledger, also on a new machine.",
      discussion: """
        The backup is copied and every chain in it is walked before anything is changed. The ledger that was there stays \
        beside it, as FILE.replaced: what was saved after the backup and not sent is in it only: how much that is, and what sends it, is said. The next sync finds \
        out what the collector has already, brings back what was sent, and goes on under a new name where the two part. \
        Where `mds connect` has enrolled this machine, that stays, with its own token; else the ledger goes on with the \
        enrolment that was in the backup. No session may be open.
        """)

    @Argument(help: "The backup.", completion: .file()) var file: String
    @OptionGroup var target: TargetOptions

    func run() throws {
      let context = try target.resolved()
      let restored = try Attempt.now { () throws(Problem) in
        try LedgerFiles.restore(Files.absolute(file), for: context)
      }
      let old = restored.old.map { "; the old ledger is \($0)" } ?? ""
      Standard.errorLine("restored \(context.ledgerPath)\(old)")
      if let old = restored.old, restored.left > 0 {
        let events = restored.left == 1 ? "1 event is" : "\(restored.left) events are"
        Standard.errorLine(
          "\(events) in the old ledger alone: mds sync --ledger \(old) sends what a collector waits for")
      }
      if let old = restored.old, restored.begun > 0 {
        let cases = restored.begun == 1 ? "1 case" : "\(restored.begun) cases"
        Standard.errorLine(
          "what was begun and not saved on \(cases) is in the old ledger alone: mds --ledger \(old) offers it")
      }
      for line in restored.enrolment { Standard.errorLine(line) }
    }
  }

  struct Move: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "move", abstract: "Move the ledger to another file, and tell the configuration.",
      discussion: """
        The new file is whole, checked and on the disk before the old one is renamed to FILE.moved. No session may be \
        open.
        """)

    @Argument(help: "The new file.", completion: .file()) var file: String
    @OptionGroup var target: TargetOptions

    func run() throws {
      let settings = try Attempt.now { () throws(Problem) in try UserSettings() }
      let context = try target.resolved(in: settings)
      let path = Files.absolute(file)
      let moved = try Attempt.now { () throws(Problem) in
        try LedgerFiles.move(for: context, to: path, in: settings)
      }
      Standard.errorLine("moved to \(path); the old file is \(moved.old)")
      if !moved.isConfigured { Standard.errorLine("name it with --ledger, or as ledger = in the context") }
    }
  }

  struct Purge: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "purge",
      abstract: "Remove what the researchers' backup holds and is old, and what it took on the disk.",
      discussion: """
        Only what the collector has reported as archived, in a backup of its own, and only what was seen, and \
        when sessions began and ended: judgements, marks and notes stay, and so does what those in force were made on. The chain stays whole, as `mds ledger verify` \
        shows. Pages of the file that held it are overwritten.
        """)

    @Option(help: "How many days old it has to be.") var days: Int = 90
    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var target: TargetOptions

    func validate() throws {
      guard (0...36_500).contains(days) else { throw ValidationError("--days is a number from 0 to 36 500") }
    }

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let purged = try await Attempt.run { () async throws(Problem) in
        try await workspace.purgeLedger(olderThanDays: days)
      }
      if json {
        Standard.json([.object(["events": .integer(Int64(purged.events)), "bytes": .integer(Int64(purged.bytes))])])
      } else {
        Standard.line("\(purged.events) events purged, \(purged.bytes) bytes given back")
      }
    }
  }
}

extension LedgerFiles.Restored {
  /// What becomes of what is saved from now on, where a collector plays a part in it.
  fileprivate var enrolment: [String] {
    guard let collector else { return [] }
    let whose = isOwnEnrolment ? "by this machine's own enrolment" : "by the enrolment that was in the backup"
    var lines = ["what is saved goes to \(collector.address) as \(collector.analyst.string), \(whose)"]
    if !isOwnEnrolment { lines.append("mds connect \(collector.address) --token-file FILE gives this machine its own") }
    if local > 0 {
      lines.append(
        "\(local) events of it were saved for no collector: mds connect \(collector.address) takes them along")
    }
    return lines
  }
}
