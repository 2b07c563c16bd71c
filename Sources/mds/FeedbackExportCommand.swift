public import ArgumentParser
import Domain
import Glibc
public import Operations

extension FeedbackCommand {
  /// The feedback of a context as a file.
  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "export", abstract: "Write what was judged as a file that pandas and spreadsheets load.",
      discussion: """
        A row is a judgement with its input, the model, the prediction and the explanation that were seen, and its \
        timing; also those that were changed or taken back, which its state says. The codebook says what every column \
        means, and how to load the file.
        """)

    @Option(
      help: """
        jsonl, csv or parquet: rows; argilla, label-studio, prodigy or seldon-feedback: what stands, for these \
        programs; events: every event, whole, with its links.
        """)
    var format = FeedbackExport.Format.jsonl
    @Option(
      help: ArgumentHelp(
        "The file, which takes the place of one that is there when it is whole; standard output where it is not given.",
        valueName: "file"))
    var output: String?
    @Option(
      help: ArgumentHelp(
        """
        Also write what is in it and how to load it: Markdown for .md, JSON else; for label-studio its configuration \
        for .xml. May be repeated.
        """, valueName: "file"))
    var codebook: [String] = []
    @Option(help: ArgumentHelp("Also write a card of the data, Markdown.", valueName: "file")) var card: String?
    @Option(help: "Only judgements of this model.") var model: String?
    @Option(
      help: ArgumentHelp(
        "Only what was saved at this time (UTC, ISO 8601) or later, and what changed by it.", valueName: "time"))
    var since: Moment?
    @Flag(help: "Also what colleagues saw and said, as far as it was fetched.") var colleagues = false
    @Flag(help: "Only judgements that were not changed or taken back.") var inForce = false
    @Flag(help: "Leave out what was written in one's own words.") var noNotes = false
    @Flag(help: "Leave out all free text: notes, and texts among the inputs with what explanations show of them.")
    var noText = false
    @Option(
      help: ArgumentHelp(
        "Put pseudonyms in the place of analysts' names, made with the key in the first line of this file.",
        valueName: "file"))
    var pseudonymKey: String?
    @OptionGroup var target: TargetOptions

    func validate() throws {
      guard format == .labelStudio || !codebook.contains(where: { $0.hasSuffix(".xml") }) else {
        throw ValidationError("a codebook in XML is the configuration of label-studio")
      }
      guard format != .events || card == nil else { throw ValidationError("--card is of judgements, not of events") }
      guard format != .events || (model == nil && !inForce && pseudonymKey == nil) else {
        throw ValidationError("--model, --in-force and --pseudonym-key are for rows; events are the whole log")
      }
    }

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let wanted = FeedbackExport(
        format: format, model: model.map { RawText($0) }, since: since?.time, onlyInForce: inForce,
        withNotes: !noNotes && !noText, withTexts: !noText, withColleagues: colleagues,
        pseudonymKey: pseudonymKey.map { Files.absolute($0) }, output: output.map { Files.absolute($0) },
        codebooks: codebook.map { Files.absolute($0) },
        card: card.map { Files.absolute($0) })
      let outcome = try await Attempt.run { () async throws(Problem) in try await workspace.export(wanted) }
      switch outcome {
      case .cut: throw ExitCode(128 + SIGPIPE)
      case .written(let summary, _): Standard.error(summary + "\n")
      }
    }

    /// A time as it is typed: `2026-11-23` or `2026-11-23T12:00:00Z`.
    struct Moment: ExpressibleByArgument {
      var time: Timestamp

      init?(argument: String) {
        guard let time = Timestamp(argument) else { return nil }
        self.time = time
      }
    }
  }
}

extension FeedbackExport.Format: ExpressibleByArgument {}
