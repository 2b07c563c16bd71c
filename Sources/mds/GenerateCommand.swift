import ArgumentParser
import Deployment
import Domain
import Operations
import SafeText

/// Asks a model for a text and writes it while it comes.
struct GenerateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate", abstract: "Ask a model for an answer that is written while it comes; it becomes a case.",
    discussion: """
      Examples:
        mds generate storyteller --text "Once upon a time"
        mds generate storyteller --text - --parameter max_tokens=200 --parameter temperature=0.2 < opening.txt
        mds generate storyteller --text "Once" --json | jq .text

      A service that does not answer in pieces gives the whole at once. An answer that breaks off stays as far as it \
      came, makes no case, and the exit status says so.
      """)

  @Argument(help: "The model.") var model: String
  @Option(help: "The text for the model; - reads standard input.") var text: String
  @Option(
    name: .customLong("parameter"),
    help: ArgumentHelp(
      "A setting as name=value, as often as needed: an input of the model, else a parameter of the request.",
      valueName: "name=value"))
  var parameters: [String] = []
  @Flag(help: "One JSON object a line for each piece.") var json = false
  @Flag(help: "Make no case in the ledger.") var noCase = false
  @OptionGroup var target: TargetOptions

  func validate() throws {
    if let wrong = parameters.first(where: { !$0.contains("=") || $0.hasPrefix("=") }) {
      throw ValidationError("--parameter \(wrong) is not name=value")
    }
  }

  func run() async throws {
    let workspace = try target.workspace()
    defer { workspace.close() }
    try await Attempt.run { () async throws(Problem) in
      let id = try await workspace.group(of: RawText(model)).id
      let settings = parameters.map { parameter in
        let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (name: RawText(String(parts[0])), value: RawText(String(parts[1])))
      }
      let prompt = try Prompt(
        text: try Prompt.text(text), settings: settings, for: try await workspace.description(of: id))
      var output = TokenOutput(isJSON: json)
      do throws(Problem) {
        try await workspace.generate(id, prompt, keepsCase: !noCase) { (piece) throws(Problem) in output.take(piece) }
      } catch {
        output.finish()
        throw error
      }
      output.finish()
    }
  }
}

/// The pieces of an answer on their way to standard output.
private struct TokenOutput {
  let isJSON: Bool
  private var count = 0
  private var tokens = SafeTokens()

  init(isJSON: Bool) { self.isJSON = isJSON }

  mutating func take(_ piece: AnswerPiece) {
    count += 1
    guard isJSON else { return Standard.verbatim(tokens.take(piece.text.bytes)) }
    var members: [JSON.Member] = [
      .init("piece", .integer(Int64(count))), .init("text", .string(piece.text)),
      .init("milliseconds", .number((piece.milliseconds * 10).rounded() / 10)),
    ]
    if let version = piece.version { members.insert(.init("version", .string(version)), at: 1) }
    Standard.json([.object(members)])
  }

  /// What is left of a character that was cut off, and the end of the line.
  mutating func finish() {
    if !isJSON { Standard.verbatim(tokens.finish()) }
  }
}
