public import Domain
internal import Feedback
public import Ledger
internal import SyncProtocol

/// Brings what colleagues saw and said, and what the analyst did on other devices, from the collector's log into the
/// ledger, from where it left off.
public struct ColleagueFetch: Sendable {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let context: RawText
  /// Who the analyst is at the collector, and in this ledger: a stream keeps the name that it began under.
  private let own: (there: RawText, here: RawText)

  /// What came of reading on in the log.
  public struct Fetched: Hashable, Sendable {
    /// Events that are new here.
    public var new = 0
    /// Events that are not what their hash says, or no events at all: they are left out, and read no more.
    public var damaged = 0
  }

  /// What colleagues saw and what they say of it: without the view nobody could tell what they agreed with, and how
  /// the case was drawn.
  private static let kinds: [EventKind] =
    [
      .seen, .judgement, .amend, .retract, .mark, .note, .flag, .adjudicate, .redact,
    ] + ownKinds

  /// What matters of the analyst's own from other devices alone: that an answer was looked at, and what was replied
  /// to a question.
  private static let ownKinds: [EventKind] = [.reveal, .view, .answer]

  public init(
    worker: LedgerWorker, collector: CollectorClient, context: RawText, own: (there: RawText, here: RawText)
  ) {
    self.own = own
    self.worker = worker
    self.collector = collector
    self.context = context
  }

  /// Fetches every page that is new. Where the token may not read everybody's, the
  /// analyst's own are fetched: from other devices, and what this ledger lacks since it was put back.
  public func run() async throws(CollectorFailure) -> Fetched {
    let held = try await held()
    do {
      return try await fetch(.others(held), ReadingPlace.log)
    } catch .refused(403, _) {}
    do {
      return try await fetch(.own(held), ReadingPlace.own)
    } catch .refused(403, _) {
      return Fetched()
    }
  }

  /// How far this ledger holds its own streams, the newest.
  private func held() async throws(CollectorFailure) -> [HeldStream] {
    let context = context
    do {
      return try await worker.run { ledger throws(LedgerError) in
        var held: [HeldStream] = []
        for stream in try ledger.streams().filter({ $0.context == context }).suffix(HeldStream.limit) {
          held.append(HeldStream(stream.id, upTo: try ledger.head(of: stream.id).seq))
        }
        return held
      }
    } catch {
      throw .unanswered(.garbled("the ledger cannot be read: \(error.problem.summary)"))
    }
  }

  private func fetch(_ whom: CollectorClient.Whom, _ place: ReadingPlace) async throws(CollectorFailure) -> Fetched {
    let key = place.key(context: context, address: collector.address)
    var fetched = Fetched()
    var cursor = await worker.cursor(key)
    while true {
      let page = try await collector.events(after: cursor, kinds: Self.kinds, from: whom)
      do {
        try await keep(page.entries, next: page.next, key: key, &fetched)
      } catch {
        throw .unanswered(.garbled("the ledger did not take it: \(error.problem.summary)"))
      }
      if page.entries.isEmpty || page.next == cursor { return fetched }
      cursor = page.next
    }
  }

  private func keep(
    _ entries: [LogEntry], next: LogCursor, key: String, _ fetched: inout Fetched
  ) async throws(LedgerError) {
    let events = entries.compactMap { entry -> Event? in
      guard entry.event.isIntact(in: entry.stream), var event = entry.ledgerEvent else {
        fetched.damaged += 1
        return nil
      }
      if Self.ownKinds.contains(event.kind), entry.analyst != own.there { return nil }
      // A body may hold the name that the analyst had before enrolment.
      event.analyst = entry.analyst == own.there ? own.here : entry.analyst
      return event
    }
    let known = entries.compactMap { entry in entry.redacted?.remains.map { (entry.event.eventID, $0) } }
    let remains = Dictionary(known) { first, _ in first }
    let context = context
    fetched.new += try await worker.run { ledger throws(LedgerError) in
      let added = try ledger.importEvents(events, remains: remains, context: context)
      try ledger.set(.text(next.text), for: key)
      return added
    }
  }
}

extension LogEntry {
  /// The event as a ledger keeps it: of a redacted statement its place alone; nil for what is no event's body.
  fileprivate var ledgerEvent: Event? {
    if let body = event.body {
      return try? Event(stream: stream, seq: event.seq, eventID: event.eventID, prev: event.prev, body: body)
    }
    return redacted.map { redacted in
      Event(
        stream: stream, seq: event.seq, eventID: event.eventID, prev: event.prev, leaf: event.leaf, hash: event.hash,
        body: nil, kind: redacted.kind, at: redacted.at, analyst: analyst, caseID: redacted.caseID)
    }
  }
}
