internal import Deployment
public import Domain
internal import Ledger
public import Workbench

/// What a batch came to.
public struct BatchResult: Sendable {
  public var progress: BatchProgress
  public var latencies: LatencyHistogram
  /// The most rows that were in memory at a time.
  public var mostRowsHeld: Int
}

/// A file that was opened to be scored by a model.
public struct BatchInput {
  public let reader: RowReader
  public let model: ModelID
  /// Empty for requests to a model that publishes none.
  let signature: Signature
}

extension Workspace {
  /// Opens a file for a model; what is wrong with its beginning is told before anything is done.
  ///
  /// For whole requests the model's name is enough: it need not be listed, nor say what it wants.
  public func open(
    _ path: String, format: RowFormat? = nil, for name: RawText
  ) async throws(Problem) -> BatchInput {
    let reader = try RowReader(path, format: format)
    var model = ModelID(name)
    var signature = Signature(inputs: [], outputs: [])
    do throws(Problem) {
      model = try await group(of: name).id
      signature = try await self.signature(of: model)
    } catch {
      guard reader.holdsRequests, error.kind != .unreachable else { throw error }
    }
    try reader.begin(for: signature)
    return BatchInput(reader: reader, model: model, signature: signature)
  }

  /// Scores every row of a file, some requests at a time, and hands the results over in the file's order.
  ///
  /// A row that cannot be used, or that the service refuses, is handed over with the reason, and the others go on. What
  /// a busy service did not take is sent again, nothing else is. The batch ends at once, after handing over what is
  /// done, when the service cannot be reached.
  @discardableResult
  public func score(
    _ input: BatchInput, options: BatchOptions = BatchOptions(), deliver: (BatchPart) throws(Problem) -> Void,
    report: (BatchProgress) -> Void = { _ in }
  ) async throws(Problem) -> BatchResult {
    let asker = BatchAsker(
      self, model: input.model, signature: input.signature, keepsCases: options.keepsCases)
    let run = BatchRun(asker, input.reader, options)
    try await run.run(deliver: deliver, report: report)
    return BatchResult(progress: run.progress, latencies: run.latencies, mostRowsHeld: run.mostRowsHeld)
  }

  /// Scores and explains the next row of a file, with what went wrong beside it; nil at its end.
  public func explainNext(
    of reader: RowReader, model: ModelID
  ) async throws(Problem) -> (row: BatchRow, problems: [Problem])? {
    guard !reader.holdsRequests else {
      throw Problem("The input holds requests; explaining takes records.", kind: .invalidInput)
    }
    guard let row = try reader.next() else { return nil }
    let asker = BatchAsker(self, model: model, signature: try await signature(of: model), keepsCases: true)
    let piece = await asker.ask(BatchPiece(index: 0, rowCount: 1, size: 0, end: 0, work: .read([row])))
    if let problem = piece.failure ?? piece.refusal?.problem { throw problem }
    switch piece.outcomes.first {
    case .scored(let number, let made, _):
      let (name, service) = (contextName, serviceName)
      let kept = try await onLedger { ledger throws(LedgerError) in
        try ledger.store([made], service: service, context: name)
      }
      guard kept.first?.number != 0 else {
        return (.rejected(row: number, reason: Self.otherRecord, text: row.text), [])
      }
      do throws(Problem) {
        let (explained, problems) = try await explain(made.id)
        return (.scored(row: number, explained), problems)
      } catch {
        guard error.kind != .unreachable else { throw error }
        return (.scored(row: number, made), [error])
      }
    case .rejected(let rejected):
      return (.rejected(row: rejected.row, reason: rejected.reason, text: rejected.text), [])
    case .answered, nil: return nil
    }
  }
}
