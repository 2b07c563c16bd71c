import ArgumentParser
import Domain
import Operations
import SafeText
import Workbench

/// Takes a queue of the researchers' into the ledger.
struct PullCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull",
    abstract: "Take a queue that the researchers published, to review it without the network.",
    discussion: """
      Asks the collector what is new, then brings the queue's records into the ledger with what the model answers and \
      why, and the guideline with them. Without --queue it lists the queues. What is cut short goes on where it was \
      left. `gi` in the workbench opens it for review.

      Example:
        mds pull --queue week-48
      """)

  @Option(help: "The queue's name, or the first digits of its identity.") var queue: String?
  @Flag(help: "Ask the collector nothing: take what is known of already.") var offline = false
  @Flag(help: "Print one JSON object.") var json = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    if !offline {
      let summary = try await Attempt.run { () async throws(Problem) in try await workspace.sync() }
      if let problem = summary.problem { Standard.error(Failure(problem).description + "\n") }
    }
    let queues = try await Attempt.run { () async throws(Problem) in try await workspace.inbox() }.filter {
      if case .queue = $0.content { true } else { false }
    }
    guard let queue else { return list(queues) }
    let found = try InboxCommand.pick(queue, among: queues)
    let tally = try await Attempt.run { () async throws(Problem) in
      try await workspace.take(found.id) { done, count in
        Standard.progress("\(count > 0 ? 100 * done / count : 0) %")
      }
    }
    Standard.endProgress()
    try tell(tally)
  }

  private func list(_ queues: [InboxScreen.Item]) {
    if json {
      Standard.json(queues.map(\.json))
      return
    }
    var table = TextTable([.init("NAME"), .init("MODEL"), .init("STATE"), .init("WHAT")])
    for item in queues {
      let line = InboxScreen.line(of: item)
      table.add([item.name.string, line.about, line.standing, line.what])
    }
    Standard.lines(queues.isEmpty ? ["The researchers have published no queue for you."] : table.lines)
  }

  private func tell(_ tally: TakingTally) throws {
    for (line, reason) in tally.setAside.prefix(10) { Standard.errorLine("line \(line): \(reason)") }
    if json {
      Standard.json([
        .object([
          "queue": .string(tally.queue.name), "cases": .integer(Int64(tally.cases)),
          "set_aside": .integer(Int64(tally.setAside.count)), "unexplained": .integer(Int64(tally.unexplained)),
        ])
      ])
    } else {
      let (cases, rest) = (tally.cases, tally.setAside.count)
      Standard.line(
        "\(cases) \(cases == 1 ? "case" : "cases") to review, \(rest) \(rest == 1 ? "record" : "records") set aside")
    }
    if let why = tally.why {
      Standard.errorLine("\(tally.unexplained) cases have no explanation:")
      Standard.error(Failure(why).description + "\n")
    }
    if tally.cases == 0 { throw ExitStatus.invalidInput.code }
  }
}
