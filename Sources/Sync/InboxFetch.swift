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
    var end = began
    var client = InboxClient(cursor: began)
    var waiting = client.begin()
    while !waiting.isEmpty {
      switch waiting.removeFirst() {
      case .ask(let cursor):
        do {
          waiting += client.take(try await collector.inbox(after: cursor), after: cursor)
        } catch .refused(404, _) {
          return kinds
        }
      case .keep(let items):
        for kind in try await attempt({ () async throws(LedgerError) in try await keep(items) }) {
          kinds[kind, default: 0] += 1
        }
      case .save(let cursor):
        let key = key
        end = cursor
        try await attempt { () async throws(LedgerError) in
          try await worker.run { ledger throws(LedgerError) in try ledger.set(.text(cursor.text), for: key) }
        }
      }
    }
    // Nothing follows from it here: a collector of before, or one that is gone again, need not hear it.
    if end != began { try? await collector.acknowledge(InboxReceipt(cursor: end)) }
    return kinds
  }

  private func attempt<Result>(
    _ body: () async throws(LedgerError) -> Result
  ) async throws(CollectorFailure) -> Result {
    do {
      return try await body()
    } catch {
      throw .unanswered(.garbled("the ledger did not take it: \(error.problem.summary)"))
    }
  }

  private var key: String { ReadingPlace.inbox.key(context: context, address: collector.address) }

  /// Keeps items; the kinds of those that were new.
  private func keep(_ items: [InboxPage.Item]) async throws(LedgerError) -> [RawText] {
    let (context, now) = (context, now())
    return try await worker.run { ledger throws(LedgerError) in
      let kept = items.map { item in
        InboxItem(
          id: item.id, kind: item.kind, name: item.name, body: item.body, publishedAt: item.publishedAt,
          receivedAt: now)
      }
      return try ledger.putInbox(kept, context: context).map(\.kind)
    }
  }
}
