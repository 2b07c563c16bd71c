internal import Deployment
internal import Domain
internal import Ledger
internal import Workbench

/// One file on its way through a model: reads it, keeps as many requests in flight as the pace says, and hands over
/// what became of the rows in the file's order. It is used by one task.
final class BatchRun {
  typealias Deliver = (BatchPart) throws(Problem) -> Void
  typealias Report = (BatchProgress) -> Void

  /// Bytes of rows that may be held at a time, and in one request.
  private static let mostBytes = 64 << 20
  private static let mostBytesOfRequest = 4 << 20
  /// Pieces that are worked on here beside those that are on their way.
  private static let spare = 2
  /// How long a busy service is waited for: before its first answer, and later. In seconds.
  private static let patience = (first: 30.0, later: 300.0)

  private enum Step: Sendable {
    case back(BatchPiece)
    case rested
  }

  let asker: BatchAsker
  let reader: RowReader
  let options: BatchOptions
  private var pace: BatchPace
  /// Pieces that were begun, and those that were handed over.
  private var started = 0
  private var delivered = 0
  /// Pieces that are on their way, or worked on here.
  private var begun = 0
  private var isResting = false
  /// Pieces that came back before those that stand before them in the file.
  private var waiting: [Int: BatchPiece] = [:]
  /// Pieces that the service was too busy to take.
  private var again: [BatchPiece] = []
  private var hasEnded = false
  private var isStopping = false
  private var readFault: Problem?
  private var lateInARow = 0
  private var lastAnswer: Double?
  private let began = Machine.monotonicSeconds
  private var calls: [BatchPiece.Call] = []
  private var notedAt = Machine.monotonicSeconds
  private var meter: BatchMeter
  private var bytesHeld = 0
  /// Rows in memory, and the most that there ever were.
  private var rowsHeld = 0
  private(set) var mostRowsHeld = 0

  var latencies: LatencyHistogram { meter.latencies }
  var progress: BatchProgress { meter.progress }

  init(_ asker: BatchAsker, _ reader: RowReader, _ options: BatchOptions) {
    self.asker = asker
    self.reader = reader
    self.options = options
    pace = BatchPace(
      requestsInFlight: options.requestsInFlight, rowsPerRequest: reader.holdsRequests ? 1 : options.rowsPerRequest)
    meter = BatchMeter(options, at: began)
  }

  /// Ends when the file does, or at once, after handing over what is done before it, when the service fails.
  func run(deliver: Deliver, report: Report) async throws(Problem) {
    var failure: Problem?
    await withTaskGroup(of: Step.self) { group in
      while true {
        begin(&group)
        if isStopping {
          await asker.gate.close()
        } else {
          let mayLeave = Machine.monotonicSeconds >= pace.resumesAt
          await asker.gate.set(limit: mayLeave ? pace.requestsInFlight : 0)
        }
        guard let step = await group.next() else { return }
        switch step {
        case .rested: isResting = false
        case .back(let piece): await back(piece)
        }
        do throws(Problem) {
          try await handOver(deliver)
        } catch {
          failure = error
          await asker.gate.close()
          group.cancelAll()
          return
        }
        report(meter.report(pace, at: Machine.monotonicSeconds))
      }
    }
    await note()
    if let failure = failure ?? readFault { throw failure }
    if isStopping { throw Problem("The batch was stopped.") }
  }

  // MARK: Sending

  private func begin(_ group: inout TaskGroup<Step>) {
    let now = Machine.monotonicSeconds
    if Task.isCancelled { isStopping = true }
    if now < pace.resumesAt, !isStopping {
      guard !isResting else { return }
      isResting = true
      let pause = pace.resumesAt - now
      group.addTask {
        try? await Task.sleep(for: .seconds(pause))
        return .rested
      }
      return
    }
    // Some are made ready or read while others are on their way: the gate counts those.
    while begun < pace.requestsInFlight + BatchRun.spare, let piece = next() {
      begun += 1
      let asker = asker
      group.addTask { .back(await asker.ask(piece)) }
    }
  }

  /// What is to be sent next: first what was refused. Nil where there is nothing, or no room for more.
  private func next() -> BatchPiece? {
    if isStopping { return nil }
    if !again.isEmpty { return again.removeFirst() }
    let room = 2 * pace.requestsInFlight
    guard !hasEnded, started - delivered < room, rowsHeld + pace.rowsPerRequest <= room * pace.rowsPerRequest,
      bytesHeld < BatchRun.mostBytes
    else { return nil }
    let (rows, size) = read()
    guard let first = rows.first else { return nil }
    let piece = BatchPiece(
      index: started, rowCount: rows.count, size: size, end: reader.offset,
      work: reader.holdsRequests ? .request(first) : .read(rows))
    started += 1
    rowsHeld += rows.count
    mostRowsHeld = max(mostRowsHeld, rowsHeld)
    bytesHeld += size
    return piece
  }

  /// The rows of the next request.
  private func read() -> (rows: [FileRow], size: Int) {
    var rows: [FileRow] = []
    var size = 0
    do throws(Problem) {
      while rows.count < pace.rowsPerRequest, size < BatchRun.mostBytesOfRequest {
        guard let row = try reader.next() else {
          hasEnded = true
          try checkEnd()
          break
        }
        if row.number <= options.earlier.done {
          try check(row)
          continue
        }
        size += row.text.bytes.count
        rows.append(row)
        lastRow = row.number
      }
    } catch {
      readFault = error
      hasEnded = true
    }
    return (rows, size)
  }

  private var lastRow = 0
  /// The failure that ended it, the first that came.
  private var cause: Problem?

  // MARK: Coming back

  private func back(_ piece: BatchPiece) async {
    var piece = piece
    let now = Machine.monotonicSeconds
    begun -= 1
    if let refusal = piece.refusal {
      pace.refused(sent: piece.sent, retryAfter: refusal.retryAfter, at: now)
      let patience = lastAnswer == nil ? BatchRun.patience.first : BatchRun.patience.later
      guard max(now, pace.resumesAt) - (lastAnswer ?? began) > patience else {
        again.append(piece)
        again.sort { $0.index < $1.index }
        return
      }
      piece.failure = refusal.problem
      piece.close(keepsCases: options.keepsCases)
    } else if let lateness = piece.lateness {
      pace.timedOut(sent: piece.sent, at: now)
      lateInARow += 1
      // One request may have been too much; several say that nothing is answered any more.
      if lateInARow > 2 {
        piece.failure = lateness
        piece.outcomes = []
        piece.part = BatchPart()
      }
    } else if piece.failure == nil, !piece.calls.isEmpty {
      lateInARow = 0
      lastAnswer = now
      let milliseconds = piece.calls.compactMap(\.milliseconds).reduce(0, +)
      pace.answered(rows: piece.rowCount, after: milliseconds / 1000, at: now)
    }
    if let failure = piece.failure {
      if cause == nil { cause = failure }
      isStopping = true
    }
    for milliseconds in piece.calls.compactMap(\.milliseconds) { meter.latencies.add(seconds: milliseconds / 1000) }
    calls += piece.calls
    if now - notedAt > 1 { await note() }
    waiting[piece.index] = piece
  }

  /// Hands over what is complete, in the file's order.
  private func handOver(_ deliver: Deliver) async throws(Problem) {
    while var piece = waiting.removeValue(forKey: delivered) {
      delivered += 1
      rowsHeld -= piece.rowCount
      bytesHeld -= piece.size
      if options.keepsCases { try await keep(&piece) }
      if !piece.part.isEmpty { try deliver(piece.part) }
      meter.add(piece.part, end: piece.end, at: Machine.monotonicSeconds)
      // What was cancelled because of another failure does not say why.
      if let problem = piece.failure { throw cause ?? problem }
    }
  }

  /// Makes cases of what was scored: here, not in the tasks, so that they are numbered in the file's order.
  private func keep(_ piece: inout BatchPiece) async throws(Problem) {
    let cases = piece.outcomes.compactMap { outcome in
      if case .scored(_, let made, _) = outcome { made } else { nil }
    }
    if !cases.isEmpty {
      let (name, service) = (asker.workspace.contextName, asker.workspace.serviceName)
      let kept = try await asker.workspace.onLedger { ledger throws(LedgerError) in
        try ledger.store(cases, service: service, context: name)
      }
      var next = kept.makeIterator()
      for (place, outcome) in piece.outcomes.enumerated() {
        guard case .scored(let row, _, let id) = outcome, let made = next.next() else { continue }
        piece.outcomes[place] = .scored(row: row, made, id: id)
      }
    }
    piece.finish()
    piece.part.apart = cases.count - piece.part.cases.count
  }

  private func note() async {
    notedAt = Machine.monotonicSeconds
    guard !calls.isEmpty else { return }
    let noted = calls.map { ($0.at, $0.milliseconds) }
    calls = []
    let (name, model) = (asker.workspace.contextName, asker.model.name)
    try? await asker.workspace.onLedger { ledger throws(LedgerError) in
      try ledger.noteCalls(noted.map { (at: $0.0, milliseconds: $0.1) }, of: model, context: name)
    }
  }

  // MARK: Whether it is the file that was begun

  private func check(_ row: FileRow) throws(Problem) {
    lastRow = row.number
    guard let sample = options.earlier.samples[row.number] else { return }
    let isSame: Bool
    if sample["reason"] != nil {
      isSame = sample["text"]?.string == row.text.string
    } else {
      isSame = asker.makes(sample["case"]?.text, of: row, isRequest: reader.holdsRequests)
    }
    guard !isSame else { return }
    throw Problem(
      "Row \(row.number) of \(reader.name) is another one than the output has.",
      advice: "Go on with the file that was begun, its model and its context, or give another --output.",
      kind: .invalidInput)
  }

  private func checkEnd() throws(Problem) {
    guard lastRow < options.earlier.done else { return }
    throw Problem(
      "\(reader.name) has \(lastRow) rows, and the output \(options.earlier.done).",
      advice: "Go on with the file that was begun, or give another --output.", kind: .invalidInput)
  }
}
