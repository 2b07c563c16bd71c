internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
internal import Sync
public import Workbench

/// How taking a queue went.
public struct TakingTally: Sendable {
  public var queue: TakenOrder
  /// Records of the queue that are cases here now, those of before among them.
  public var cases = 0
  /// Records that could not be used, by their line, and why.
  public var setAside: [(line: Int, reason: String)] = []
  /// Cases that have no explanation although their model has explainers, and the first reason.
  public var unexplained = 0
  public var why: Problem?
}

extension Workspace {
  private static let stopped = Problem("Taking the queue was stopped.", advice: "It goes on where it was left.")

  private static let otherRecordOfQueue = "its id is another record's, which you judged or which stands before it"

  /// Records of a queue that become cases in one transaction.
  private static let takenAtOnce = 20

  /// Cases whose explainers are asked at the same time: an explainer asks the model for hundreds of answers itself.
  private static let explainedAtOnce = 4

  /// Cases after which it is said how far it is.
  private static let explainedBetweenReports = 8

  /// Brings a queue that researchers published into the ledger, to be reviewed without the network: its records, what the
  /// model answers where the researchers' file does not say, and why. What was cut short goes on where it was left.
  /// Progress counts each record twice: when it is a case, and when it is explained.
  public func take(
    _ id: RawText, progress: @escaping @Sendable (_ done: Int, _ of: Int) -> Void = { _, _ in }
  ) async throws(Problem) -> TakingTally {
    let (item, queue) = try await publishedQueue(id)
    let name = contextName
    let lines = try await content(of: queue)
    let now = Machine.now
    let known = try await onLedger { ledger throws(LedgerError) in
      try ledger.beginTaking(id, name: item.name, queue, context: name, at: now)
      return try ledger.takenPositions(of: id, context: name)
    }
    var tally = TakingTally(queue: TakenOrder(id: id, name: item.name))
    let waiting = lines.enumerated().filter { !known.contains($0.offset + 1) }
    var done = known.count
    progress(done, 2 * lines.count)
    for start in stride(from: 0, to: waiting.count, by: Self.takenAtOnce) {
      if Task.isCancelled { throw Self.stopped }
      let batch = waiting[start..<min(start + Self.takenAtOnce, waiting.count)]
      try await take(batch.map { ($0.offset + 1, $0.element) }, of: queue, into: id, &tally)
      done += batch.count
      progress(done, 2 * lines.count)
    }
    try await explain(id, &tally, progress: progress)
    let finished = Machine.now
    // Two lines with the same record are one case.
    tally.cases = try await onLedger { ledger throws(LedgerError) in
      try ledger.finishTaking(id, context: name, at: finished)
      return try ledger.takenQueues(context: name).first { $0.id == id }?.cases ?? 0
    }
    return tally
  }

  private func publishedQueue(_ id: RawText) async throws(Problem) -> (InboxItem, PublishedQueue) {
    let found = try await onLedger { ledger throws(LedgerError) in try ledger.inboxItem(id) }
    guard let found, found.kind == InboxKind.queue.text else {
      throw Problem(
        "No queue of the researchers' has this identity.", advice: "mds pull lists them.", kind: .invalidInput)
    }
    do {
      return (found, try found.decoded(PublishedQueue.self))
    } catch {
      throw Problem(
        "The queue \(found.name.string) cannot be read.", advice: "Tell the researchers; a later mds may know it.",
        detail: error.reason, kind: .invalidInput)
    }
  }

  /// The lines of a queue's file, from the collector where they are not here yet.
  private func content(of queue: PublishedQueue) async throws(Problem) -> [[UInt8]] {
    let hash = queue.content
    if let bytes = try await onLedger({ ledger throws(LedgerError) in try ledger.blob(hash) }) {
      return Self.lines(bytes)
    }
    guard let link = try await collectorLink() else {
      throw Problem(
        "No collector: the queue's records cannot be fetched.",
        advice: "mds connect URL --token-file FILE enrols this ledger at the researchers' collector.")
    }
    let bytes: [UInt8]
    do {
      bytes = try await link.blobs.fetch(hash, bytes: queue.bytes)
    } catch {
      throw error.problem
    }
    try await onLedger { ledger throws(LedgerError) in _ = try ledger.putBlob(bytes) }
    return Self.lines(bytes)
  }

  private static func lines(_ bytes: [UInt8]) -> [[UInt8]] {
    bytes.split(separator: UInt8(ascii: "\n")).map(Array.init)
  }

  private func take(
    _ lines: [(Int, [UInt8])], of queue: PublishedQueue, into id: RawText, _ tally: inout TakingTally
  ) async throws(Problem) {
    var taken: [TakenCase] = []
    var silent: [ReadLine] = []
    for (number, bytes) in lines {
      do throws(RowFault) {
        let read = try await self.read(bytes, number, of: queue)
        if read.isAnswered {
          taken.append(TakenCase(read, newCase(read.record, read.prediction)))
        } else {
          silent.append(read)
        }
      } catch {
        // Another time the line will do.
        if let obstacle = error.obstacle { throw obstacle }
        tally.setAside.append((number, error.reason))
      }
    }
    for model in Set(silent.map(\.prediction.model)) {
      let asked = silent.filter { $0.prediction.model == model }
      for (line, answer) in zip(asked, try await answers(to: asked, of: model)) {
        switch answer {
        case .success(let made): taken.append(TakenCase(line, made))
        case .failure(let problem): tally.setAside.append((line.number, problem.summary))
        }
      }
    }
    guard !taken.isEmpty else { return }
    let (name, service) = (contextName, serviceName)
    let cases = taken
    let leftOut = try await onLedger { ledger throws(LedgerError) in
      try ledger.take(cases.map { ($0.item, $0.case) }, into: id, service: service, context: name)
    }
    for line in leftOut { tally.setAside.append((line, Self.otherRecordOfQueue)) }
  }

  /// Reads a line; outputs alone are read by the model's signature.
  private func read(_ bytes: [UInt8], _ number: Int, of queue: PublishedQueue) async throws(RowFault) -> ReadLine {
    let (line, given) = try RowFault.reading { () throws(EventBodyError) in
      let line = try QueueLine(bytes: bytes, of: queue.model)
      return (line, try ReadPrediction(line.json, model: queue.model.name, at: Machine.now, needsAnswer: false))
    }
    var read = given
    read.model = line.model
    read.sourceID = line.sourceID
    var isAnswered = true
    if case .opaque = read.prediction.answer {
      isAnswered = !read.prediction.outputs.isEmpty
      if isAnswered, let signature = try? await signature(of: read.model) {
        read.prediction.answer = Prediction.answer(of: read.prediction.outputs, signature: signature)
      }
    }
    return ReadLine(
      number: number, line: line, prediction: read, record: try await record(of: read), isAnswered: isAnswered)
  }

  /// Asks the model about records in one request, and one by one where it does not take them together. A service that
  /// cannot be reached ends it.
  private func answers(
    to lines: [ReadLine], of model: ModelID
  ) async throws(Problem) -> [Result<Case, Problem>] {
    let target = model.version == nil ? try await self.model(named: model.name.string).id : model
    do throws(Problem) {
      let made = try await score(
        lines.map(\.record), model: target, at: lines.map(\.prediction.at),
        sourceIDs: lines.map(\.prediction.sourceID))
      return made.map { .success($0) }
    } catch {
      guard error.kind != .unreachable else { throw error }
      guard lines.count > 1 else { return [.failure(error)] }
    }
    var results: [Result<Case, Problem>] = []
    for one in lines { results += try await answers(to: [one], of: target) }
    return results
  }

  /// Asks for the explanations that the cases of a queue lack. A case without one can be judged all the same.
  private func explain(
    _ id: RawText, _ tally: inout TakingTally, progress: @escaping @Sendable (Int, Int) -> Void
  ) async throws(Problem) {
    let name = contextName
    let open = try await onLedger { ledger throws(LedgerError) in
      try ledger.openItems(of: id, context: name, limit: QueueLine.most).map(\.caseID)
    }
    for start in stride(from: 0, to: open.count, by: Self.explainedBetweenReports) {
      if Task.isCancelled { throw Self.stopped }
      let unexplained = try await lacksExplanation(open[start..<min(start + Self.explainedBetweenReports, open.count)])
      // Where the service is gone, once is enough.
      guard tally.why?.kind != .unreachable else {
        tally.unexplained += unexplained.count
        continue
      }
      let problems = await concurrently(unexplained, limit: Self.explainedAtOnce) { caseID -> Problem? in
        do throws(Problem) {
          _ = try await self.explain(caseID)
          return nil
        } catch {
          return error
        }
      }
      for problem in problems.compactMap(\.self) {
        tally.unexplained += 1
        tally.why = tally.why ?? problem
      }
      progress(open.count + min(start + Self.explainedBetweenReports, open.count), 2 * open.count)
    }
  }

  /// Those of the cases that something could explain and nothing has.
  private func lacksExplanation(_ ids: some Sequence<ShortHash>) async throws(Problem) -> [ShortHash] {
    var found: [ShortHash] = []
    for id in ids {
      guard let current = try await self.case(id), current.explanations.isEmpty else { continue }
      // Whoever knows that nothing explains the model does not ask.
      if let group = knownGroup(of: current.model.name), group.explainers.isEmpty { continue }
      found.append(id)
    }
    return found
  }
}

/// A line of a queue's file that can be used.
private struct ReadLine: Sendable {
  /// From 1 on.
  var number: Int
  var line: QueueLine
  var prediction: ReadPrediction
  var record: Record
  /// Whether it says what the model answered.
  var isAnswered: Bool
}

private struct TakenCase: Sendable {
  var item: TakenQueue.Item
  var `case`: Case

  init(_ read: ReadLine, _ made: Case) {
    item = TakenQueue.Item(
      position: read.number, caseID: made.id, score: read.line.score, propensity: read.line.propensity)
    self.case = made
  }
}
