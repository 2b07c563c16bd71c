internal import Domain
internal import Feedback

/// Writes a log as rows, or as what stands of it. For rows it walks twice, first for the columns, then for the rows; its
/// memory does not grow with the log, but by the identities of cases where these are put together.
public struct Exporter<Log: ExportLog> {
  private let log: Log
  private var options: ExportOptions
  private let cases: CaseShelf<Log>

  public init(_ log: Log, _ options: ExportOptions) {
    self.log = log
    self.options = options
    // What stands is in force. Of a case that an earlier export had it is to be told that nothing stands any more.
    if options.format.isOfCases { self.options.onlyInForce = false }
    cases = CaseShelf(log)
  }

  /// Writes everything into a sink, which gets the file's bytes in order.
  public func write(to sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    var report = try report(writingTo: sink)
    report.codebook.part = options.part
    return report
  }

  private func report(writingTo sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    switch options.format {
    case .jsonl, .csv, .parquet: try writeRows(to: sink)
    case .prodigy: try writeLines(Codebook(ProdigyLine.columns, .prodigy), to: sink) { ProdigyLine.lines($0) }
    case .seldonFeedback:
      try writeLines(Codebook(SeldonFeedback.columns, .seldonFeedback), to: sink) { judgement in
        SeldonFeedback.message(judgement).map { [$0] } ?? []
      }
    case .argilla: try writeCases(ArgillaRecords(), to: sink)
    case .labelStudio: try writeCases(LabelStudioTasks(), to: sink)
    case .events: try writeEvents(to: sink)
    }
  }

  private func writeRows(to sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    let form = try form()
    var report = ExportReport(codebook: Codebook(form.columns, options.format))
    var writer: any RowWriter =
      switch options.format {
      case .csv: CSVWriter(columns: form.columns)
      case .parquet: ParquetWriter(form.columns, part: options.part)
      default: JSONLWriter(columns: form.columns)
      }
    try sink(writer.begin())
    if options.withCard { report.card = DatasetCard() }
    try walk { entry, isEarlier in
      let row: JudgementRow
      if isEarlier, entry.event.body == nil {
        guard !options.onlyInForce else { return }
        row = JudgementRow(redacted: entry, options)
        report.card?.add(redacted: entry, row)
      } else {
        guard let judged = try judged(entry, isEarlier: isEarlier, &report) else { return }
        let statements = try cases.statements(about: entry.event)
        row = JudgementRow(judged, statements, options)
        report.card?.add(judged, row, isLastWord: statements.isLastWord(judged.event, judged.judgement))
      }
      try sink(writer.add(form.values(of: row)))
      report.rows += 1
    }
    try sink(writer.end())
    return report
  }

  /// What stands, as lines of JSON.
  private func writeLines(
    _ codebook: Codebook, to sink: ([UInt8]) throws -> Void, _ lines: (StandingJudgement) -> [JSON]
  ) throws -> ExportReport {
    var report = ExportReport(codebook: codebook)
    if options.withCard { report.card = DatasetCard() }
    try walk { entry, _ in
      guard let judgement = try standing(entry, &report) else { return }
      let lines = lines(judgement)
      for line in lines { try sink(line.serialized + [0x0A]) }
      report.rows += lines.count
      if lines.isEmpty { report.withoutAnswer += 1 }
    }
    return report
  }

  /// The first walk: what columns the rows need.
  private func form() throws -> RowForm {
    var columns = ExportColumns()
    var ignored = ExportReport(codebook: Codebook([]))
    try walk { entry, _ in
      if let seen = try judged(entry, &ignored)?.seen { columns.add(seen, withTexts: options.withTexts) }
    }
    return columns.form
  }

  /// What stands, by case, as one JSON array. The first walk finds the cases, and keeps their identities. Each is written
  /// with everything that stands on it, also what was said before the part to export: whoever has the case puts this in
  /// its place.
  private func writeCases(
    _ writer: some CaseWriter, to sink: ([UInt8]) throws -> Void
  ) throws -> ExportReport {
    var writer = writer
    var walked = ExportReport(codebook: writer.codebook)
    var order = CaseOrder()
    try walk { entry, isEarlier in
      let isGone = isEarlier && entry.event.body == nil
      guard try isGone || judged(entry, isEarlier: isEarlier, &walked) != nil, let id = entry.event.caseID else {
        return
      }
      order.add(id, isEarlier: isEarlier)
    }
    var report = ExportReport(codebook: writer.codebook)
    if options.withCard { report.card = DatasetCard() }
    for item in order.cases {
      let (shown, judgements) = try standing(on: item.caseID, &report)
      let known = try judgements.isEmpty ? (item.isEarlier ? view(of: item.caseID, &report) : nil) : shown
      guard let view = known else { continue }
      if judgements.isEmpty { report.emptied += 1 }
      try sink(Array((report.rows == 0 ? "[\n" : ",\n").utf8) + writer.record(view, judgements).serialized)
      report.rows += 1
    }
    try sink(Array((report.rows == 0 ? "[]\n" : "\n]\n").utf8))
    report.withoutBody = walked.withoutBody
    report.unreadable = walked.unreadable
    report.withoutView = walked.withoutView
    report.otherModels = walked.otherModels
    report.codebook = writer.codebook
    return report
  }

  /// What stands on a case, and the case as the first of those saw it whose view has the record; else as somebody did whose
  /// word does not stand. A record that one analyst's machine kept back is there all the same where another's did not.
  private func standing(
    on caseID: ShortHash, _ report: inout ExportReport
  ) throws -> (view: CaseView?, judgements: [StandingJudgement]) {
    var shown: CaseView?
    var past: CaseView?
    var words: [(judged: JudgedEvent, row: JudgementRow)] = []
    for entry in try log.judgements(of: caseID) {
      guard let judged = try judged(entry, &report) else { continue }
      let (row, isLastWord) = try row(of: judged, &report)
      let view = judged.seen.flatMap { CaseView($0, row, options) }
      if isLastWord { words.append((judged, row)) }
      if isLastWord { shown = shown ?? view } else { past = past ?? view }
    }
    let view = shown ?? past
    let judgements = words.compactMap { StandingJudgement($0.judged, $0.row, options, shown: view) }
    report.withoutInput += words.count - judgements.count
    return (view, judgements)
  }

  /// What is still here of a case on which nothing stands.
  private func view(of caseID: ShortHash, _ report: inout ExportReport) throws -> CaseView? {
    let shown = try log.newestView(of: caseID).flatMap { try seen(in: $0) }
    if let shown, let model = options.model, shown.model.name != model { return nil }
    let view = shown.flatMap { CaseView($0, JudgementRow(of: caseID, $0, options), options) }
    if view == nil { report.vanished += 1 }
    return view
  }

  /// First what was written before and reads otherwise now, then what is new.
  private func walk(_ body: (ExportEntry, _ isEarlier: Bool) throws -> Void) throws {
    try log.forEachEarlier { entry, hasChanged in
      if try mayBeJudgement(entry), try hasChanged || isChanged(entry) { try body(entry, true) }
    }
    try log.forEach { entry in
      if try mayBeJudgement(entry) { try body(entry, false) }
    }
  }

  /// False for an event without its words that was none: a flag, a note or a mark that was changed and then redacted.
  private func mayBeJudgement(_ entry: ExportEntry) throws -> Bool {
    guard entry.event.body == nil else { return true }
    return try cases.statements(about: entry.event).removed.wasJudgement(entry.event)
  }

  /// Whether the row of an earlier judgement reads otherwise than before the part to export.
  private func isChanged(_ entry: ExportEntry) throws -> Bool {
    guard entry.event.body != nil, let caseID = entry.event.caseID else { return true }
    var ignored = ExportReport(codebook: Codebook([]))
    guard let judged = try judged(entry, &ignored) else { return false }
    let before = CaseStatements(
      try log.earlierStatements(about: caseID), remains: try log.remains(about: caseID),
      published: try log.published(about: caseID))
    let now = try cases.statements(about: entry.event)
    // What its row does not say: a first answer stands alone again where the final one was taken back.
    if options.format.isOfLastWords, now.isLastWord(judged.event, judged.judgement),
      !before.isLastWord(judged.event, judged.judgement)
    {
      return true
    }
    return JudgementRow(judged, before, options).values != JudgementRow(judged, now, options).values
  }

  /// The judgement that an event is, if it is to be exported and stands, and there is an input.
  private func standing(_ entry: ExportEntry, _ report: inout ExportReport) throws -> StandingJudgement? {
    guard let judged = try judged(entry, &report) else { return nil }
    let (row, isLastWord) = try row(of: judged, &report)
    guard isLastWord else { return nil }
    let judgement = StandingJudgement(judged, row, options)
    if judgement == nil { report.withoutInput += 1 }
    return judgement
  }

  /// A judgement's row, and whether it is its analyst's last word on the case.
  private func row(
    of judged: JudgedEvent, _ report: inout ExportReport
  ) throws -> (row: JudgementRow, isLastWord: Bool) {
    let statements = try cases.statements(about: judged.event)
    let row = JudgementRow(judged, statements, options)
    let isLastWord = statements.isLastWord(judged.event, judged.judgement)
    report.card?.add(judged, row, isLastWord: isLastWord)
    if !isLastWord { report.notStanding += 1 }
    return (row, isLastWord)
  }

  /// The judgement that an event is, if it is to be exported. Of an earlier one whose view was removed nobody knows the model
  /// any more, and an earlier export may have what that view showed: it is told again whatever model is asked for.
  private func judged(
    _ entry: ExportEntry, isEarlier: Bool = false, _ report: inout ExportReport
  ) throws -> JudgedEvent? {
    let event = entry.event
    if !isEarlier, options.format.hasMarks, try isStrayMark(event) { report.addStrayMark() }
    guard event.kind == .judgement || event.kind == .amend else { return nil }
    guard event.body != nil else {
      report.withoutBody += 1
      return nil
    }
    guard let body = try? event.decoded(), let statement = Statement(body.payload) else {
      report.unreadable += 1
      return nil
    }
    guard case .judgement(let judgement) = statement else { return nil }
    if options.onlyInForce, try cases.state(of: event) != .inForce { return nil }
    let seen = try seen(by: event, body)
    if let model = options.model {
      if seen == nil, !isEarlier { report.withoutView += 1 }
      guard seen == nil ? isEarlier : seen?.model.name == model else {
        if let seen, report.otherModels.count < 10 { report.otherModels.insert(seen.model.name) }
        return nil
      }
    }
    return JudgedEvent(
      entry: entry, body: body, judgement: judgement, seen: seen,
      queue: try seen?.queue.flatMap { try log.queue($0.id) })
  }

  /// Whether an event is a mark in force beside which there is no judgement of its analyst's whose row could have it.
  private func isStrayMark(_ event: Event) throws -> Bool {
    guard event.kind == .mark || event.kind == .amend, let body = try? event.decoded(),
      case .mark = Statement(body.payload)
    else { return false }
    let statements = try cases.statements(about: event)
    guard statements.threads.state(of: event.eventID, analyst: event.analyst) == .inForce,
      !statements.hasJudgement(of: event.analyst, inForce: options.onlyInForce)
    else { return false }
    return try options.model.map { try seen(by: event, body)?.model.name == $0 } ?? true
  }

  /// What the analyst had before them: as the event says, or the statement that it takes the place of.
  private func seen(by event: Event, _ body: EventBody) throws -> Seen? {
    var id = body.targets(.seen).first
    if id == nil, event.kind == .amend { id = try cases.statements(about: event).seen(behind: event.eventID) }
    guard let id, let found = try log.event(id), found.caseID == event.caseID else { return nil }
    return try seen(in: found)
  }

  /// The view that an event is, with its record where that is kept beside it, and was not withheld: a content that a colleague
  /// sent is not what this analyst gave.
  private func seen(in event: Event) throws -> Seen? {
    guard let body = try? event.decoded(), case .seen(var seen) = body.payload else { return nil }
    if case .hash(let hash, _, isWithheld: false) = seen.record, let bytes = try log.content(of: hash),
      let record = try? Record(bytes: bytes)
    {
      seen.record = .inline(record)
    }
    return seen
  }

  private func writeEvents(to sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    var report = ExportReport(codebook: Codebook(EventLine.columns, .events))
    try log.forEach { entry in
      let event = entry.event
      let line = EventLine(entry, state: event.kind.isStatement ? try cases.state(of: event) : nil)
      try sink(line.bytes(withNotes: options.withNotes, withTexts: options.withTexts))
      report.rows += 1
      if event.body == nil { report.withoutBody += 1 }
    }
    return report
  }
}

/// A judgement with what it was made on.
struct JudgedEvent {
  var entry: ExportEntry
  var body: EventBody
  var judgement: JudgementBody
  var seen: Seen?
  /// What the queue that the case came from was published as.
  var queue: QueueName?

  var event: Event { entry.event }
}
