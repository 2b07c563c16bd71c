public import Domain
public import Ledger
internal import SyncProtocol

/// What came of the researchers', by kind.
public struct InboxNews: Hashable, Sendable {
  /// Items that are new here and that nothing took the place of.
  public var sent: [RawText: Int] = [:]
  /// Items that were here and were withdrawn.
  public var withdrawn: [RawText: Int] = [:]

  public init() {}
}

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

  /// Fetches every page that is new, and says that it is here; what is new and what is withdrawn after it. Nothing from a
  /// collector without an inbox.
  public func run() async throws(CollectorFailure) -> InboxNews {
    var changes = Changes()
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
          return InboxNews()
        }
      case .keep(let items):
        let kept = changes
        changes = try await attempt { () async throws(LedgerError) in try await keep(items, kept) }
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
    guard let before = changes.before else { return InboxNews() }
    let (context, new) = (context, changes.new)
    return try await attempt { () async throws(LedgerError) in
      try await worker.run { ledger throws(LedgerError) in
        InboxNews(from: before, to: try ledger.inForce(context: context), new: new)
      }
    }
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

  /// What was in force before the first item was kept, nil until then; and which items were new.
  private struct Changes: Sendable {
    var before: [InboxItem]?
    var new: Set<RawText> = []
  }

  private func keep(_ items: [InboxPage.Item], _ changes: Changes) async throws(LedgerError) -> Changes {
    let (context, now) = (context, now())
    return try await worker.run { ledger throws(LedgerError) in
      let kept = items.map { item in
        InboxItem(
          id: item.id, kind: item.kind, name: item.name, body: item.body, publishedAt: item.publishedAt,
          receivedAt: now)
      }
      var changes = changes
      if changes.before == nil { changes.before = try ledger.inForce(context: context) }
      for item in try ledger.putInbox(kept, context: context) { changes.new.insert(item.id) }
      return changes
    }
  }
}

extension InboxNews {
  /// What differs between what was in force and what is.
  fileprivate init(from before: [InboxItem], to after: [InboxItem], new: Set<RawText>) {
    for item in after where new.contains(item.id) { sent[item.kind, default: 0] += 1 }
    for item in before where !after.contains(where: { $0.kind == item.kind && $0.name == item.name }) {
      withdrawn[item.kind, default: 0] += 1
    }
  }
}
