public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// What waits, what was received, what needs the analyst.
  public func outbox() async throws(Problem) -> OutboxScreen.Content {
    let collector = context.collector
    let kept = try await onLedger { ledger throws(LedgerError) -> KeptOutbox in
      guard let stream = try ledger.stream(collector: collector ?? "") else {
        return KeptOutbox(events: [], wedges: [:], stream: nil, models: [:], numbers: [:])
      }
      let events = try ledger.events(of: stream.id, after: stream.safe.seq)
      var models: [ShortHash: RawText] = [:]
      var numbers: [ShortHash: Int] = [:]
      for id in Set(events.compactMap(\.caseID)) {
        guard let found = try ledger.case(id) else { continue }
        models[id] = found.model.name
        numbers[id] = found.number
      }
      return KeptOutbox(
        events: events, wedges: try ledger.wedges(of: stream.id), stream: stream, models: models, numbers: numbers)
    }
    var counts: [EventState: Int] = [.archived: kept.stream?.safe.seq ?? 0]
    var waiting: [RawText: Int] = [:]
    var rows: [OutboxScreen.Row] = []
    for event in kept.events.reversed() {
      guard let stream = kept.stream else { break }
      let state = stream.state(of: event.seq, isWedged: kept.wedges[event.seq] != nil)
      counts[state, default: 0] += 1
      if state == .saved || state == .sent { waiting[event.kind.text, default: 0] += 1 }
      rows.append(row(event, state, kept))
    }
    return OutboxScreen.Content(
      collector: collector, ledgerPath: context.ledgerPath, ledgerBytes: ledger.bytes, counts: counts,
      waiting: waiting, rows: rows)
  }

  private func row(_ event: Event, _ state: EventState, _ kept: KeptOutbox) -> OutboxScreen.Row {
    let name = event.caseID.map { id in kept.numbers[id].map { "\($0) \(id.short)" } ?? id.short } ?? ""
    return OutboxScreen.Row(
      sequence: event.seq, kind: event.kind.text, caseName: name, caseID: event.caseID,
      model: event.caseID.flatMap { kept.models[$0] } ?? "", what: RawText(Self.what(event)), state: state,
      at: event.at,
      reason: RawText(kept.wedges[event.seq] ?? ""))
  }

  /// An event in a few words.
  static func what(_ event: Event) -> String {
    guard event.body != nil, let body = try? event.decoded() else { return "" }
    switch body.payload {
    case .seen(let seen): return "\(seen.output.label.string) seen"
    case .retract: return "undone"
    case .streamStart: return "this device"
    default: return Statement(body.payload)?.words ?? ""
    }
  }
}

private struct KeptOutbox: Sendable {
  var events: [Event]
  var wedges: [Int: String]
  var stream: StreamState?
  var models: [ShortHash: RawText]
  var numbers: [ShortHash: Int]
}
