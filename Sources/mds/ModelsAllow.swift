import ArgumentParser
import Domain
import Operations

/// Lets a detector be asked that may keep state.
struct ModelsAllow: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "allow", abstract: "Let a detector be asked that does not say whether a call changes it.",
    discussion: """
      A detector may keep state, and then every call changes what it answers to everybody: online and batching \
      detectors do. One that does not say is left alone until it is allowed here; the ledger remembers it for the \
      context. An answer that says online: false is remembered as well.
      """)

  @Argument(help: "The detector.") var detector: String
  @Flag(help: "Take it back.") var not = false
  @OptionGroup var target: TargetOptions

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in try await workspace.allow(RawText(detector), !not) }
    Standard.line("\(detector) is \(not ? "no longer" : "now") asked where it helps")
  }
}
