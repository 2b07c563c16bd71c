public import Domain
public import Ledger
internal import SyncProtocol

/// Brings what a collector publishes for its analysts into the ledger, from where it left off.
public struct InboxFetch: Sendable {
  private let worker: LedgerWorker
  private let collector: CollectorClient
  private let context: RawText
  private let now: @Sendable () -> Timestamp

  public init(
    worker: LedgerWorker, collector: CollectorClient, context: RawText, now: @escaping @Sendable () -> Timestamp
  ) {
    self.worker = worker
    self.collector = collector
    self.context = context
    self.now = now
  }

  /// Waits, so many seconds at most, until the collector has something that is not here; whether it has. A collector that
  /// cannot wait answers at once.
  public func wait(seconds: Int) async throws(CollectorFailure) -> Bool {
    try await !collector.inbox(after: await worker.cursor(key), wait: seconds).items.isEmpty
  }

  /// Fetches every page that is new, and says that it is here; how many items of each kind were not. None from a
  /// collector without an inbox.
  public func run() async throws(CollectorFailure) -> [RawText: Int] {
    var kinds: [RawText: Int] = [:]
    let began = await worker.cursor(key)
    var cursor = await worker.cursor(key)
    while true {
      let page: InboxPage
      do {
        page = try await collector.inbox(after: cursor)
      } catch .refused(404, _) {
        return kinds
      }
      do {
        for kind in try await keep(page) { kinds[kind, default: 0] += 1 }
      } catch {
        throw .unanswered(.garbled("the ledger did not take it: \(error.problem.summary)"))
      }
      if page.items.isEmpty || page.next == cursor {
        // Nothing follows from it here: a collector of before, or one that is gone again, need not hear it.
        if page.next != began { try? await collector.acknowledge(InboxReceipt(cursor: page.next)) }
        return kinds
      }
      cursor = page.next
    }
  }

  private var key: String { "inbox \(collector.address)" }

  /// Keeps a page; the kinds of the items that were new.
  private func keep(_ page: InboxPage) async throws(LedgerError) -> [RawText] {
    let (key, context, now) = (key, context, now())
    return try await worker.run { ledger throws(LedgerError) in
      let items = page.items.map { item in
        InboxItem(
          id: item.id, kind: item.kind, name: item.name, body: item.body, publishedAt: item.publishedAt,
          receivedAt: now)
      }
      let new = try ledger.putInbox(items, context: context)
      // A crash in between brings the same items again, which are known by their ids.
      try ledger.set(.text(page.next.text), for: key)
      return new.map(\.kind)
    }
  }
}
