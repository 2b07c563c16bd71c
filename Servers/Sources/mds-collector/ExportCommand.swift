internal import ArgumentParser
internal import Collector
internal import Domain
internal import Export
internal import FileOutput
internal import Glibc
internal import SyncProtocol

/// Writes what analysts said as a file that researchers' tools load.
struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export",
    abstract: "Write judgements as rows, with a codebook of the columns.",
    discussion: """
      A row is a judgement event with its input, the prediction and explanation that were seen, and its timing. \
      A server may run meanwhile. Where it ended is said on standard error; --after goes on from there, and writes again \
      what was written before and reads otherwise now.
      """)

  @OptionGroup var file: DatabaseOption

  @Option(
    help: """
      jsonl, csv or parquet: rows; argilla, label-studio, prodigy or seldon-feedback: what stands, for these programs; \
      events: the whole log, with its links.
      """)
  var format = FormatArgument(.jsonl)

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

  @Option(help: ArgumentHelp("Also write a card of the data, Markdown.", valueName: "file"))
  var card: String?

  @Option(help: "Only judgements of this model.")
  var model: String?

  @Option(
    help: ArgumentHelp(
      """
      What came in since, and what changed by it: the cursor that an earlier export ended with, or a time \
      (UTC, ISO 8601).
      """, valueName: "cursor|time"))
  var since: SinceArgument?

  @Option(help: ArgumentHelp("As --since with a cursor, which alone it takes.", valueName: "cursor"))
  var after: CursorArgument?

  /// The place that an earlier export ended at.
  private var cursor: LogCursor? {
    if case .cursor(let cursor)? = since { cursor } else { after?.cursor }
  }

  private var time: Timestamp? {
    if case .time(let time)? = since { time } else { nil }
  }

  @Flag(help: "Only judgements that nobody changed or took back.")
  var inForce = false

  @Flag(help: "Leave out what analysts wrote in their own words.")
  var noNotes = false

  @Flag(help: "Leave out all free text: notes, and texts among the inputs with what explanations show of them.")
  var noText = false

  @Option(
    help: ArgumentHelp(
      """
      In place of analysts' names, ones made with the secret in this file, which its owner alone may read: the same name \
      each time.
      """,
      valueName: "file"))
  var pseudonymKey: String?

  func validate() throws {
    if after != nil, case .cursor? = since {
      throw ValidationError("--since and --after both name a place; give one")
    }
    guard format.format == .labelStudio || !codebook.contains(where: { $0.hasSuffix(".xml") }) else {
      throw ValidationError("a codebook in XML is the configuration of label-studio")
    }
    guard format.format != .events || card == nil else {
      throw ValidationError("--card is of judgements, not of events")
    }
    let files: [(String, String?)] =
      (pseudonymKey.map { [("--pseudonym-key", $0)] } ?? []) + [("--output", output)]
      + codebook.map { ("--codebook", $0) } + (card.map { [("--card", $0)] } ?? [])
    if let clash = OneFile.clash(among: files) {
      throw ValidationError("\(clash.use) \(clash.path) is the same file as that of \(clash.other); give another name")
    }
    guard format.format != .events || (model == nil && !inForce && pseudonymKey == nil) else {
      throw ValidationError("--model, --in-force and --pseudonym-key are for rows; events are the whole log")
    }
  }

  private func pseudonyms() throws -> Pseudonyms? {
    guard let pseudonymKey else { return nil }
    let file: [UInt8]
    do throws(CollectorError) {
      file = try OwnersFile.read(pseudonymKey)
    } catch {
      throw Unusable(error.description)
    }
    guard let pseudonyms = Pseudonyms(keyFile: file) else {
      throw Unusable("\(pseudonymKey) holds fewer than \(Pseudonyms.shortestKey) bytes in its first line")
    }
    return pseudonyms
  }

  private func write(_ text: String, to file: WholeFile) throws {
    try file.write(Array(text.utf8))
    try file.finish()
  }

  func run() throws {
    let database = try file.open()
    let log = try CollectorLog(
      database,
      .init(after: cursor ?? .start, since: time, withRedacted: format.format == .events))
    let options = ExportOptions(
      format: format.format, model: model.map { RawText($0) }, onlyInForce: inForce, withNotes: !noNotes && !noText,
      withTexts: !noText, pseudonyms: try pseudonyms(),
      part: ExportPart(after: cursor?.text, since: time), withCard: card != nil)
    // What cannot be begun is no export; what is given away is written down before.
    let target = try WholeFile(output)
    // Before the output takes its place: where one of the files cannot be, none is another than it was.
    let books = try codebook.map { (path: $0, file: try WholeFile($0)) }
    let cardFile = try card.map { try WholeFile($0) }
    let isNoted = try AuditBook(database).note(
      .export, output ?? "standard output",
      [
        JSON.Member("format", .text(format.format.rawValue)), JSON.Member("up_to", .text(log.end.text)),
        JSON.Member("after", .text((cursor ?? .start).text)), JSON.Member("notes", .bool(!noNotes && !noText)),
        JSON.Member("pseudonyms", .bool(pseudonymKey != nil)),
      ])
    if !isNoted { StandardError.write("the database is read-only: the audit does not have this export") }
    let report: ExportReport
    do {
      report = try Exporter(log, options).write { try target.write($0) }
      try target.finish()
    } catch let error as WholeFile.Failure where error.isClosedPipe {
      // Whoever read has enough.
      throw ExitCode(128 + SIGPIPE)
    }
    try database.close()
    if let cursor, cursor.number > 0, max(cursor.epoch, 1) != log.end.epoch {
      StandardError.write(
        "a new epoch has begun since \(cursor.text), so this has what follows row \(log.beginning): where that was a restore"
          + " (mds-collector audit tells), make a copy that is kept up anew, without a place")
    }
    for book in books { try write(report.codebook.text(named: book.path) ?? "", to: book.file) }
    if let cardFile, let facts = report.card { try write(facts.markdown(options), to: cardFile) }
    StandardError.write("\(report.summary), up to \(log.end.text)")
  }
}

/// The form of an export as it is typed.
struct FormatArgument: ExpressibleByArgument {
  static var allValueStrings: [String] { ExportFormat.allCases.map(\.rawValue) }

  var format: ExportFormat
  var defaultValueDescription: String { format.rawValue }

  init?(argument: String) {
    guard let format = ExportFormat(rawValue: argument) else { return nil }
    self.format = format
  }

  init(_ format: ExportFormat) { self.format = format }
}

/// Where an export begins: at a place in the log or at a time.
enum SinceArgument: ExpressibleByArgument {
  case cursor(LogCursor)
  case time(Timestamp)

  init?(argument: String) {
    if let cursor = LogCursor(text: argument) {
      self = .cursor(cursor)
    } else if let time = Timestamp(argument) {
      self = .time(time)
    } else {
      return nil
    }
  }
}

/// A place in the log as an export names it.
struct CursorArgument: ExpressibleByArgument {
  var cursor: LogCursor

  init?(argument: String) {
    guard let cursor = LogCursor(text: argument) else { return nil }
    self.cursor = cursor
  }
}
