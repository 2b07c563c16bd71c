public import Domain
internal import Feedback
internal import Ledger
public import Workbench

extension Workspace {
  /// Events that the outbox lists.
  private static let listed = 500

  /// What waits, what was received, what needs the analyst.
  public func outbox() async throws(Problem) -> OutboxScreen.Content {
    let id = stream.id
    let key = LastExchange.key(of: id)
    let name = contextName
    let collector = collectorAddress
    let kept = try await onLedger { ledger throws(LedgerError) in
      KeptOutbox(
        former: try Self.former(in: ledger, context: name, collector: collector, current: id),
        waiting: try ledger.waitingKinds(of: id), records: try ledger.waitingRecords(of: id),
        items: try ledger.outbox(of: id, limit: Self.listed), counts: try ledger.outboxCounts(of: id),
        exchange: try ledger.value(for: key).flatMap { LastExchange(json: $0) },
        conflicts: try Self.conflicts(in: ledger, context: name))
    }
    var content = OutboxScreen.Content(
      collector: account?.endpoint.address, ledgerPath: context.ledgerPath,
      ledgerBytes: Files.size(of: context.ledgerPath),
      counts: kept.counts,
      waiting: kept.waiting, rows: kept.items.map { row($0) }, lastSync: kept.exchange?.done,
      problem: kept.exchange?.problem, nextTry: kept.exchange?.nextTry)
    content.needsAnalyst = kept.exchange?.needsAnalyst == true
    content.waitingRecords = kept.records
    content.conflicts = kept.conflicts
    content.former = kept.former
    return content
  }

  /// The streams beside the current one that are not done with, and the current one where it has ended; the newest first.
  private static func former(
    in ledger: Ledger, context: RawText, collector: RawText?, current: StreamID
  ) throws(LedgerError) -> [OutboxScreen.Former] {
    var former: [OutboxScreen.Former] = []
    for stream in try ledger.streams(context: context, collector: collector) {
      let isEnded = stream.endedAt != nil
      guard isEnded || stream.id != current else { continue }
      let counts = try ledger.outboxCounts(of: stream.id)
      let waiting = counts[.saved, default: 0] + counts[.sent, default: 0] + (try ledger.waitingRecords(of: stream.id))
      let wedged = counts[.wedged, default: 0]
      guard stream.id == current || waiting + wedged > 0, let last = try ledger.lastEvent(of: stream.id) else {
        continue
      }
      former.append(
        OutboxScreen.Former(
          at: last.at, reason: isEnded ? reason(of: last) : nil, waiting: waiting, wedged: wedged,
          isListed: stream.id == current))
    }
    return former.sorted { $0.at > $1.at }
  }

  private static func conflicts(
    in ledger: Ledger, context: RawText
  ) throws(LedgerError) -> [OutboxScreen.Conflict] {
    var conflicts: [OutboxScreen.Conflict] = []
    for own in try ledger.ownVersions(context: context) {
      // Where a few words are the same, the difference stands in what follows them.
      let isTold = Set(own.versions.map(\.statement.words)).count == own.versions.count
      let versions = own.versions.map {
        OutboxScreen.Conflict.Version(
          eventID: $0.event.eventID, what: RawText(isTold ? $0.statement.words : said($0.statement)), at: $0.event.at,
          isHere: $0.isHere)
      }
      let name = try ledger.case(own.caseID)?.name ?? own.caseID.short
      conflicts.append(
        OutboxScreen.Conflict(
          caseID: own.caseID, caseName: name, answer: try answer(own, in: ledger), versions: versions))
    }
    return conflicts
  }

  /// Which of the analyst's two answers to a case that was judged blind a choice is of.
  private static func answer(_ own: OwnVersions, in ledger: Ledger) throws(LedgerError) -> String {
    switch own.subject {
    case .judgement(.initial): return "first answer"
    case .judgement(.final):
      let analyst = own.versions.first?.event.analyst
      let hasFirst = try ledger.standing(of: own.caseID).contains {
        $0.subject == .judgement(.initial) && $0.analyst == analyst
      }
      return hasFirst ? "final answer" : ""
    default: return ""
    }
  }

  /// Says which of one's own versions stands: an event that takes the place of all of them. Its number; nil where there
  /// is nothing to choose any more.
  func choose(_ eventID: EventID, of caseID: ShortHash) async throws(Problem) -> Int? {
    let stamp = stamp()
    return try await onStream { ledger, stream throws(LedgerError) in
      try ledger.choose(eventID, of: caseID, in: stream, stamp: stamp)?.seq
    }
  }

  private func row(_ item: OutboxItem) -> OutboxScreen.Row {
    let event = item.event
    let reason = [Self.words(of: item.code), item.detail.string].filter { !$0.isEmpty }.joined(separator: ": ")
    return OutboxScreen.Row(
      sequence: event.seq, kind: event.kind.text, caseName: item.caseName ?? event.caseID?.short ?? "",
      caseID: event.caseID, model: item.model, what: RawText(Self.what(event)), state: item.state, at: event.at,
      reason: RawText(reason))
  }

  /// Why an event needs a person, and what helps; a collector's other words as they are.
  private static func words(of code: RawText) -> String {
    switch code.string {
    case "too-large": "too large for the collector: say it shorter, and save again"
    case "damaged": "damaged in this ledger: mds ledger verify"
    case "set aside: withheld": "what it said is not here any more: the collector has its hash alone"
    default: code.string
    }
  }

  /// An event in a few words.
  static func what(_ event: Event) -> String {
    guard event.body != nil, let body = try? event.decoded() else { return "" }
    switch body.payload {
    case .seen(let seen):
      return seen.assistance == .blind ? "seen, its answer hidden" : "\(seen.output.label.string) seen"
    case .retract(let retraction): return retraction.isUndo ? "undone" : UndoHistory.Step.takingOff
    case .view(let pane): return "\(pane.pane.string) looked at, \(pane.milliseconds / 1000) s"
    case .streamStart: return "this device"
    case .streamFork: return "a stream again"
    case .streamEnd(let reason): return "its end: \(reason.string)"
    default: return Statement(body.payload)?.words ?? ""
    }
  }

  /// Events that no collector has yet.
  public func waitingCount() async throws(Problem) -> Int {
    let name = contextName
    return try await onLedger { ledger throws(LedgerError) in try ledger.waitingCount(context: name) }
  }

  /// Offers a refused event again; false where the collector has it as far as it is ever to have it.
  func unwedge(_ sequence: Int) async throws(Problem) -> Bool {
    let id = stream.id
    return try await onLedger { ledger throws(LedgerError) in try ledger.unwedge(id, seq: sequence) }
  }
}

private struct KeptOutbox: Sendable {
  var former: [OutboxScreen.Former]
  var waiting: [RawText: Int]
  var records: Int
  var items: [OutboxItem]
  var counts: [EventState: Int]
  var exchange: LastExchange?
  var conflicts: [OutboxScreen.Conflict]
}
