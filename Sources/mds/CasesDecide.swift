import ArgumentParser
import Domain
import Operations

/// Decides between judges.
struct CasesDecide: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "decide", abstract: "Say what is right of a case on which judges differ.",
    discussion: """
      An event that names each judgement it decides between, your own and colleagues'. It changes nobody's judgement; the \
      case shows it, figures take it for the truth, and it goes to the researchers and from there to colleagues. Of \
      several decisions the newest counts, whoever made it. z on the workbench takes the last one back.

      Example:
        mds cases decide 8841 --label '<=50K' --note 'one-off bonus'
      """)

  @Argument(help: "The case's number, or the first digits of its id.") var name: String
  @Option(help: "The right label.") var label: String?
  @Option(help: "The right number.") var value: Double?
  @Option(help: "Why.") var note: String = ""
  @OptionGroup var target: TargetOptions

  func validate() throws {
    guard (label == nil) != (value == nil) else {
      throw ValidationError("either --label or --value says what is right")
    }
    guard value?.isFinite != false else { throw ValidationError("--value is a number") }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    let sequence = try await Attempt.run { () async throws(Problem) in
      try await workspace.decide(
        caseNamed: name, label: label.map { RawText($0) }, value: value, note: RawText(note))
    }
    Standard.line("saved #\(sequence) decision")
  }
}
