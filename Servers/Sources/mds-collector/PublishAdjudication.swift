internal import ArgumentParser
internal import Collector
internal import Domain
internal import Feedback

extension PublishCommand {
  /// What researchers decided of a case.
  struct Adjudication: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "adjudication", abstract: "Say what was decided of a case; nobody's judgement is changed.")

    @Argument(help: "The case, by its 32 digits or the first eight or more.")
    var about: String

    @Option(help: "The right label.")
    var label: String?

    @Option(help: "The right number.")
    var value: Double?

    @Flag(help: "Publish a label as well that no view of the case has and no analyst named.")
    var unknownLabel = false

    @Option(help: "Who decided.")
    var by: String = ""

    @Option(help: "Why.")
    var note: String = ""

    @OptionGroup var recipients: Recipients
    @OptionGroup var database: DatabaseOption

    func validate() throws {
      guard (label == nil) != (value == nil) else {
        throw ValidationError("either --label or --value says what is right")
      }
    }

    func run() throws {
      let opened = try database.open()
      defer { try? opened.close() }
      let caseID = try LogDigits(opened).caseID(about)
      try require(CaseAnswers(of: caseID, in: opened))
      let decision = Feedback.Adjudication(
        caseID: caseID, label: label.map { RawText($0) }, value: value, by: RawText(by),
        note: RawText(note))
      try recipients.publish(
        .adjudication, name: decision.name.string, try decision.canonicalBytes(), in: opened)
      try StandardOutput.write("decided \(decision.caseID.hex) for \(recipients.words)")
    }

    /// Refuses what cannot be the right answer. Of a case that the log does not show nothing is known.
    private func require(_ answers: CaseAnswers) throws {
      switch answers.kind {
      case nil: return
      case .label:
        let list = answers.labels.prefix(20).map { StandardOutput.plain($0.string) }.joined(separator: ", ")
        guard let label else {
          throw Unusable("the case's model answers with a label: --label is one of \(list)")
        }
        guard unknownLabel || answers.labels.contains(RawText(label)) else {
          throw Unusable(
            "\(StandardOutput.plain(label)) is no label of the case, which are \(list); --unknown-label publishes it "
              + "all the same"
          )
        }
      case .number:
        guard value != nil else {
          throw Unusable("the case's model answers with a number: --value says the right one")
        }
      }
    }
  }
}
