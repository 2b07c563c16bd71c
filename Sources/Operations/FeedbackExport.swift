public import Domain
internal import Export
internal import Feedback
internal import FileOutput
internal import Glibc
internal import Ledger

/// What of the feedback goes into a file, and how.
public struct FeedbackExport: Sendable {
  public enum Format: String, Sendable, CaseIterable {
    /// Rows as typed objects, one a line.
    case jsonl
    /// The same rows for spreadsheets.
    case csv
    /// The same rows as typed columns.
    case parquet
    /// What stands, for Prodigy.
    case prodigy
    /// What stands, as feedback for Seldon Core 1.
    case seldonFeedback = "seldon-feedback"
    /// Cases with what stands on them, for Argilla.
    case argilla
    /// The same for Label Studio.
    case labelStudio = "label-studio"
    /// Every event, whole.
    case events
  }

  public var format: Format
  /// Only judgements of this model; nil for all.
  public var model: RawText?
  /// Only what was saved at this time or later.
  public var since: Timestamp?
  public var onlyInForce: Bool
  public var withNotes: Bool
  /// Also texts among the inputs, and what explanations show of them.
  public var withTexts: Bool
  /// Also what colleagues said and a collector brought.
  public var withColleagues: Bool
  /// The file with the key that pseudonyms are made with; nil for the analysts' names.
  public var pseudonymKey: String?
  /// nil for standard output.
  public var output: String?
  /// Where to write what is in it: Markdown for `.md`, Label Studio's configuration for `.xml`, JSON else.
  public var codebooks: [String]
  /// Where to write a card of the data; nil for nowhere.
  public var card: String?

  public init(
    format: Format, model: RawText? = nil, since: Timestamp? = nil, onlyInForce: Bool = false, withNotes: Bool = true,
    withTexts: Bool = true, withColleagues: Bool = false, pseudonymKey: String? = nil, output: String? = nil,
    codebooks: [String] = [], card: String? = nil
  ) {
    self.pseudonymKey = pseudonymKey
    self.format = format
    self.model = model
    self.since = since
    self.onlyInForce = onlyInForce
    self.withNotes = withNotes
    self.withTexts = withTexts
    self.withColleagues = withColleagues
    self.output = output
    self.codebooks = codebooks
    self.card = card
  }

  /// How an export ended.
  public enum Outcome: Hashable, Sendable {
    /// How many rows were written and, with why, how many judgements were not, in words; and the rows as a number.
    case written(String, rows: Int)
    /// Whoever read standard output had enough.
    case cut
  }

  private func pseudonyms() throws(Problem) -> Pseudonyms? {
    guard let pseudonymKey else { return nil }
    var status = stat()
    // Whoever has the key can tell who is behind each pseudonym. One that is not there says so below.
    guard stat(pseudonymKey, &status) != 0 || status.st_mode & 0o077 == 0 else {
      throw Problem(
        "Others can read the key \(pseudonymKey).", advice: "chmod 600 \(pseudonymKey)", kind: .invalidInput)
    }
    guard let pseudonyms = Pseudonyms(keyFile: try Files.contents(of: pseudonymKey)) else {
      throw Problem(
        "The key \(pseudonymKey) holds fewer than \(Pseudonyms.shortestKey) bytes.",
        advice: "head -c 32 /dev/urandom | base64 makes one; keep it where the data does not go.", kind: .invalidInput)
    }
    return pseudonyms
  }

  func options() throws(Problem) -> ExportOptions {
    let form: ExportFormat =
      switch format {
      case .jsonl: .jsonl
      case .csv: .csv
      case .parquet: .parquet
      case .prodigy: .prodigy
      case .seldonFeedback: .seldonFeedback
      case .argilla: .argilla
      case .labelStudio: .labelStudio
      case .events: .events
      }
    return ExportOptions(
      format: form, model: model, onlyInForce: onlyInForce, withNotes: withNotes, withTexts: withTexts,
      pseudonyms: try pseudonyms(), part: ExportPart(since: since), withCard: card != nil)
  }
}

extension Workspace {
  /// Writes the feedback of this context, from one view of the ledger; memory does not grow with it.
  public func export(_ wanted: FeedbackExport) async throws(Problem) -> FeedbackExport.Outcome {
    let (context, analyst) = (contextName, account?.analyst)
    let banner = self.context.banner
    let hidden = try await blindCases()
    let outcome = try await onLedger { ledger throws(LedgerError) -> Result<FeedbackExport.Outcome, Problem> in
      try ledger.withEvents { events in
        do {
          let log = try LedgerLog(events, context: context, analyst: analyst, hidden: hidden, wanted)
          var outcome = try Self.write(log, wanted, banner)
          let leftOut = try log.leftOutCases()
          if leftOut > 0, case .written(let summary, let rows) = outcome {
            let cases = leftOut == 1 ? "1 case that waits" : "\(leftOut) cases that wait"
            outcome = .written(summary + "; without \(cases) for your blind answer", rows: rows)
          }
          guard case .written(let summary, rows: 0) = outcome, !wanted.withColleagues, try events.hasColleagues() else {
            return .success(outcome)
          }
          return .success(
            .written(summary + "; what colleagues said is here as well: --colleagues writes it", rows: 0))
        } catch let problem as Problem {
          return .failure(problem)
        }
      }
    }
    return try outcome.get()
  }

  private static func write(
    _ log: LedgerLog, _ wanted: FeedbackExport, _ banner: String?
  ) throws -> FeedbackExport.Outcome {
    let files: [(String, String?)] =
      [("--output", wanted.output)] + wanted.codebooks.map { ("--codebook", $0) }
      + (wanted.card.map { [("--card", $0)] } ?? []) + (wanted.pseudonymKey.map { [("--pseudonym-key", $0)] } ?? [])
    if let clash = OneFile.clash(among: files) {
      throw Problem(
        "\(clash.use) \(clash.path) is the same file as \(clash.other): nothing was touched.",
        advice: "Give another name.",
        kind: .invalidInput)
    }
    let options = try wanted.options()
    let sink = try FileSink(wanted.output)
    // Before the output takes its place: where one of the files cannot be, none is another than it was.
    let codebooks = try wanted.codebooks.map { ($0, try FileSink($0)) }
    let card = try wanted.card.map { ($0, try FileSink($0)) }
    let report: ExportReport
    do {
      report = try Exporter(log, options).write { try sink.write($0) }
      try sink.finish()
    } catch  where sink.isClosed {
      return .cut
    }
    for (path, file) in codebooks {
      try file.write(Array(framed(report.codebook.text(named: path) ?? "", path, banner).utf8))
      try file.finish()
    }
    if let (path, file) = card, let facts = report.card {
      try file.write(Array(framed(facts.markdown(options), path, banner).utf8))
      try file.finish()
    }
    return .written(report.summary, rows: report.rows)
  }

  /// A file for people has the handling banner first and last; rows and JSON are for programs.
  private static func framed(_ text: String, _ path: String, _ banner: String?) -> String {
    guard let banner, path.hasSuffix(".md") else { return text }
    return "\(banner)\n\n\(text)\n\(banner)\n"
  }
}
