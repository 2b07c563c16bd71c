import ArgumentParser
import Domain
import Operations
import SafeText
import Workbench

/// One exchange with the collector.
struct SyncCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sync",
    abstract: "Send what waits to the collector, and fetch what colleagues judged and researchers published.",
    discussion: """
      Ends with 0 also when the collector does not answer: what you save is kept and sent another time. A collector that \
      takes only so many requests a minute is waited for, as long as it takes some. Ends with 4 where a person has to act.

      Where no network leads to the collector, --to writes what it is not proved to hold as a bundle, with a signature \
      in FILE.sig. Carry both to the researchers; they let it in by the line that --public-key prints. What they give \
      back as a receipt, --from reads; of a folder it takes all that can be taken, names the others, and ends with 5, or 4 \
      where one is another collector's. Where a stream that was ended waits as well, --to wants a folder: a bundle holds one. \
      Where the researchers' collector was restored to an earlier state, --after writes again what it lost. Whoever carries \
      such a file to a place with a network hands it in with --bundle, whosever it is: the signature says that.
      """)

  @Option(
    help: "Send nothing: write what waits as a signed bundle into this file, or into this folder.", completion: .file())
  var to: String?
  @Option(help: "With --to, also what the collector had, after this event's number.")
  var after: Int?
  @Flag(help: "With --to, everything that there is, also what the collector had.") var all = false
  @Option(
    help: "Ask nobody: learn from the receipt in this file, or from all in this folder, what the collector holds.",
    completion: .file())
  var from: String?
  @Option(
    help: "With --from, take only a receipt that a key of this file signed, as ssh-keygen(1) has it.",
    completion: .file())
  var allowedSigners: String?
  @Option(
    help: "Send nothing of this ledger: hand in the bundle in this file, with its signature beside it.",
    completion: .file())
  var bundle: String?
  @Option(
    help:
      "With --bundle, write the receipt into this file or folder; else it lies beside a bundle of another ledger.",
    completion: .file())
  var receipt: String?
  @Flag(help: "Print the line for the researchers' allowed_signers file; makes this account's key where there is none.")
  var publicKey = false
  @Flag(help: "Print one JSON object; with --to one a bundle.") var json = false
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard [to != nil, from != nil, bundle != nil, publicKey].count(where: { $0 }) < 2 else {
      throw ValidationError("--to, --from, --bundle and --public-key are different things: one at a time")
    }
    guard receipt == nil || bundle != nil else { throw ValidationError("--receipt goes with --bundle") }
    guard (after == nil && !all) || to != nil else { throw ValidationError("--after and --all go with --to") }
    guard after == nil || !all else { throw ValidationError("--all is --after 0: one of them") }
    guard after ?? 0 >= 0 else { throw ValidationError("events are numbered from 1") }
    guard allowedSigners == nil || from != nil else { throw ValidationError("--allowed-signers goes with --from") }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    if publicKey { return try await printSigner(of: workspace) }
    if let to { return try await write(workspace, to: Files.absolute(to)) }
    if let from { return try await learn(workspace, from: Files.absolute(from)) }
    if let bundle { return try await handIn(workspace, Files.absolute(bundle)) }
    try await exchange(workspace)
  }

  private func learn(_ workspace: Workspace, from path: String) async throws {
    let known = try await Attempt.run { () async throws(Problem) in
      try await workspace.takeReceipt(path, signers: allowedSigners.map(Files.absolute))
    }
    if json {
      let refused = known.refused.map { JSON.text($0.summary) }
      Standard.json([.object(known.members + [.init("refused", .array(refused))])])
    } else {
      tell(known)
    }
    // The others were taken: that is said first, and that not all were last.
    for problem in known.refused { Standard.error(Failure(problem).description + "\n") }
    if let first = known.refused.first { throw Failure(first).status.code }
  }

  private func handIn(_ workspace: Workspace, _ path: String) async throws {
    let handed = try await Attempt.run { () async throws(Problem) in
      try await workspace.handIn(path, receipt: receipt.map(Files.absolute))
    }
    if json { return Standard.json([handed.json]) }
    let counts = handed.verdicts.map { ", \($0.count) \($0.verdict.string)" }.joined()
    let freed = handed.released > 0 ? ", \(handed.released) of before released" : ""
    let contents = handed.contents > 0 ? ", \(handed.contents) content\(handed.contents == 1 ? "" : "s")" : ""
    let part = handed.incomplete > 0 ? ", \(handed.incomplete) incomplete" : ""
    Standard.line(
      "\(handed.analyst.string): \(handed.events) event\(handed.events == 1 ? "" : "s")\(counts)\(freed)\(contents)\(part)"
    )
    if let known = handed.known { tell(known) }
    if let receipt = handed.receipt { Standard.line("receipt in \(receipt)") }
  }

  private func tell(_ known: CarriedReceipt) {
    let settled = known.setAside == 0 ? "nothing waits" : "\(known.setAside) are set aside"
    let rest = known.waiting == 0 ? settled : "\(known.waiting) wait"
    Standard.line("received up to #\(known.received), archived up to #\(known.archived); \(rest)")
    if known.isOlder {
      Standard.errorLine("the receipt is from before the collector was restored, and says nothing new")
    }
    if known.setAside > 0 { Standard.line("\(known.setAside) set aside: mds opens the outbox, which says why") }
  }

  private func printSigner(of workspace: Workspace) async throws {
    let line = try await Attempt.run { () async throws(Problem) in try workspace.signerLine() }
    Standard.line(line.text)
    guard line.lacksName else { return }
    Standard.errorLine("put the name that the researchers know you by in the place of ANALYST")
    guard let name = line.savedAs else { return }
    Standard.errorLine(
      "what is saved here is under the name \(name): where that is another, they import it with --formerly")
  }

  private func write(_ workspace: Workspace, to path: String) async throws {
    let bundles = try await Attempt.run { () async throws(Problem) in
      try await workspace.writeBundles(to: path, after: all ? 0 : after)
    }
    if json {
      let nothing = JSON.object(["events": .integer(0), "bundle": .null, "signature": .null, "key": .null])
      Standard.json(bundles.isEmpty ? [nothing] : bundles.map(\.json))
      return
    }
    for bundle in bundles {
      Standard.lines([
        "\(bundle.events) events in \(bundle.path)", "signed by \(bundle.fingerprint) in \(bundle.signature)",
      ])
    }
    if bundles.isEmpty { Standard.line("nothing waits; nothing was written") }
  }

  /// Exchanges until nothing waits or something is in the way. A collector that takes only so many requests a minute is
  /// not: as long as it takes some, and says to come again soon, that is waited for.
  private func exchanged(_ workspace: Workspace) async throws -> ExchangeSummary {
    var summary = try await Attempt.run { () async throws(Problem) in try await workspace.sync() }
    var fruitless = 0
    while summary.isThrottled, let next = summary.nextTry, fruitless < 4 {
      let seconds = next.seconds(since: Machine.now)
      guard seconds < 60, (try? await Task.sleep(for: .seconds(max(0, seconds)))) != nil else { break }
      let more = try await Attempt.run { () async throws(Problem) in try await workspace.sync() }
      fruitless = more.received + more.fetched > 0 ? 0 : fruitless + 1
      summary = summary.continued(by: more)
    }
    return summary
  }

  private func exchange(_ workspace: Workspace) async throws {
    let summary = try await exchanged(workspace)
    if json {
      Standard.json([
        .object([
          "sent": .integer(Int64(summary.sent)), "received": .integer(Int64(summary.received)),
          "fetched": .integer(Int64(summary.fetched)), "waiting": .integer(Int64(summary.waiting)),
          "left_out": .integer(Int64(summary.leftOut)),
          "new_catalogue": .bool(summary.hasNewCatalogue),
          "elsewhere": .bool(summary.isElsewhere),
          "published": .object(
            summary.published.sorted { $0.key < $1.key }.map {
              JSON.Member($0.key, .integer(Int64($0.value)))
            }),
          "withdrawn": .object(
            summary.withdrawn.sorted { $0.key < $1.key }.map {
              JSON.Member($0.key, .integer(Int64($0.value)))
            }),
          "problem": summary.problem.map { .text($0.summary) } ?? .null,
          "next_try": summary.nextTry.map { .text($0.description) } ?? .null,
        ])
      ])
    } else {
      let waits = summary.isReadOnly ? "stay here: the token only reads" : "wait"
      let rest = summary.waiting == 0 ? "nothing waits" : "\(summary.waiting) \(waits)"
      if summary.isElsewhere { return Standard.line("another session of yours is at it; \(rest)") }
      let counts = Exchange.counts(sent: summary.sent, received: summary.received, fetched: summary.fetched)
      Standard.line("\(counts); \(rest)")
      if let words = summary.leftOutWords { Standard.errorLine(words) }
      if summary.hasNewCatalogue {
        Standard.line("the researchers' catalogue changed; mds signature shows what it says")
      }
      if let words = summary.researchersWords {
        Standard.line("the researchers \(words)" + (summary.hasNews ? "; mds inbox shows them" : ""))
      }
    }
    guard let problem = summary.problem else { return }
    Standard.error(Failure(problem).description + "\n")
    if summary.stop != nil { throw ExitCode(4) }
  }
}

extension CarriedReceipt {
  fileprivate var members: [JSON.Member] {
    [
      .init("received", .integer(Int64(received))), .init("archived", .integer(Int64(archived))),
      .init("set_aside", .integer(Int64(setAside))), .init("waiting", .integer(Int64(waiting))),
    ]
  }
}

extension HandedBundle {
  fileprivate var json: JSON {
    .object(
      [
        .init("analyst", .string(analyst)), .init("events", .integer(Int64(events))),
        .init("verdicts", .object(verdicts.map { .init($0.verdict, .integer(Int64($0.count))) })),
        .init("contents", .integer(Int64(contents))), .init("incomplete", .integer(Int64(incomplete))),
        .init("released", .integer(Int64(released))),
        .init("receipt", receipt.map { .text($0) } ?? .null),
      ] + (known?.members ?? []))
  }
}

extension WrittenBundle {
  fileprivate var json: JSON {
    .object([
      "events": .integer(Int64(events)), "bundle": .text(path), "signature": .text(signature),
      "key": .text(fingerprint),
    ])
  }
}
