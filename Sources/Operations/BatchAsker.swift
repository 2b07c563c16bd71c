internal import Deployment
internal import Domain
internal import Feedback

/// Asks a model about the pieces of a batch, each in a task of its own.
struct BatchAsker: Sendable {
  /// Answers of 500 to one request of a batch after which its rows are no longer looked at one by one.
  private static let tries = 32

  let workspace: Workspace
  let service: InferenceService
  let gate: RequestGate
  let model: ModelID
  let signature: Signature
  let keepsCases: Bool

  init(_ workspace: Workspace, model: ModelID, signature: Signature, keepsCases: Bool) {
    self.workspace = workspace
    self.model = model
    self.signature = signature
    self.keepsCases = keepsCases
    gate = RequestGate(limit: 1)
    service = workspace.service.through(gate)
  }

  /// The piece with what became of its rows, as far as the service would take them.
  func ask(_ piece: BatchPiece) async -> BatchPiece {
    var piece = piece
    piece.refusal = nil
    switch piece.work {
    case .read(let rows): await ask(prepare(rows, &piece), &piece)
    case .rows(let rows): await ask(rows, &piece)
    case .request(let row): await ask(row, &piece)
    case .nothing: break
    }
    if piece.refusal == nil { piece.close(keepsCases: keepsCases) }
    return piece
  }

  private func prepare(_ rows: [FileRow], _ piece: inout BatchPiece) -> ArraySlice<PreparedRow> {
    var prepared: [PreparedRow] = []
    prepared.reserveCapacity(rows.count)
    for row in rows {
      switch row.prepared(for: signature) {
      case .success(let row): prepared.append(row)
      case .failure(let fault):
        piece.outcomes.append(.rejected(RejectedRow(row: row.number, reason: fault.reason, text: row.text)))
      }
    }
    return prepared[...]
  }

  /// Rows as they can be asked together: those of one form that stand next to each other, so that what is left to ask
  /// stays one run of rows; of a model that takes no batches each alone.
  private func requests(of rows: ArraySlice<PreparedRow>) -> [ArraySlice<PreparedRow>] {
    var requests: [ArraySlice<PreparedRow>] = []
    var start = rows.startIndex
    for index in rows.indices.dropFirst()
    where !signature.isBatched || !rows[index].record.canStand(under: rows[start].record) {
      requests.append(rows[start..<index])
      start = index
    }
    return requests + [rows[start...]]
  }

  /// Asks about rows. Where the service refuses them, halves are tried, until the rows that it refuses are found: a
  /// refusal says that nothing was done, so that nothing is done twice. A 500, which many servers answer to a mistake
  /// in one row, is tried so only a few times: it may be the server that is broken.
  private func ask(_ rows: ArraySlice<PreparedRow>, _ piece: inout BatchPiece) async {
    var tries = BatchAsker.tries
    var latesInARow = 0
    var rest = Array(requests(of: rows).reversed())
    // What is left to ask is one run of rows: the halves lie in it from the last to the first.
    func left(with slice: ArraySlice<PreparedRow>) -> BatchPiece.Work { .rows(rows[slice.startIndex...]) }
    while let slice = rest.popLast() {
      guard !slice.isEmpty else { continue }
      let started = Machine.now
      do throws(DeploymentError) {
        let predictions = try await service.infer(
          model, records: slice.map(\.record), signature: signature, call: workspace.call(keepsRoute: false),
          acceptsUnknownCategories: true, inOneRequest: true)
        latesInARow = 0
        piece.calls.append(BatchPiece.Call(at: started, milliseconds: predictions.first?.latency))
        for (row, prediction) in zip(slice, predictions) {
          let made = workspace.newCase(
            row.record, sourceID: row.sourceID, prediction, of: model, at: row.at ?? started)
          piece.outcomes.append(.scored(row: row.number, made, id: nil))
        }
      } catch {
        if error.isBusy || error.isLate { piece.sent = error.sent(until: Machine.monotonicSeconds) }
        if error.isBusy {
          piece.refusal = BatchPiece.Refusal(problem: error.problem, retryAfter: error.exchange?.retryAfter)
          piece.work = left(with: slice)
          return
        }
        latesInARow = error.isLate ? latesInARow + 1 : 0
        // One request may have been too much; several say that nothing is answered any more.
        if error.isLate, latesInARow <= 2 {
          piece.lateness = error.problem
          reject(slice, error, &piece)
          if !rest.isEmpty { await gate.release() }
          continue
        }
        guard error.isRefusal else {
          piece.failure = error.problem
          piece.work = left(with: slice)
          return
        }
        if !error.isCertain { tries -= 1 }
        if slice.count > 1, tries > 0 {
          let middle = slice.startIndex + slice.count / 2
          rest += [slice[middle...], slice[..<middle]]
        } else {
          reject(slice, error, &piece)
        }
      }
    }
    piece.work = .nothing
  }

  private func reject(_ rows: ArraySlice<PreparedRow>, _ error: DeploymentError, _ piece: inout BatchPiece) {
    let reason = error.reasonWithWords
    for row in rows {
      piece.outcomes.append(.rejected(RejectedRow(row: row.number, reason: reason, text: row.text)))
    }
  }

  // MARK: Requests that others wrote

  private func ask(_ row: FileRow, _ piece: inout BatchPiece) async {
    let request: WrittenRequest
    do throws(WrittenRequest.Fault) {
      request = try WrittenRequest(reading: row.text.bytes)
    } catch {
      piece.outcomes.append(.rejected(RejectedRow(row: row.number, reason: error.reason, text: row.text)))
      piece.work = .nothing
      return
    }
    let started = Machine.now
    do throws(DeploymentError) {
      let prediction = try await service.infer(
        model, request, signature: signature, call: workspace.call(keepsRoute: false))
      piece.calls.append(BatchPiece.Call(at: started, milliseconds: prediction.latency))
      piece.outcomes.append(outcome(row, request, prediction, at: started))
      piece.work = .nothing
    } catch {
      if error.isBusy || error.isLate { piece.sent = error.sent(until: Machine.monotonicSeconds) }
      if error.isBusy {
        piece.refusal = BatchPiece.Refusal(problem: error.problem, retryAfter: error.exchange?.retryAfter)
      } else if error.isLate || error.isRefusal || error.isUnreadable {
        if error.isLate { piece.lateness = error.problem }
        piece.outcomes.append(
          .rejected(RejectedRow(row: row.number, reason: error.reasonWithWords, text: row.text)))
        piece.work = .nothing
      } else {
        piece.failure = error.problem
      }
    }
  }

  private func outcome(
    _ row: FileRow, _ request: WrittenRequest, _ prediction: Prediction, at: Timestamp
  ) -> BatchPiece.Outcome {
    let made = workspace.newCase(
      Record(tensors: request.inputs), sourceID: request.id ?? "", prediction, of: model, at: at)
    if request.record(for: signature) != nil { return .scored(row: row.number, made, id: request.id) }
    return .answered(row: row.number, line: PredictionLine.ofMany(made, row: row.number, id: request.id).serialized)
  }

  // MARK: Whether a file is the one that was begun

  /// Whether a row makes this case: under the service's name, or the context's where it is kept under that.
  func makes(_ id: RawText?, of row: FileRow, isRequest: Bool) -> Bool {
    guard let recordID = recordID(of: row, isRequest: isRequest) else { return id == nil }
    return workspace.everyServiceName.contains { service in
      id?.string == CaseIdentity.of(record: recordID, service: service, model: model).hex
    }
  }

  /// The identity of a row's record; nil where it has none.
  private func recordID(of row: FileRow, isRequest: Bool) -> ShortHash? {
    if isRequest {
      guard let request = try? WrittenRequest(reading: row.text.bytes) else { return nil }
      return RecordIdentity.of(Record(tensors: request.inputs), sourceID: request.id ?? "")
    }
    guard case .success(let prepared) = row.prepared(for: signature) else { return nil }
    return RecordIdentity.of(prepared.record, sourceID: prepared.sourceID)
  }
}
