internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
internal import Transport

/// What became of one row of a batch.
public enum BatchRow: Sendable {
  case scored(row: Int, Case)
  /// Not scored: why, and the row as it stood in the file.
  case rejected(row: Int, reason: String, text: RawText)

  public var row: Int {
    switch self {
    case .scored(let row, _), .rejected(let row, _, _): row
    }
  }
}

/// How a batch is scored.
public struct BatchOptions: Sendable {
  /// Rows of one request.
  public var rowsPerRequest = 256
  /// Requests on their way at a time.
  public var requestsInFlight = 4
  /// Whether each answer becomes a case of the ledger.
  public var keepsCases = true
  /// Rows at the beginning that were done before.
  public var skipping = 0

  public init() {}
}

extension Workspace {
  /// Answers of 500 to one request of a batch after which its rows are no longer looked at one by one.
  private static let tries = 32

  /// Scores every row of a file, some requests at a time, and hands the results over in the file's order.
  ///
  /// A row that cannot be used, or that the service refuses, is handed over with the reason, and the others go on. The
  /// batch ends at once, after handing over what is done, when the service cannot be reached.
  public func score(
    _ reader: RowReader, model: ModelID, options: BatchOptions = BatchOptions(),
    deliver: ([BatchRow]) throws(Problem) -> Void
  ) async throws(Problem) {
    let signature = try await signature(of: model)
    var pieces: [Int: BatchPiece] = [:]
    var started = 0
    var delivered = 0
    var hasEnded = false
    var readFault: Problem?
    var failure: Problem?
    await withTaskGroup(of: BatchPiece.self) { group in
      while true {
        while !hasEnded, started - delivered < options.requestsInFlight {
          let chunk = Self.chunk(reader, signature, options)
          readFault = chunk.fault
          hasEnded = chunk.hasEnded
          if chunk.rows.isEmpty { continue }
          let index = started
          started += 1
          group.addTask { await self.score(chunk.rows, at: index, model, signature, options) }
        }
        guard let piece = await group.next() else { return }
        pieces[piece.index] = piece
        while let next = pieces.removeValue(forKey: delivered) {
          delivered += 1
          do throws(Problem) {
            if let problem = next.failure { throw problem }
            // Here, not in the tasks, so that the cases are numbered in the file's order.
            let rows = try await kept(next.outcomes, options)
            if !rows.isEmpty { try deliver(rows) }
          } catch {
            failure = error
            group.cancelAll()
            return
          }
        }
      }
    }
    if let failure = failure ?? readFault { throw failure }
  }

  /// Scores and explains the next row of a file; nil at its end.
  public func explainNext(of reader: RowReader, model: ModelID) async throws(Problem) -> BatchRow? {
    guard let row = try reader.next() else { return nil }
    let signature = try await signature(of: model)
    switch row.prepared(for: signature) {
    case .failure(let fault): return .rejected(row: row.number, reason: fault.reason, text: row.text)
    case .success(let prepared):
      var tries = 0
      let rows = try await kept(outcomes(of: [prepared], model, signature, tries: &tries), BatchOptions())
      guard case .scored(let number, let made) = rows.first else { return rows.first }
      return .scored(row: number, try await explain(made.id))
    }
  }

  private static func chunk(_ reader: RowReader, _ signature: Signature, _ options: BatchOptions) -> BatchChunk {
    var chunk = BatchChunk()
    do throws(Problem) {
      while chunk.rows.count < options.rowsPerRequest {
        guard let row = try reader.next() else {
          chunk.hasEnded = true
          break
        }
        if row.number <= options.skipping { continue }
        chunk.rows.append(
          row.prepared(for: signature).mapError { fault in
            RejectedRow(row: row.number, reason: fault.reason, text: row.text)
          })
      }
    } catch {
      chunk.fault = error
      chunk.hasEnded = true
    }
    return chunk
  }

  private func score(
    _ chunk: [Result<PreparedRow, RejectedRow>], at index: Int, _ model: ModelID, _ signature: Signature,
    _ options: BatchOptions
  ) async -> BatchPiece {
    var piece = BatchPiece(index: index)
    var rows: [PreparedRow] = []
    for row in chunk {
      switch row {
      case .success(let row): rows.append(row)
      case .failure(let rejected): piece.outcomes.append(.rejected(rejected.batchRow))
      }
    }
    do throws(Problem) {
      var tries = Self.tries
      piece.outcomes += try await outcomes(of: rows[...], model, signature, tries: &tries)
    } catch {
      piece.failure = error
    }
    return piece
  }

  /// What the service answers to rows. Where it refuses them, halves are tried, until the rows that it refuses are
  /// found: a refusal says that nothing was done, so that nothing is done twice. A 500, which many servers answer to a
  /// mistake in one row, is tried so only as often as `tries` allows: it may be the server that is broken.
  private func outcomes(
    of rows: ArraySlice<PreparedRow>, _ model: ModelID, _ signature: Signature, tries: inout Int
  ) async throws(Problem) -> [BatchOutcome] {
    guard !rows.isEmpty else { return [] }
    let started = Machine.now
    let name = contextName
    do throws(DeploymentError) {
      let predictions = try await service.infer(
        model, records: rows.map(\.record), signature: signature, call: call(), acceptsUnknownCategories: true)
      let latency = predictions.first?.latency
      try? await onLedger { ledger throws(LedgerError) in
        try ledger.noteCall(model.name, context: name, at: started, milliseconds: latency)
      }
      return zip(rows, predictions).map { row, prediction in
        .scored(row: row.number, newCase(row, prediction, model, at: row.at ?? started))
      }
    } catch {
      guard error.isRefusal else { throw error.problem }
      if !error.isCertain { tries -= 1 }
      guard rows.count > 1, tries > 0 else {
        let problem = error.problem
        let words = error.words.map { ": " + $0 } ?? ""
        return rows.map { row in
          .rejected(.rejected(row: row.number, reason: problem.summary + words, text: row.text))
        }
      }
      let middle = rows.startIndex + rows.count / 2
      let first = try await outcomes(of: rows[..<middle], model, signature, tries: &tries)
      return try await first + outcomes(of: rows[middle...], model, signature, tries: &tries)
    }
  }

  private func newCase(_ row: PreparedRow, _ prediction: Prediction, _ model: ModelID, at: Timestamp) -> Case {
    let recordID = RecordIdentity.of(row.record, sourceID: row.sourceID)
    return Case(
      id: CaseIdentity.of(record: recordID, service: contextName, model: model), recordID: recordID, number: 0,
      at: at, sourceID: row.sourceID, model: model, record: row.record, prediction: prediction)
  }

  /// Makes cases of what was scored, and puts all rows in order.
  private func kept(_ outcomes: [BatchOutcome], _ options: BatchOptions) async throws(Problem) -> [BatchRow] {
    var rows = outcomes.compactMap(\.rejected)
    let scored = outcomes.compactMap(\.scored)
    if options.keepsCases, !scored.isEmpty {
      let name = contextName
      let kept = try await onLedger { ledger throws(LedgerError) in
        try ledger.store(scored.map(\.case), service: name, context: name)
      }
      rows += zip(scored, kept).map { .scored(row: $0.row, $1) }
    } else {
      rows += scored.map { .scored(row: $0.row, $0.case) }
    }
    return rows.sorted { $0.row < $1.row }
  }
}

/// A request's worth of rows, as they were read.
private struct BatchChunk {
  var rows: [Result<PreparedRow, RejectedRow>] = []
  var hasEnded = false
  /// Why the file cannot be read on.
  var fault: Problem?
}

/// A request's worth of rows, as they came back.
private struct BatchPiece: Sendable {
  var index: Int
  var outcomes: [BatchOutcome] = []
  var failure: Problem?
}

private struct RejectedRow: Error {
  var row: Int
  var reason: String
  var text: RawText

  var batchRow: BatchRow { .rejected(row: row, reason: reason, text: text) }
}

private struct ScoredRow: Sendable {
  var row: Int
  var `case`: Case
}

private enum BatchOutcome: Sendable {
  case scored(ScoredRow)
  case rejected(BatchRow)

  static func scored(row: Int, _ current: Case) -> BatchOutcome { .scored(ScoredRow(row: row, case: current)) }

  var scored: ScoredRow? { if case .scored(let row) = self { row } else { nil } }
  var rejected: BatchRow? { if case .rejected(let row) = self { row } else { nil } }
}

extension DeploymentError {
  /// Whether rows, not the service, are at fault.
  fileprivate var isRefusal: Bool {
    switch reason {
    case .status(400, _), .status(413, _), .status(422, _), .status(500, _), .invalid, .unsendable, .mixedRecords: true
    default: false
    }
  }

  /// Whether it is sure that the service did nothing with the rows; after a 500 it is not.
  fileprivate var isCertain: Bool {
    if case .status(500, _) = reason { false } else { true }
  }

  /// The service's own words.
  fileprivate var words: String? {
    guard case .status(_, let message) = reason, !message.isEmpty else { return nil }
    return message.string
  }
}
