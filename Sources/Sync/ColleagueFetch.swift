public import Domain
internal import Feedback
public import Ledger
internal import SyncProtocol

/// Brings what colleagues saw and said from the collector's log into the ledger, from where it left off.
public struct ColleagueFetch: Sendable {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let context: RawText

  /// What colleagues saw and what they say of it: without the view nobody could tell what they agreed with, and how
  /// the case was drawn.
  private static let kinds: [EventKind] = [.seen, .judgement, .amend, .retract, .mark, .note, .flag]

  public init(worker: LedgerWorker, collector: CollectorClient, context: RawText) {
    self.worker = worker
    self.collector = collector
    self.context = context
  }

  /// Fetches every page that is new and says how many events were; none where the token may not read.
  public func run() async throws(CollectorFailure) -> Int {
    var fetched = 0
    var cursor = await worker.cursor(key)
    while true {
      let page: (entries: [LogEntry], next: LogCursor)
      do {
        page = try await collector.events(after: cursor, kinds: Self.kinds, withoutOwn: true)
      } catch .refused(403, _) {
        return fetched
      }
      do {
        fetched += try await keep(page.entries, next: page.next)
      } catch {
        throw .unanswered(.garbled("the ledger did not take it: \(error.problem.summary)"))
      }
      if page.entries.isEmpty || page.next == cursor { return fetched }
      cursor = page.next
    }
  }

  /// By another name than the log without views had: a ledger that read that one reads this from its start.
  private var key: String { "log with views \(collector.address)" }

  private func keep(_ entries: [LogEntry], next: LogCursor) async throws(LedgerError) -> Int {
    let events = entries.compactMap { entry -> Event? in
      guard let body = entry.event.body, entry.event.isIntact(in: entry.stream),
        var event = try? Event(
          stream: entry.stream, seq: entry.event.seq, eventID: entry.event.eventID, prev: entry.event.prev, body: body)
      else { return nil }
      // A body may hold the name that the analyst had before enrolment.
      event.analyst = entry.analyst
      return event
    }
    let key = key
    let context = context
    return try await worker.run { ledger throws(LedgerError) in
      let added = try ledger.importEvents(events, context: context)
      try ledger.set(.text(next.text), for: key)
      return added
    }
  }
}
