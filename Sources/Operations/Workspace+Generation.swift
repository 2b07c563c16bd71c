public import Deployment
public import Domain
internal import Feedback
internal import Ledger

extension Workspace {
  /// Asks a model for an answer in pieces and hands each on as it comes; a whole answer becomes a case.
  ///
  /// An answer that breaks off makes none: what came was handed on, and the problem says that it is no whole.
  @discardableResult
  public func generate(
    _ model: ModelID, _ prompt: Prompt, keepsCase: Bool = true,
    piece: (AnswerPiece) async throws(Problem) -> Void
  ) async throws(Problem) -> Case? {
    let signature = try await description(of: model).signature
    let call = call()
    let started = Machine.now
    var gathered = GatheredAnswer()
    var pieces: AnswerStream.Iterator
    do {
      pieces = try service.stream(
        model, record: prompt.record, parameters: prompt.parameters, signature: signature, call: call
      ).makeAsyncIterator()
    } catch {
      throw error.problem
    }
    while let next = try await next(of: &pieces, model, at: started) {
      gathered.take(next)
      try await piece(next)
    }
    guard let prediction = gathered.prediction(of: model, signature: signature, call: call) else {
      throw Problem("\(model.name.string) ended its answer without a piece.")
    }
    guard keepsCase, let kept = try await keep(prediction, of: prompt, model, at: started) else { return nil }
    guard kept.number > 0 else { throw try await notKept(kept) }
    return kept
  }

  private func next(
    of pieces: inout AnswerStream.Iterator, _ model: ModelID, at started: Timestamp
  ) async throws(Problem) -> AnswerPiece? {
    do {
      return try await pieces.next()
    } catch {
      await noteFailure(model, at: started)
      throw error.problem
    }
  }

  private func noteFailure(_ model: ModelID, at started: Timestamp) async {
    let name = contextName
    try? await onLedger { ledger throws(LedgerError) in
      try ledger.noteCall(model.name, context: name, at: started, milliseconds: nil)
    }
  }

  /// Keeps the answer as any other: its case, the input to recall, and how long the call took.
  private func keep(
    _ prediction: Prediction, of prompt: Prompt, _ model: ModelID, at started: Timestamp
  ) async throws(Problem) -> Case? {
    let (name, service) = (contextName, serviceName)
    let made = newCase(prompt.record, sourceID: "", prediction, of: model, at: started)
    let now = Machine.now
    return try await onLedger { ledger throws(LedgerError) in
      try ledger.noteCall(model.name, context: name, at: started, milliseconds: prediction.latency)
      if let values = prompt.values { try ledger.rememberInput(values, model: model, context: name, at: now) }
      return try ledger.store([made], service: service, context: name).first
    }
  }
}
