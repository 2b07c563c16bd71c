public import ArgumentParser
import Domain
public import Feedback
import Operations
import Workbench

extension FeedbackCommand {
  /// What the judgements say of a model together.
  struct Stats: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "stats", abstract: "Sum up what analysts say of a model: how far it can be trusted, and they agree.",
      discussion: """
        From this ledger alone, one's own judgements and those of colleagues that mds sync fetched: confusion, \
        accuracy with Wilson's intervals, also of all cases by the chance with which they were drawn, calibration, \
        agreement, reliance and time. What fewer than 20 cases say is a dot. docs/feedback.md has every definition.
        """)

    @Option(help: "Only cases of this model.") var model: String?
    @Option(help: "Only cases of this version.") var version: String?
    @Option(help: ArgumentHelp("Only last words from this time (UTC, ISO 8601) on.", valueName: "time"))
    var since: Export.Moment?
    @Option(help: ArgumentHelp("As it stood before this time.", valueName: "time")) var until: Export.Moment?
    @Option(
      help: """
        By what cases are sorted into slices; may be repeated: answer, version, analyst, assistance, sampler, drift, \
        outlier, week, input.
        """)
    var slice: [SliceKind] = []
    @Option(help: ArgumentHelp("Show no share, rate or coefficient of fewer cases.", valueName: "count"))
    var minimum = FeedbackReport.smallestCount
    @Flag(help: "Print one JSON object, with every slice but those of inputs unless some are named.") var json = false
    @OptionGroup var target: TargetOptions

    func validate() throws {
      guard minimum >= 1 else { throw ValidationError("--minimum is at least 1") }
      if let since, let until, since.time >= until.time {
        throw ValidationError("--since is not before --until: no time is between them")
      }
    }

    func run() async throws {
      let workspace = try target.workspace()
      defer { workspace.close() }
      let query = FeedbackQuery(
        model: model.map { RawText($0) }, version: version.map { RawText($0) }, since: since?.time, until: until?.time,
        withInputs: slice.contains(.input))
      let report = try await Attempt.run { () async throws(Problem) in
        try await workspace.feedback(query, smallest: minimum)
      }
      if json {
        Standard.json([report.json(slices: slice.isEmpty ? nil : slice)])
      } else {
        let outline = FeedbackScreen.outline(of: report, slices: slice.isEmpty ? [.answer] : slice)
        Standard.lines(workspace.framed(outline.lines))
      }
      if report.cases == 0, model != nil || version != nil, let others = report.others {
        Standard.errorLine("none of this \(version == nil ? "model" : "version"): what is here is of \(others)")
      }
    }
  }
}

extension SliceKind: ExpressibleByArgument {}

extension FeedbackReport {
  /// The models that somebody judged, with their versions where one was asked for; nil for none.
  fileprivate var others: String? {
    let names = models.keys.map { id in
      query.version == nil ? id.name.string : "\(id.name.string) \(id.version?.string ?? "")"
    }
    let sorted = Set(names).sorted().prefix(10)
    return sorted.isEmpty ? nil : sorted.joined(separator: ", ")
  }
}
