internal import Domain
internal import Feedback
internal import HTTPTypes
internal import SyncProtocol

/// Takes batches in. Those that arrive while a commit is under way share the next one: one fsync for all of them.
actor Intake {
  enum Outcome: Sendable {
    case answer(BatchAnswer)
    case lineage(Lineage)
  }

  private struct Job {
    var batch: InspectedBatch
    var token: TokenRecord
    var continuation: CheckedContinuation<Outcome, any Error>
  }

  /// Batches of one token, and bytes of bodies of all, that may wait for a commit: more are sent away for a moment.
  private static let batchesOfOne = 8
  private static let bytesOfAll = 64 << 20

  private let database: CollectorDatabase
  private let watermark: Watermark?
  private var waiting: [Job] = []
  private var isCommitting = false
  /// False after the disk has failed, whoever wrote: SQLite would carry on as if nothing had happened, we do not.
  var isHealthy: Bool { database.store.isHealthy }
  private(set) var commits = 0
  private(set) var verdicts: [RecordVerdict: Int] = [:]

  init(database: CollectorDatabase, watermark: Watermark?) {
    self.database = database
    self.watermark = watermark
  }

  /// The answer to a batch, after it is durable.
  func take(_ batch: InspectedBatch, from token: TokenRecord) async throws -> Outcome {
    try admit(batch.batch, from: token)
    return try await withCheckedThrowingContinuation { continuation in
      waiting.append(Job(batch: batch, token: token, continuation: continuation))
      guard !isCommitting else { return }
      isCommitting = true
      Task { await self.commitAll() }
    }
  }

  private func admit(_ batch: EventBatch, from token: TokenRecord) throws {
    guard isHealthy else {
      throw Refused(
        .serviceUnavailable, Refusal("broken", detail: "the collector's disk failed", retryAfter: 60_000))
    }
    guard waiting.count(where: { $0.token.id == token.id }) < Intake.batchesOfOne else {
      throw Refused(
        .tooManyRequests, Refusal("too-many", detail: "batches of this device are waiting", retryAfter: 1000))
    }
    let bytes = waiting.reduce(batch.bodyBytes) { $0 + $1.batch.batch.bodyBytes }
    guard waiting.isEmpty || bytes <= Intake.bytesOfAll else {
      throw Refused(.serviceUnavailable, Refusal("busy", detail: "many are sending now", retryAfter: 2000))
    }
  }

  private func commitAll() async {
    while !waiting.isEmpty {
      let jobs = nextJobs()
      let work = jobs.map { ($0.batch, $0.token) }
      do {
        let (outcomes, mark) = try await database.write { [id = database.id] db in
          try (
            work.map { batch, token in try Intake.attempt(batch, from: token, db) },
            Watermark.Mark(collector: id, epoch: Epochs.current(db), row: Epochs.lastRow(db))
          )
        }
        commits += 1
        watermark?.remember(mark)
        for (job, outcome) in zip(jobs, outcomes) {
          count(outcome)
          job.continuation.resume(with: outcome)
        }
      } catch {
        for job in jobs { job.continuation.resume(throwing: error) }
      }
    }
    isCommitting = false
  }

  /// As many as make one commit of some 500 events.
  private func nextJobs() -> [Job] {
    var events = 0
    let count = waiting.prefix { job in
      defer { events += job.batch.batch.events.count }
      return events < 500
    }.count
    defer { waiting.removeFirst(count) }
    return Array(waiting.prefix(count))
  }

  private func count(_ outcome: Result<Outcome, any Error>) {
    guard case .success(.answer(let answer)) = outcome else { return }
    for result in answer.results { verdicts[result.verdict, default: 0] += 1 }
  }

  /// One batch: if it fails, the others of the commit stand. A failure of the store is everybody's.
  private static func attempt(
    _ batch: InspectedBatch, from token: TokenRecord, _ db: any Transaction
  ) throws -> Result<Outcome, any Error> {
    do {
      return .success(try db.attempt { try take(batch, from: token, db) })
    } catch let error as StoreError where error.kind != .statement {
      throw error
    } catch {
      return .failure(error)
    }
  }

  private static func take(_ batch: InspectedBatch, from token: TokenRecord, _ db: any Transaction) throws -> Outcome {
    let now = Timestamp.now
    let names = try db.rows("SELECT name FROM former_name WHERE analyst = ?", [.text(token.analyst)])
    let sender = CollectorRules.Sender(
      analyst: RawText(token.analyst), formerNames: Set(try names.map { RawText(try $0.text("name")) }))
    var history = try LogHistory(db: db, token: token, now: now.description)
    let epoch = try Epochs.current(db)
    switch try CollectorRules.receive(batch, from: sender, into: &history) {
    case .diverged(let head): return .lineage(Lineage(epoch: epoch, head: head))
    case .taken(let head, let results):
      for event in history.redactions { try Redaction.obey(event, from: token, db) }
      for id in history.awaited { try Redaction.obeyAhead(id, from: token, db) }
      let safe = try StreamBook.safe(of: batch.batch.stream, db)
      return .answer(BatchAnswer(epoch: epoch, head: head, safe: safe, now: now, results: results))
    }
  }
}

extension EventBatch {
  var bodyBytes: Int { events.reduce(0) { $0 + ($1.body?.count ?? 0) } }
}
