internal import Alibi
internal import Deployment
public import Domain
internal import Feedback
internal import Ledger
public import Workbench

/// What is heard while windows are compared.
enum DriftNews: Sendable {
  /// The windows as the ledger has them, before anything is asked.
  case known(DriftScreen.Content)
  /// The service has answered.
  case answered
}

extension Workspace {
  /// Days of windows that the drift screen shows.
  private static let days = 7

  /// The windows of a model up to now: from the ledger where they were computed with as many cases, else by the
  /// model's own detector, which is called only when it keeps no state between calls. Where it does not answer, the
  /// windows that are known come with why.
  public func drift(
    of model: ModelID, width: WindowWidth
  ) async throws(Problem) -> (content: DriftScreen.Content, problem: Problem?) {
    try await drift(of: model, width: width) { _ in }
  }

  func drift(
    of model: ModelID, width: WindowWidth, hear: (DriftNews) -> Void
  ) async throws(Problem) -> (content: DriftScreen.Content, problem: Problem?) {
    let end = Machine.now.aligned(toSeconds: width.seconds).advanced(bySeconds: Double(width.seconds))
    let start = end.advanced(bySeconds: -Double(Self.days) * 86_400)
    let (seconds, name) = (width.seconds, contextName)
    let kept = try await studied { events, _ in
      KeptWindows(
        records: try events.records(of: model, context: name, from: start, before: end).map {
          TimedRecord(at: $0.at, record: $0.record)
        },
        known: try events.windows(of: model, context: name, width: seconds, from: start, before: end))
    }
    let byWindow = Dictionary(grouping: kept.records) { $0.at.aligned(toSeconds: seconds) }
    let windows = Self.windows(of: model, from: byWindow.keys.min() ?? start, to: end, byWindow, kept.known, width)
    let cases = try await studied { events, _ in
      try events.summaries(
        CaseFilter(context: name, model: model.name, version: model.version, from: start, before: end), limit: 200_000)
    }
    let casesByWindow = Dictionary(grouping: cases) { $0.at.aligned(toSeconds: seconds) }
    var content = DriftScreen.Content(
      model: model, windows: windows, reference: nil,
      outlierShares: windows.map { Self.outlierShare(of: casesByWindow[$0.from] ?? []) },
      answers: windows.map { Self.answers(of: casesByWindow[$0.from] ?? []) })
    content.take(knownDetector(of: model))
    hear(.known(content))
    let detector = try await driftDetector(of: model, hear: hear)
    content.take(detector)
    var problem: Problem?
    for index in windows.indices where problem == nil && windows[index].isUntested {
      guard let detector else { break }
      do {
        let records = byWindow[windows[index].from]?.map(\.record) ?? []
        content.windows[index].result = try await result(of: records, detector: detector)
        hear(.answered)
      } catch {
        problem = error
      }
      let computed = content.windows[index]
      if computed.result != nil {
        try await onLedger { ledger throws(LedgerError) in try ledger.put([computed], context: name) }
      }
    }
    content.windows = await completed(content.windows, by: detector?.description.id, width: width)
    return (content, problem ?? (detector == nil ? ailment(ofDetectorsOf: model) : nil))
  }

  /// Why the model's detector says nothing of itself: what lists it knows that it is not ready.
  private func ailment(ofDetectorsOf model: ModelID) -> Problem? {
    guard let group = knownGroup(of: model.name),
      let detector = group.attendants.first(where: { $0.state != .ready && group.driftDetectors.contains($0.id) })
    else { return nil }
    return Problem(
      detector.standing, advice: "`mds models` says when it is ready; who runs the service can mend it.")
  }

  /// The windows without gaps, each with its result where that was computed with as many cases.
  private static func windows(
    of model: ModelID, from start: Timestamp, to end: Timestamp, _ records: [Timestamp: [TimedRecord]],
    _ known: [Window], _ width: WindowWidth
  ) -> [Window] {
    let known = Dictionary(known.map { ($0.from, $0) }) { first, _ in first }
    var windows: [Window] = []
    var from = start
    while from < end {
      var window = Window(
        model: model, from: from, to: from.advanced(bySeconds: Double(width.seconds)),
        count: records[from]?.count ?? 0)
      if window.count >= Window.smallestCount, let known = known[from], known.count == window.count {
        window.result = known.result
      }
      windows.append(window)
      from = window.to
    }
    return windows
  }

  /// The share of flagged cases among those that a detector has scored; nil where these are too few to say anything.
  private static func outlierShare(of cases: [CaseSummary]) -> Double? {
    let scored = cases.filter { $0.isOutlier || $0.outlyingness > 0 }
    guard scored.count >= Window.smallestCount else { return nil }
    return Double(scored.count(where: \.isOutlier)) / Double(scored.count)
  }

  private static func answers(of cases: [CaseSummary]) -> [RawText: Int] {
    Dictionary(cases.map { ($0.label, 1) }, uniquingKeysWith: +)
  }

  /// The cases of a window, those that show a feature's drift first.
  public func windowCases(
    of model: ModelID, from: Timestamp, to: Timestamp, feature: RawText?
  ) async throws(Problem) -> [ShortHash] {
    let name = contextName
    let cases = try await studied { events, _ in
      try events.cases(
        CaseFilter(context: name, model: model.name, version: model.version, from: from, before: to), limit: 5000)
    }
    // By what is remembered of the detector: whoever opens a case does not wait for a service.
    guard let feature, let detector = knownDetector(of: model) else { return cases.map(\.id) }
    let comparison = WindowComparison(reference: detector.published?.reference, signature: detector.signature)
    return comparison.ordered(cases, by: feature).map(\.id)
  }

  /// The model's detector as it was read last; nothing is asked.
  private func knownDetector(of model: ModelID) -> Detector? {
    guard let signature = knownDescription(of: model)?.signature else { return nil }
    let known = (knownGroup(of: model.name)?.driftDetectors ?? []).compactMap { knownDescription(of: $0) }
    // The one that publishes what it compares with, where there are several.
    let published = known.map { ($0, (try? $0.reference()) ?? nil) }
    guard let (description, reference) = published.first(where: { $0.1 != nil }) ?? published.first else { return nil }
    return Detector(description: description, published: reference, signature: signature)
  }

  private func driftDetector(
    of model: ModelID, hear: (DriftNews) -> Void
  ) async throws(Problem) -> Detector? {
    if knownGroup(of: model.name) == nil {
      _ = try await models()
      hear(.answered)
    }
    guard let id = try await driftDetectorID(of: model), let description = await newest(id),
      let signature = await newest(model)?.signature
    else { return nil }
    do {
      return Detector(description: description, published: try description.reference(), signature: signature)
    } catch {
      throw Problem("The reference of \(id.name.string) cannot be read", detail: error.text)
    }
  }

  /// The first detector that may be asked, else the first: what it publishes is of use all the same.
  private func driftDetectorID(of model: ModelID) async throws(Problem) -> ModelID? {
    let detectors = knownGroup(of: model.name)?.driftDetectors ?? []
    for id in detectors {
      if let description = await newest(id), await use(of: description).mayBeAsked { return id }
    }
    return detectors.first
  }

  /// A model's metadata as the service has it, or as it was read last.
  private func newest(_ model: ModelID) async -> ModelDescription? {
    if let fresh = try? await description(of: model) { return fresh }
    return knownDescription(of: model)
  }

  private func result(of records: [Record], detector: Detector) async throws(Problem) -> Window.Result? {
    // A detector that keeps state would answer the next call differently: it is not called unasked.
    guard await use(of: detector.description).mayBeAsked else { throw Self.waits(detector.description.id) }
    let answer: DriftAnswer
    do {
      answer = try await service.drift(detector.description, records: records, call: call())
    } catch {
      await learn(of: detector.description.id)
      throw error.problem
    }
    await learn(of: detector.description.id)
    return detector.result(of: answer, records: records)
  }
}

extension DriftScreen.Content {
  /// What the windows are compared with.
  fileprivate mutating func take(_ detector: Detector?) {
    reference = detector?.published?.reference
    referenceSource = detector.map { $0.description.id.name.string } ?? ""
  }
}

extension Window {
  /// Whether there are cases enough for a test, and no result.
  fileprivate var isUntested: Bool { result == nil && count >= Window.smallestCount }
}

private struct KeptWindows: Sendable {
  var records: [TimedRecord]
  var known: [Window]
}

private struct TimedRecord: Sendable {
  var at: Timestamp
  var record: Record
}

/// A model's drift detector with what it publishes.
struct Detector: Sendable {
  var description: ModelDescription
  var published: PublishedReference?
  /// The model's signature, by which the records of a window are binned.
  var signature: Signature

  /// A detector's answer on a window's rows, feature by feature.
  func result(of answer: DriftAnswer, records: [Record]) -> Window.Result {
    let reference = published?.reference
    let comparison = WindowComparison(reference: reference, signature: signature)
    return Window.Result(
      source: .detector, detector: description.id,
      method: published.map(\.method).flatMap { $0.isEmpty ? nil : $0 } ?? answer.method,
      correction: RawText((published?.correction.string ?? "bonferroni").capitalizedFirst),
      threshold: answer.threshold, referenceCount: reference?.count ?? 0, isDrift: answer.isDrift,
      features: comparison.features(of: answer, records: records))
  }
}

extension String {
  fileprivate var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
