internal import Domain
internal import Feedback

/// Writes a log as rows. It walks twice, first for the columns, then for the rows; its memory does not grow with the
/// log.
public struct Exporter<Log: ExportLog> {
  private let log: Log
  private let options: ExportOptions
  private let cases: CaseShelf<Log>

  public init(_ log: Log, _ options: ExportOptions) {
    self.log = log
    self.options = options
    cases = CaseShelf(log)
  }

  /// Writes everything into a sink, which gets whole lines.
  public func write(to sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    if options.format == .events { return try writeEvents(to: sink) }
    let form = try form()
    var report = ExportReport(codebook: Codebook(form.columns))
    if options.format == .csv { try sink(form.heading) }
    try log.forEach { entry in
      guard let judged = try judged(entry, &report) else { return }
      let row = JudgementRow(judged, try cases.statements(about: entry.event), options)
      try sink(options.format == .csv ? form.csv(row) : form.jsonl(row))
      report.rows += 1
    }
    return report
  }

  /// The first walk: what columns the rows need.
  private func form() throws -> RowForm {
    var columns = ExportColumns()
    var ignored = ExportReport(codebook: Codebook([]))
    try log.forEach { entry in
      if let seen = try judged(entry, &ignored)?.seen { columns.add(seen) }
    }
    return columns.form
  }

  /// The judgement that an event is, if it is to be exported.
  private func judged(_ entry: ExportEntry, _ report: inout ExportReport) throws -> JudgedEvent? {
    let event = entry.event
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
    if let model = options.model, seen?.model.name != model { return nil }
    return JudgedEvent(entry: entry, body: body, judgement: judgement, seen: seen)
  }

  /// What the analyst had before them: as the event says, or the statement that it takes the place of.
  private func seen(by event: Event, _ body: EventBody) throws -> Seen? {
    var id = body.targets(.seen).first
    if id == nil, event.kind == .amend { id = try cases.statements(about: event).seen(behind: event.eventID) }
    guard let id, let found = try log.event(id), found.caseID == event.caseID, let body = try? found.decoded(),
      case .seen(let seen) = body.payload
    else { return nil }
    return seen
  }

  private func writeEvents(to sink: ([UInt8]) throws -> Void) throws -> ExportReport {
    var report = ExportReport(codebook: Codebook(EventLine.columns))
    try log.forEach { entry in
      let event = entry.event
      let line = EventLine(entry, state: event.kind.isStatement ? try cases.state(of: event) : nil)
      try sink(line.bytes(withText: options.withNotes))
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

  var event: Event { entry.event }
}
