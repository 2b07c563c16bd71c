import ArgumentParser
import Domain
import Operations

extension FeedbackCommand {
  /// Removes what one's own event says.
  struct Redact: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "redact", abstract: "Remove what one of your events says; its place in the chain stays.",
      discussion: """
        For what must not be kept: a name in a note, a record that was entered by mistake. The body goes from this \
        ledger, the chain stays whole and verifies, and an event says that it was removed and why. The collector \
        removes it too when that event arrives, and colleagues' ledgers drop what they fetched of it with their next \
        sync. Copies that were made before are not reached: backups, exports and bundles. The file is written anew, so \
        that no page of it keeps the words. What says the same again goes with it: the same judgement saved again, \
        a redo, or a choice between two devices. What has the words and says something else beside is named and left. \
        What an undo takes back is not removed by it.
        """)

    @Argument(help: "Its number as `mds feedback list` has it, or the first digits of its identity.") var name: String
    @Option(help: "Why; it is kept.") var reason: String
    @OptionGroup var target: TargetOptions

    func validate() throws {
      guard !reason.allSatisfy(\.isWhitespace) else { throw ValidationError("--reason says why, in a word or two") }
    }

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let reason = RawText(reason)
      let redacted = try await Attempt.run { () async throws(Problem) in
        try await workspace.redact(named: name, reason: reason)
      }
      for line in redacted.lines { Standard.line(line) }
    }
  }
}
