import ArgumentParser
import Domain
import Operations

/// Ends the stream of this ledger.
struct LedgerEnd: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "end", abstract: "End this ledger's stream: nothing more comes from it, and the researchers are told.",
    discussion: """
      For a laptop that is given back, or a study that is over. The stream's last event says why; it goes to the collector \
      like any other, and `mds-collector streams` shows the stream as complete. What was saved stays, and what was not \
      received yet still goes with the next sync: with --yes, as that is worth a thought before the laptop is gone. A \
      session that is open goes on; what is saved next, here or there, begins a new stream, which names this one. What \
      was said in a stream that has ended can be said anew, and no longer undone.
      """)

  @Option(help: "Why, in your words.") var reason: String
  @Flag(help: "Also where events were not received yet.") var yes = false
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let ended = try await Attempt.run { () async throws(Problem) in
      try await workspace.endStream(reason: RawText(reason), isConfirmed: yes)
    }
    if json {
      Standard.json([
        .object(["event": .integer(Int64(ended.sequence)), "waiting": .integer(Int64(ended.waiting))])
      ])
    } else {
      let way = workspace.hasCollector ? "mds sync sends them" : "they go to the collector that is enrolled next"
      Standard.line("ended with #\(ended.sequence); \(ended.waiting) wait, the end among them: \(way)")
    }
  }
}
