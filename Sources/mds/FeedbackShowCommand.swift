import ArgumentParser
import Domain
import Operations
import SafeText

extension FeedbackCommand {
  /// One event, whole.
  struct Show: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "show", abstract: "Show one event with its links and everything that it says.")

    @Argument(help: "Its number as `mds feedback list` has it, or the first digits of its identity.") var name: String
    @Flag(help: "Print one JSON object.") var json = false
    @OptionGroup var target: TargetOptions

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let event = try await Attempt.run { () async throws(Problem) in try await workspace.event(named: name) }
      if json {
        Standard.json([event.json])
        return
      }
      let lines = event.lines.map { (SafeText(bytes: $0.name.bytes), SafeText(bytes: $0.value.bytes)) }
      let width = lines.map(\.0.width).max() ?? 0
      Standard.lines(workspace.framed(lines.map { name, value in "\(name.padded(to: width).text)  \(value.text)" }))
    }
  }
}
